"""What can go wrong with a server: each is an error in words, within the time that the settings give."""

import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from synthetic import example_graph, write_graph

from papergraph.errors import PapergraphError, QueryFailedError, StoreUnavailableError, UsageError
from papergraph.settings import Settings
from papergraph.store import open_store
from papergraph.store.neo4j_load import load

QUICK = Settings(store_timeout=1.0)
PATIENT = Settings(store_timeout=120)
PATIENCE = 30  # seconds after which a wait counts as a hang; far above every limit, because machines are slow


class Proxy:
    """A door to a server that can be shut (connections break) or go silent (bytes stop)."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self.silent = threading.Event()
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open = True
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if not self._open:
                client.close()
                continue
            server = socket.create_connection(self._target)
            self._sockets += [client, server]
            threading.Thread(target=self._pump, args=(client, server), daemon=True).start()

    def _pump(self, a: socket.socket, b: socket.socket) -> None:
        other = {a: b, b: a}
        try:
            while True:
                for ready in select.select([a, b], [], [])[0]:
                    data = ready.recv(1 << 16)
                    if not data:
                        return
                    while self.silent.is_set():
                        time.sleep(0.05)
                    other[ready].sendall(data)
        except (OSError, ValueError):
            return
        finally:
            a.close()
            b.close()

    def shut(self) -> None:
        self._open = False
        for s in self._sockets:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self._sockets = []

    def open(self) -> None:
        self._open = True

    def close(self) -> None:
        self.silent.clear()
        self._listener.close()
        self.shut()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_graph(tmp_path / "g", example_graph(papers=20))
    return tmp_path / "g"


@pytest.fixture
def proxy(neo4j_database: Any) -> Iterator[Proxy]:
    host, _, port = neo4j_database.uri.removeprefix("bolt://").partition(":")
    door = Proxy(host, int(port))
    yield door
    door.close()


def refused(uri: str, settings: Settings = QUICK) -> PapergraphError:
    started = time.monotonic()
    with pytest.raises(StoreUnavailableError) as raised:
        open_store(uri, settings)
    assert time.monotonic() - started < PATIENCE
    assert raised.value.exit_code == 3
    return raised.value


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as s:
        return int(s.getsockname()[1])


def test_a_server_that_is_down_is_said() -> None:
    error = refused(f"bolt://127.0.0.1:{free_port()}", Settings(store_timeout=20))
    assert "cannot be reached" in error.message
    assert "7687" in error.hint


def test_nothing_but_our_own_words_goes_to_stderr() -> None:
    command = [sys.executable, "-m", "papergraph", "stats", "--graph", f"neo4j://127.0.0.1:{free_port()}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["Error", "Hint"]


def test_a_host_that_does_not_exist_is_said() -> None:
    assert (
        "cannot be reached" in refused("bolt://no-such-host.invalid:7687", Settings(store_timeout=10)).message
    )


def test_a_server_that_takes_connections_and_says_nothing_is_no_hang() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        error = refused(f"bolt://127.0.0.1:{deaf.getsockname()[1]}")
    assert "did not answer within 1 seconds" in error.message or "cannot be reached" in error.message


def test_something_else_than_neo4j_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as web:

        def answer() -> None:
            client, _ = web.accept()
            client.recv(100)
            client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            client.close()

        threading.Thread(target=answer, daemon=True).start()
        error = refused(f"bolt://127.0.0.1:{web.getsockname()[1]}", Settings(store_timeout=20))
    assert "cannot be reached" in error.message


def test_wrong_credentials_are_said(
    neo4j_secured_server: Any, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    server = neo4j_secured_server
    monkeypatch.setenv("NEO4J_USER", server.user)
    monkeypatch.setenv("NEO4J_PASSWORD", "not this one")
    error = refused(server.uri, PATIENT)
    assert "refuses the user" in error.message
    assert "NEO4J_PASSWORD" in error.hint
    assert "not this one" not in error.message
    with pytest.raises(StoreUnavailableError, match="refuses the user"):
        load(folder, server.uri, server.user, "", settings=PATIENT)
    monkeypatch.setenv("NEO4J_PASSWORD", server.password)
    load(folder, server.uri, server.user, server.password, settings=PATIENT, replace=True)
    store = open_store(server.uri, PATIENT)
    assert store.run_text("RETURN 1 AS x", {}, timeout=60, rows=1, size=1000).rows == [[1]]
    store.close()


def test_tls_where_there_is_none_is_said(neo4j_database: Any) -> None:
    error = refused(neo4j_database.uri.replace("bolt://", "bolt+s://"), PATIENT)
    assert "TLS" in error.message or "TLS" in error.hint


def test_a_database_that_is_not_there_is_said(neo4j_database: Any, folder: Path) -> None:
    assert "no database nowhere" in refused(neo4j_database.uri + "/nowhere", PATIENT).message
    with pytest.raises(StoreUnavailableError, match="no database nowhere"):
        load(folder, neo4j_database.uri, "", "", database="nowhere", settings=PATIENT)


def test_a_database_in_the_address_is_read(neo4j_database: Any, folder: Path) -> None:
    load(folder, neo4j_database.uri, "", "", database="neo4j", settings=PATIENT)
    store = open_store(neo4j_database.uri + "/neo4j", PATIENT)
    assert store.info().location.endswith("/neo4j")
    store.close()


@pytest.mark.parametrize(
    "uri", ["bolt://user:secret@127.0.0.1:7687", "bolt://", "bolt://h:port", "neo4j+x://h"]
)
def test_an_address_that_cannot_be_is_refused_without_its_secret(uri: str) -> None:
    with pytest.raises(UsageError) as raised:
        open_store(uri, QUICK)
    assert "secret" not in str(raised.value)


def test_a_server_that_was_away_is_found_again(proxy: Proxy, neo4j_database: Any, folder: Path) -> None:
    load(folder, neo4j_database.uri, "", "", settings=PATIENT)
    store = open_store(f"bolt://127.0.0.1:{proxy.port}", Settings(store_timeout=20))
    expected = store.run("catalogue_papers")
    proxy.shut()
    time.sleep(1.1)  # past the second for which the state of the database is taken as known
    with pytest.raises(StoreUnavailableError):
        store.run("catalogue_papers")
    proxy.open()
    assert store.run("catalogue_papers") == expected
    store.close()


def test_a_server_that_falls_silent_is_no_hang(proxy: Proxy, neo4j_database: Any, folder: Path) -> None:
    load(folder, neo4j_database.uri, "", "", settings=PATIENT)
    store = open_store(f"bolt://127.0.0.1:{proxy.port}", Settings(store_timeout=20))
    expected = store.run("catalogue_papers")
    store._client._wait = 1.0  # type: ignore[attr-defined]
    proxy.silent.set()
    started = time.monotonic()
    with pytest.raises(StoreUnavailableError, match="did not answer within 1 seconds"):
        store.run("catalogue_papers")
    assert time.monotonic() - started < PATIENCE
    proxy.silent.clear()
    store._client._wait = 20.0  # type: ignore[attr-defined]
    assert store.run("catalogue_papers") == expected
    store.close()


ENDLESS = "UNWIND range(1, 100000000000) AS x RETURN count(x) AS n"


def test_own_queries_that_ask_too_much_are_told_apart_from_a_server_that_is_gone(
    proxy: Proxy, neo4j_database: Any, folder: Path
) -> None:
    load(folder, neo4j_database.uri, "", "", settings=PATIENT)
    store = open_store(f"bolt://127.0.0.1:{proxy.port}", Settings(store_timeout=20))

    def ask(text: str, timeout: float) -> object:
        return store.run_text(text, {}, timeout=timeout, rows=10, size=10_000).rows

    assert ask("RETURN 1 AS x", 60) == [[1]]
    with pytest.raises(QueryFailedError, match="longer than 2 seconds") as late:
        ask(ENDLESS, 2)
    assert "LIMIT" in late.value.hint
    with pytest.raises(QueryFailedError, match="more memory than the server gives it") as large:
        ask("UNWIND range(1, 200000000) AS x RETURN size(collect(x)) AS n", 120)
    assert "dbms.memory.transaction" in large.value.hint
    assert ask("RETURN 1 AS x", 60) == [[1]]
    threading.Timer(3, proxy.shut).start()
    with pytest.raises(StoreUnavailableError, match="after this query had begun") as gone:
        ask(ENDLESS, 30)
    assert "log" in gone.value.hint
    proxy.open()
    assert ask("RETURN 1 AS x", 60) == [[1]]
    store.close()


def test_a_load_over_a_line_that_breaks_is_said_and_resumes(
    proxy: Proxy, neo4j_database: Any, folder: Path
) -> None:
    def cut(name: str, done: int, total: int) -> None:
        if done > 40:
            proxy.shut()

    with pytest.raises(StoreUnavailableError, match=r"cannot be reached|did not answer"):
        load(
            folder, f"bolt://127.0.0.1:{proxy.port}", "", "", progress=cut, settings=Settings(store_timeout=5)
        )
    proxy.open()
    load(folder, f"bolt://127.0.0.1:{proxy.port}", "", "", settings=PATIENT)
    store, tables = open_store(neo4j_database.uri, PATIENT), open_store(str(folder))
    assert store.info().counts == tables.info().counts
    store.close()
    tables.close()
