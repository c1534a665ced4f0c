"""Adding a listing in the page: who may, what is refused, and a real build in a process of its own."""

import contextlib
import gzip
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from papergraph.build import build
from papergraph.service import create_app
from papergraph.service.adding import clean_name
from papergraph.settings import Settings
from papergraph.tables import locked, open_graph

FIRST = (
    "TinyStep: Small Models That Reason in Steps\n"
    "We present TinyStep, a small language model. It fine-tunes T5 on rationales that GPT-4 wrote.\n"
)
SECOND = (
    "LongStep: Step-by-Step Reasoning over Long Documents\n"
    "We propose LongStep, a method that extends TinyStep. On HotpotQA it outperforms BERT.\n"
    "TinyStep: Small Models That Reason in Steps\n"
    "We present TinyStep, a small language model. It fine-tunes T5 on rationales that GPT-4 wrote.\n"
    "A Title Without an Abstract\n"
)
OPEN = Settings(allow_upload=True)
Serve = Callable[[Settings], FlaskClient]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adding")
    (folder / "first.txt").write_text(FIRST)
    build([str(folder / "first.txt")], folder / "g", Settings())
    return folder / "g"


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "g"))


@pytest.fixture
def serve(folder: Path) -> Iterator[Serve]:
    """Clients of services over the graph, one a set of settings."""
    with contextlib.ExitStack() as stack:

        def start(settings: Settings) -> FlaskClient:
            app = create_app(str(folder), settings)
            stack.callback(app.config["PAPERGRAPH_STORE"].close)
            stack.callback(app.config["PAPERGRAPH_ADDER"].close)
            return app.test_client()

        yield start


@pytest.fixture
def client(serve: Serve) -> FlaskClient:
    return serve(OPEN)


def send(client: FlaskClient, content: bytes, name: str = "week.txt", /, **more: Any) -> Any:
    form = {"file": (io.BytesIO(content), name), **more.pop("form", {})}
    return client.post("/add.json", data=form, follow_redirects=True, **more)


def finished(client: FlaskClient) -> dict[str, Any]:
    """The job once it is over. Its process is given minutes, for a machine may be busy."""
    for _ in range(3000):
        job = client.get("/add.json").json["job"]
        if job["state"] != "running":
            return dict(job)
        time.sleep(0.1)
    pytest.fail(f"still running: {job}")


def test_a_listing_is_added_while_pages_answer(client: FlaskClient, folder: Path) -> None:
    answer = send(client, SECOND.encode(), "../../we<b>ek.txt")
    assert answer.status_code == 200
    assert (answer.json["job"]["state"], answer.json["job"]["file"]) == ("running", "we_b_ek.txt")
    assert 'data-state="running"' in client.get("/add").text
    assert client.get("/search.json?q=TinyStep").status_code == 200
    busy = send(client, b"another\none")
    assert (busy.status_code, busy.json["error"]["code"]) == (409, "busy")
    assert "we_b_ek.txt is being added" in busy.json["error"]["message"]
    job = finished(client)
    assert job["error"] is None
    found = job["summary"]
    assert (found["listing"], found["entries"], found["new_papers"]) == ("we-b-ek", 3, 2)
    assert [(r["line"], r["reason"]) for r in found["warnings"]["first"]] == [
        (5, "title without an abstract")
    ]
    assert client.get("/listings/we-b-ek.json").json["listing"]["papers"] == 3, "the pages show it at once"
    assert len(client.get("/listings/we-b-ek.json").json["papers"]) == 3
    page = client.get("/add").text
    assert "3 entries, 2 papers that no listing had" in page and "/listings/we-b-ek" in page
    again = send(client, SECOND.encode(), "same.txt")
    assert again.status_code == 200
    job = finished(client)
    assert job["summary"]["listing"] is None
    assert "already in the graph as listing we-b-ek" in job["summary"]["warnings"]["first"][0]["reason"]
    assert "Nothing has changed" in client.get("/add").text
    assert open_graph(folder).name == "000002"


def test_packed_files_and_files_of_one_name_are_added(client: FlaskClient, folder: Path) -> None:
    send(client, gzip.compress(SECOND.encode()), "first.txt")
    job = finished(client)
    assert job["summary"]["entries"] == 3
    assert [x.file for x in open_graph(folder).read_listings()] == ["first.txt", "first-2.txt"]


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [
        (b"%PDF-1.4 nothing to see", "paper.pdf", "PDF"),
        (b"", "empty.txt", "empty"),
        (b"\x00\x01\x02" * 50, "\u202e</script>.bin", "binary"),
    ],
)
def test_a_file_that_cannot_be_read_leaves_the_graph_as_it_was(
    client: FlaskClient, folder: Path, content: bytes, name: str, word: str
) -> None:
    send(client, content, name)
    job = finished(client)
    assert job["state"] == "failed"
    assert word in job["error"]["message"]
    assert "/tmp" not in job["error"]["message"] and "papergraph-" not in job["error"]["message"]
    page = client.get("/add").text
    assert "It was not added" in page and "The graph is as it was" in page and "</script>." not in page
    assert open_graph(folder).name == "000001"
    assert client.get("/index.json").status_code == 200


