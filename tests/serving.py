"""A running explorer for browser tests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import waitress

from papergraph.service import create_app
from papergraph.settings import Settings


@contextmanager
def serving(location: str) -> Iterator[str]:
    """The address of an explorer over a graph folder or a Neo4j address."""
    app = create_app(location, Settings())
    running = waitress.create_server(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.effective_port}"
    finally:
        running.close()
        app.config["PAPERGRAPH_STORE"].close()
