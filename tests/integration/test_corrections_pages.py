"""Corrections in the pages, without a browser: forms, their answers, who may, and what is refused."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from support import tags_of

from papergraph import correct, tables
from papergraph.build import build
from papergraph.corrections import FILE
from papergraph.service import create_app
from papergraph.settings import Settings
from papergraph.tables import locked

TEXT = """\
{"title": "TinyStep: Small Models That Reason in Steps", "abstract": "We present TinyStep, a small language \
model. TinyStep fine-tunes T5 on rationales that GPT-4 wrote. Experiments on the GSM8K \
benchmark show that it gains 7 points over T5."}
{"title": "LongStep: Step-by-Step Reasoning over Long Documents", "abstract": "Small models such as TinyStep \
fail on long documents. We propose LongStep, a method that extends TinyStep and reads a document in parts."}
"""
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corrections")
    (folder / "a.jsonl").write_text(TEXT, encoding="utf-8")
    build([str(folder / "a.jsonl")], folder / "g", Settings())
    return folder / "g"


@pytest.fixture
def graph(built: Path) -> Iterator[Path]:
    """The graph without corrections, as each test finds and leaves it."""
    yield built
    if (built / FILE).exists():
        (built / FILE).unlink()
        correct.apply(built)


@pytest.fixture
def client(graph: Path) -> Iterator[FlaskClient]:
    app = create_app(str(graph), Settings())
    yield app.test_client()
    app.config["PAPERGRAPH_STORE"].close()


def ids(graph: Path) -> tuple[str, str]:
    by_title = {p.title.split(":")[0]: p.id for p in tables.open_graph(graph).read_papers()}
    return by_title["TinyStep"], by_title["LongStep"]


def test_a_form_corrects_shows_the_result_and_undoes(client: FlaskClient, graph: Path) -> None:
    tiny, long = ids(graph)
    path = f"/papers/{long}"
    fields = {"kind": "drop-edge", "edge": f"builds_on {long} {tiny}", "note": "not so"}
    assert f'value="{fields["edge"]}"' in client.get(path).text
    sent = client.post("/corrections", data=fields, headers={"Referer": f"http://localhost{path}"})
    assert sent.status_code == 303
    where = urlsplit(sent.headers["Location"])
    assert (where.path, parse_qs(where.query)["back"]) == ("/corrections", [path])
    shown = client.get(sent.headers["Location"]).text
    assert "Done:" in shown
    assert f'href="{path}"' in shown
    after = client.get(path + ".json").json
    assert not [r for r in after["relations"] if r["relation"] == "builds_on" and r["id"] == tiny]
    (said,) = after["corrections"]
    twice = client.post("/corrections", data=fields).headers["Location"]
    assert twice.startswith(f"/corrections?done={said['key']}"), "a button pressed twice says one thing"
    far = {"Referer": f"http://localhost{path}?at={'x' * 3000}"}
    third = client.post("/corrections", data=fields, headers=far)
    assert third.status_code == 303
    held = parse_qs(urlsplit(third.headers["Location"]).query)
    assert held["done"] == [said["key"]], "also from a page whose address is too long to come back to"
    assert "back" not in held
    assert "Done:" in client.get(third.headers["Location"]).text
    assert len(client.get("/corrections.json").json["rows"]) == 1
    assert (said["status"], said["note"], said["number"]) == ("applied", "not so", 1)
    assert "Corrected" in client.get(path).text
    undone = client.post("/corrections", data={"do": "undo", "number": 1, "key": said["key"]})
    assert "undone=1" in undone.headers["Location"]
    assert "Undone" in client.get(undone.headers["Location"]).text
    again = client.get(path + ".json").json
    assert [r for r in again["relations"] if r["relation"] == "builds_on" and r["id"] == tiny]
    assert again["corrections"] == []


def test_the_json_twin_answers_with_what_was_done(client: FlaskClient, graph: Path) -> None:
    tiny, _ = ids(graph)
    answer = client.post(
        "/corrections.json", data={"kind": "role", "paper": tiny, "name": "gsm8k", "role": "uses"}
    ).json
    assert answer["done"]["words"].endswith("uses “GSM8K”")
    assert answer["done"]["papers"][0]["id"] == tiny
    assert [r["status"] for r in answer["rows"]] == ["applied"]
    twice = client.post(
        "/corrections.json", data={"kind": "role", "paper": tiny, "name": "gsm8k", "role": "uses"}
    ).json
    assert len(twice["rows"]) == 1, "a button pressed twice says one thing"
    held = client.get("/concepts/GSM8K.json").json
    assert [c["number"] for c in held["corrections"]] == [1]
    wrong = client.post("/corrections.json", data={"do": "undo", "number": 1, "key": "another"})
    assert (wrong.status_code, wrong.json["error"]["code"]) == (409, "not_corrected")
    assert client.post("/corrections.json", data={"do": "undo", "number": 1}).json["rows"] == []


def test_rows_edited_by_hand_wait_and_are_applied_in_the_page(client: FlaskClient, graph: Path) -> None:
    (graph / FILE).write_text(
        f"kind,name,other,value\ntype,T5,,Task\nmerge,{HOSTILE},TinyStep\nx,{HOSTILE}\n"
    )
    text = client.get("/corrections").text
    assert "Apply what was edited" in text
    far = {"Referer": f"http://localhost/graph?{'x' * 3000}"}
    sent = client.post("/corrections", data={"do": "apply"}, headers=far)
    assert "back" not in sent.headers["Location"], "an address that is too long to come back to"
    rows = client.get("/corrections.json").json["rows"]
    assert [r["status"] for r in rows] == ["applied", "not applied", "wrong"]
    text = client.get("/corrections").text
    assert HOSTILE not in text
    assert "Apply what was edited" not in text
    assert client.get("/concepts/T5.json").json["concept"]["type"] == "Task"


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({}, 400, "bad_usage"),
        ({"kind": "rename"}, 400, "bad_usage"),
        ({"kind": "merge", "name": "T5"}, 400, "bad_usage"),
        ({"kind": "merge", "name": "T5", "other": "zzzzqqqq"}, 404, "not_found"),
        ({"kind": "role", "paper": "no such paper at all", "name": "T5", "role": "uses"}, 404, "not_found"),
        ({"kind": "drop-edge", "edge": "builds_on x"}, 400, "bad_usage"),
        ({"kind": "type", "name": "T5", "type": "Gadget"}, 400, "bad_usage"),
        ({"do": "undo", "number": 7}, 404, "not_found"),
        ({"do": "undo"}, 404, "not_found"),
        ({"do": "burn"}, 400, "bad_usage"),
    ],
)
def test_what_is_no_correction_is_refused_and_changes_nothing(
    client: FlaskClient, graph: Path, fields: dict[str, str], status: int, code: str
) -> None:
    before = tables.open_graph(graph).name
    answer = client.post("/corrections.json", data=fields)
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
    assert client.post("/corrections", data=fields).status_code == status
    assert tables.open_graph(graph).name == before
    assert not (graph / FILE).exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
        {"Host": "evil.example"},
    ],
)
def test_forms_of_other_pages_are_refused(client: FlaskClient, graph: Path, headers: dict[str, str]) -> None:
    answer = client.post("/corrections.json", data={"kind": "not-entity", "name": "T5"}, headers=headers)
    assert answer.status_code == 403
    assert not (graph / FILE).exists()


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:0"]
)
def test_the_way_back_leads_to_pages_of_ours_only(client: FlaskClient, back: str) -> None:
    text = client.get("/corrections", query_string={"undone": "1", "back": back}).text
    assert not [a for _, a in tags_of(text) if a.get("href") == back]
    sent = client.get("/corrections.json", query_string={"back": back}).json
    assert sent["back"] == ""


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(read_only=True), "--read-only"),
        (Settings(host="0.0.0.0"), "--allow-corrections"),
        (Settings(host="0.0.0.0", allow_corrections=True, read_only=True), "--read-only"),
    ],
)
def test_where_it_is_off_the_pages_say_why(graph: Path, settings: Settings, words: str) -> None:
    app = create_app(str(graph), settings)
    client = app.test_client()
    tiny, _ = ids(graph)
    answer = client.post("/corrections.json", data={"kind": "not-entity", "name": "T5"})
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "corrections_off")
    assert words in answer.json["error"]["message"]
    for path in ("/concepts/T5", f"/papers/{tiny}", f"/graph?centre={tiny}", "/corrections"):
        text = client.get(path).text
        assert words in text
        assert 'action="/corrections"' not in text
    app.config["PAPERGRAPH_STORE"].close()


def test_it_is_on_for_others_where_that_was_asked_for(graph: Path) -> None:
    app = create_app(str(graph), Settings(host="0.0.0.0", allow_corrections=True))
    assert app.test_client().get("/corrections.json").json["off"] == ""
    app.config["PAPERGRAPH_STORE"].close()


def test_a_folder_that_cannot_be_written_is_not_corrected(
    client: FlaskClient, graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) != str(graph) and real(path, mode))
    assert "cannot be written" in client.get("/corrections.json").json["off"]


def test_while_the_graph_is_being_written_nothing_is_corrected(client: FlaskClient, graph: Path) -> None:
    with locked(graph):
        answer = client.post("/corrections.json", data={"kind": "not-entity", "name": "T5"})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "not_corrected")
    assert "being written" in answer.json["error"]["message"]
    assert not (graph / FILE).exists()


def test_a_graph_in_neo4j_is_not_corrected_here() -> None:
    app = create_app("bolt://127.0.0.1:9", Settings(store_timeout=0.1))
    answer = app.test_client().post("/corrections.json", data={"kind": "not-entity", "name": "T5"})
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "corrections_off")
    assert "the graph on disk" in answer.json["error"]["message"]