def test_a_process_that_dies_is_said_and_the_next_one_may_start(
    client: FlaskClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("papergraph.service.adding.sys.executable", "/bin/false")
        send(client, SECOND.encode())
        job = finished(client)
    assert job["state"] == "failed" and "ended too early" in job["error"]["message"]
    with locked(folder):
        send(client, SECOND.encode())
        assert "another process" in finished(client)["error"]["message"]
    send(client, SECOND.encode())
    assert finished(client)["state"] == "done"


def test_nothing_is_left_of_a_file(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    send(client, b"%PDF-1.4")
    finished(client)
    assert not list((tmp_path / "scratch").iterdir())


def test_it_is_off_unless_it_was_opened(serve: Serve) -> None:
    client = serve(Settings())
    answer = send(client, SECOND.encode())
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "upload_off")
    page = client.get("/add").text
    assert "--allow-upload" in page and "<form" not in page.split("<main")[1]
    neo4j = create_app("bolt://127.0.0.1:9", OPEN).test_client()
    assert "Neo4j" in neo4j.get("/add").text
    assert send(neo4j, b"x").status_code == 403


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_other_pages_add_nothing(client: FlaskClient, headers: dict[str, str]) -> None:
    assert send(client, SECOND.encode(), headers=headers).status_code == 403
    assert client.get("/add.json").json["job"] is None


def test_others_need_the_token(serve: Serve) -> None:
    client = serve(Settings(allow_upload=True, host="0.0.0.0", upload_token="näher"))
    assert 'name="token"' in client.get("/add").text
    for form, headers in (
        ({}, {}),
        ({"token": ""}, {}),
        ({"token": "naher"}, {}),
        ({"token": "näher"}, {"Authorization": "Bearer wrong"}),
        ({}, {"Authorization": "Basic bsO2aGVy"}),
    ):
        answer = send(client, SECOND.encode(), form=form, headers=headers)
        assert (answer.status_code, answer.json["error"]["code"]) == (403, "wrong_token")
    assert client.get("/add.json").json["job"] is None
    assert send(client, b"%PDF", form={"token": "näher"}).status_code == 200
    finished(client)
    headers = {"Authorization": "Bearer näher".encode().decode("latin-1")}
    assert send(client, b"%PDF", headers=headers).status_code == 200
    finished(client)


def test_a_token_is_made_where_others_can_reach_the_service(folder: Path) -> None:
    made = [
        create_app(str(folder), Settings(allow_upload=True, host=host)).config["PAPERGRAPH_ADDER"].token
        for host in ("0.0.0.0", "0.0.0.0", "127.0.0.1", "::1", "localhost")
    ]
    assert len(set(made[:2])) == 2 and min(map(len, made[:2])) >= 24
    assert made[2:] == ["", "", ""]


def test_a_file_over_the_limit_is_refused(serve: Serve) -> None:
    client = serve(Settings(allow_upload=True, upload_bytes=2000))
    for size in (2001, 500_000):
        answer = send(client, b"x" * size)
        assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")
        assert "larger than 2 kB" in answer.json["error"]["message"]
    assert "--upload-bytes" in client.post("/add", data={"file": (io.BytesIO(b"x" * 2001), "x")}).text
    assert send(client, b"x" * 2000).status_code == 200
    assert finished(client)["state"] == "failed"
    nothing = client.post("/add.json", data={"format": "listing"})
    assert (nothing.status_code, nothing.json["error"]["message"]) == (400, "no file was chosen")
    assert send(client, b"x", form={"format": "word"}).status_code == 400


def test_a_huge_body_is_refused_before_it_is_read(folder: Path) -> None:
    """A served explorer answers by the length that a request announces."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    options = ["--graph", str(folder), "--port", "0", "--host", "0.0.0.0", "--allow-upload"]
    command = [sys.executable, "-m", "papergraph", "serve", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        try:
            assert process.stdout is not None
            port = re.search(r":(\d+)", process.stdout.readline())
            assert port is not None
            assert re.search(r"needs this token: \S{24}", process.stdout.readline())
            with socket.create_connection(("127.0.0.1", int(port[1])), timeout=60) as connection:
                head = "POST /add HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000000\r\n\r\n"
                connection.sendall(head.encode())
                assert connection.recv(1000).startswith(b"HTTP/1.1 413")
        finally:
            process.terminate()


@given(st.text())
def test_any_name_becomes_the_name_of_a_file(name: str) -> None:
    cleaned = clean_name(name)
    assert cleaned and cleaned == Path(cleaned).name and not cleaned.startswith((".", "-", " "))
    assert len(cleaned.encode()) <= 255
    assert cleaned.isprintable()
    assert clean_name(cleaned) == cleaned


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("week 47.txt", "week 47.txt"),
        ("C:\\Users\\me\\论文.bib", "论文.bib"),
        ("/etc/passwd", "passwd"),
        ("..", "listing.txt"),
        ("-", "listing.txt"),
        ("<script>.txt", "_script_.txt"),
        ("\u202etxt.exe", "txt.exe"),
    ],
)
def test_names_stay_recognisable(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned
