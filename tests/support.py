"""Skipping with an install hint, or failing where CI must run everything; Chromium; reading pages."""

import importlib
import os
import shutil
from html.parser import HTMLParser
from types import ModuleType
from typing import NoReturn

import pytest

CHROMIUM_HINT = "the browser tests need Chromium: apt-get install chromium libatomic1"
_CHROMIUM_ARGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def chromium_args() -> list[str]:
    """What a Chromium of the tests is started with; root has no sandbox."""
    return _CHROMIUM_ARGS + (["--no-sandbox"] if os.geteuid() == 0 else [])


def find_chromium() -> str | None:
    """The Chromium of this machine; PAPERGRAPH_TEST_CHROMIUM overrides."""
    found = (
        os.environ.get("PAPERGRAPH_TEST_CHROMIUM"),
        shutil.which("chromium"),
        shutil.which("chromium-browser"),
    )
    return next(filter(None, found), None)


def in_ci() -> bool:
    """True under CI=true, where a missing server, browser or package is a failure and not a skip."""
    return os.environ.get("CI") == "true"


def missing(reason: str) -> NoReturn:
    """Skip the running test with a reason that says how to install what is missing; under CI=true fail."""
    if in_ci():
        pytest.fail(f"{reason} (CI=true: not skipped)", pytrace=False)
    pytest.skip(reason)


def need_module(name: str, extra: str) -> ModuleType:
    """The module of an optional extra, or a skip that names the extra; under CI=true a failure."""
    try:
        return importlib.import_module(name)
    except ImportError:
        missing(f"{name} is not installed: pip install 'papergraph[{extra}]'")


def tags_of(text: str) -> list[tuple[str, dict[str, str]]]:
    """Every tag of a page with its attributes."""
    found: list[tuple[str, dict[str, str]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, {k: v or "" for k, v in attrs}))

    Reader().feed(text)
    return found
