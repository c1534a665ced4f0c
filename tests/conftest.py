"""Fixtures shared by all tests: a real Neo4j, a real Chromium, the example, the data beside the checkout."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from neo4j_server import NEWEST, STABLE, Release, Server, Unavailable, find_jdk, running
from support import CHROMIUM_HINT, chromium_args, find_chromium, missing

# Nothing is timed in a test: a busy machine must not fail one.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """A database of the user's is one: two processes would empty it under each other."""
    if os.environ.get("PAPERGRAPH_TEST_NEO4J_URI") and config.getoption("numprocesses", None):
        raise pytest.UsageError("PAPERGRAPH_TEST_NEO4J_URI is one database: run make test JOBS=0")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a server or a browser, so that `-m "not neo4j and not browser"` is light."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if any(name.startswith("neo4j_") for name in names):
            item.add_marker(pytest.mark.neo4j)
        if "chromium_path" in names:
            item.add_marker(pytest.mark.browser)


# --- Neo4j -----------------------------------------------------------------------------------------------


class Neo4jDatabase:
    """A database that was emptied for one test: where it is, who may enter, and a way to ask it."""

    def __init__(self, server: Server) -> None:
        from neo4j import GraphDatabase

        self.uri, self.user, self.password = server.uri, server.user, server.password
        self.driver = GraphDatabase.driver(self.uri, auth=(self.user, self.password))

    def query(self, text: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of one statement."""
        return [dict(row) for row in self.driver.execute_query(text, parameters_=parameters).records]

    def count(self) -> int:
        """How many nodes there are."""
        return int(self.query("MATCH (n) RETURN count(n) AS n")[0]["n"])

    def empty(self) -> None:
        """Remove every node, constraint and index."""
        with self.driver.session() as session:
            session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()
        for row in self.query("SHOW CONSTRAINTS YIELD name"):
            self.query(f"DROP CONSTRAINT `{row['name']}`")
        for row in self.query("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'"):
            self.query(f"DROP INDEX `{row['name']}`")


@contextmanager
def _own_server(release: Release, home: Path, password: str | None = None) -> Iterator[Server]:
    try:
        with running(release, home, password) as server:
            yield server
    except Unavailable as reason:
        missing(str(reason))


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """PAPERGRAPH_TEST_NEO4J_URI (NEO4J_USER, NEO4J_PASSWORD) if set (must be empty), else our own."""
    if uri := os.environ.get("PAPERGRAPH_TEST_NEO4J_URI"):
        server = Server(uri, os.environ.get("NEO4J_USER", "neo4j"), os.environ.get("NEO4J_PASSWORD", ""))
        database = Neo4jDatabase(server)
        with database.driver:
            if held := database.count():
                pytest.exit(
                    f"{uri} holds {held} nodes: the tests empty their database, give them an empty one", 1
                )
        yield server
        return
    with _own_server(STABLE, tmp_path_factory.mktemp("neo4j")) as server:
        yield server


@pytest.fixture(scope="session")
def neo4j_uri(neo4j_server: Server) -> str:
    """The address of the test server; see neo4j_database for one that is empty."""
    return neo4j_server.uri


@pytest.fixture
def neo4j_database(neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Neo4jDatabase]:
    """An emptied database on the test server; NEO4J_USER and NEO4J_PASSWORD are set for it."""
    yield from _emptied(neo4j_server, monkeypatch)


@pytest.fixture(scope="session")
def neo4j_newest_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The newest Neo4j, where a JDK 21 or newer is at hand: Debian 12 has none, so CI may skip it."""
    if find_jdk(NEWEST.java) is None:
        pytest.skip(f"Neo4j {NEWEST.version} needs a JDK {NEWEST.java} or newer: set JAVA_HOME")
    with _own_server(NEWEST, tmp_path_factory.mktemp("neo4j-newest")) as server:
        yield server


@pytest.fixture(scope="session")
def neo4j_newest_uri(neo4j_newest_server: Server) -> str:
    """The address of the newest server."""
    return neo4j_newest_server.uri


@pytest.fixture
def neo4j_newest_database(
    neo4j_newest_server: Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Neo4jDatabase]:
    """An emptied database on the newest server; NEO4J_USER and NEO4J_PASSWORD are set for it."""
    yield from _emptied(neo4j_newest_server, monkeypatch)


@pytest.fixture(scope="session")
def neo4j_secured_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of our own that asks for a password, to test credentials."""
    with _own_server(STABLE, tmp_path_factory.mktemp("neo4j-secured"), "a-test-password") as server:
        yield server


def _emptied(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Neo4jDatabase]:
    monkeypatch.setenv("NEO4J_USER", server.user)
    monkeypatch.setenv("NEO4J_PASSWORD", server.password)
    database = Neo4jDatabase(server)
    with database.driver:
        database.empty()
        yield database


# --- Chromium --------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium of this machine (PAPERGRAPH_TEST_CHROMIUM overrides)."""
    path = find_chromium()
    if not path:
        missing(CHROMIUM_HINT)
    return path


@pytest.fixture(scope="session")
def browser(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium under playwright, a playwright.sync_api.Browser: close the pages you open."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        home = {"HOME": str(tmp_path_factory.mktemp("chromium"))}  # it leaves files there
        chromium = playwright.chromium.launch(
            executable_path=chromium_path, args=chromium_args(), env={**os.environ, **home}
        )
        yield chromium
        chromium.close()


# --- Data ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def seeds_dir() -> Path:
    """The two real listings, beside the checkout (PAPERGRAPH_SHARED overrides)."""
    return _shared("seeds")


@pytest.fixture(scope="session")
def gold_dir() -> Path:
    """The labels, beside the checkout (PAPERGRAPH_SHARED overrides)."""
    return _shared("gold")


def _shared(name: str) -> Path:
    folder = Path(os.environ.get("PAPERGRAPH_SHARED") or ROOT.parent / "shared") / name
    if not folder.is_dir():
        missing(f"no {folder}: set PAPERGRAPH_SHARED to the folder that holds {name}/")
    return folder


@pytest.fixture(scope="session")
def example_listing() -> Path:
    """The bundled listing of well-known papers."""
    return ROOT / "examples" / "lineage.txt"
