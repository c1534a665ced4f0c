"""A running explorer for browser tests, and a tab that reports what goes wrong in it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import waitress

from papergraph.service import create_app
from papergraph.settings import Settings

Served = Callable[[Path, str], AbstractContextManager[str]]
"""Of a graph folder and a store, embedded or neo4j, the address of an explorer over it."""


@contextmanager
def serving(location: str, settings: Settings | None = None) -> Iterator[str]:
    """The address of an explorer over a graph folder or a Neo4j address."""
    app = create_app(location, settings)
    running = waitress.create_server(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.effective_port}"
    finally:
        running.close()
        app.config["PAPERGRAPH_ADDER"].close()
        app.config["PAPERGRAPH_STORE"].close()


@contextmanager
def watched(browser: Any, site: str, **options: Any) -> Iterator[Any]:
    """A tab whose console errors, script errors, dialogs and foreign requests fail the test."""
    context = browser.new_context(base_url=site, **options)
    tab = context.new_page()
    problems: list[str] = []
    host = urlsplit(site).netloc
    tab.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    tab.on("pageerror", lambda e: problems.append(str(e)))
    tab.on("dialog", lambda d: (problems.append(f"dialog: {d.message}"), d.dismiss()))
    tab.on(
        "request",
        lambda r: (
            None if urlsplit(r.url).netloc in (host, "") else problems.append(f"left the host: {r.url}")
        ),
    )
    yield tab
    context.close()
    assert not problems
