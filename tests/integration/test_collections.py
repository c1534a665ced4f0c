"""Collections, read marks and notes on the pages, over a real embedded store and a real state file."""

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from question_graph import HOSTILE, question_graph
from support import tags_of
from synthetic import example_vectors, write_graph

from papergraph import state_json
from papergraph.errors import StateError, UsageError
from papergraph.registry import Registry
from papergraph.service import create_app
from papergraph.settings import Settings
from papergraph.state import Kept, Mark, Saved, State
from papergraph.store.embedded import build_store
from papergraph.tables import locked, writing

NOTE = "<script>alert(1)</script>\n'quoted' & \u202eturned"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collections") / "g"
    write_graph(folder, question_graph())
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "g"))


@pytest.fixture
def client(folder: Path) -> Iterator[FlaskClient]:
    app = create_app(str(folder), Settings())
    yield app.test_client()
    app.config["PAPERGRAPH_STORE"].close()


@pytest.fixture
def filled(client: FlaskClient) -> FlaskClient:
    """Collection 1 holds three papers and one that the graph does not; marks and a hostile note are there."""
    client.post("/keep", data={"paper": ["distil", "teach", "hostile"], "name": "Distillation <b>&"})
    client.post("/keep", data={"paper": "teach", "to": "to_read"})
    client.post("/keep", data={"paper": "distil", "to": "read"})
    client.post("/keep", data={"paper": "teach", "do": "note", "note": NOTE})
    state = State(Path(client.application.config["PAPERGRAPH_STORE"].location) / "state.sqlite")
    state.add(1, {"gone": "A Paper that Went"})
    return client


PAGES = [
    "/collections", "/collection/1", "/collection/1?sort=title", "/collection/to_read", "/collection/read",
         "/collection/noted", "/papers/teach", "/papers/lonely", "/listings/list", "/search?q=distillation",
         "/connected?name=BERT", "/concepts/bert", "/map?cluster=alone", "/lineage?paper=distil"]  # fmt: skip


@pytest.mark.parametrize("url", PAGES)
def test_every_page_answers_holds_no_markup_of_papers_and_has_a_twin(filled: FlaskClient, url: str) -> None:
    answer = filled.get(url)
    assert answer.status_code == 200
    assert HOSTILE not in answer.text and "<img" not in answer.text and "<script>alert" not in answer.text
    for tag, attributes in tags_of(answer.text):
        assert not [a for a in attributes if a == "style" or a.startswith("on")], (tag, attributes)
        if tag == "script":
            assert attributes["src"].startswith("/static/")
        if tag == "form" and attributes.get("method") == "post":
            assert attributes["action"].startswith("/")
    path, _, query = url.partition("?")
    assert isinstance(filled.get(f"{path}.json?{query}").json, dict)


def test_nothing_is_written_by_looking(client: FlaskClient, folder: Path) -> None:
    for url in PAGES:
        client.get(url)
    assert State(folder / "state.sqlite").kept() == {}


def test_a_paper_is_kept_from_its_page(client: FlaskClient) -> None:
    answer = client.post(
        "/keep",
        data={"paper": "bert", "name": "Encoders", "at": "keep"},
        headers={"Referer": "http://localhost/papers/bert?at=abstract:0-8"},
    )
    assert (answer.status_code, answer.location) == (303, "/papers/bert?at=abstract:0-8#keep")
    client.post("/keep", data={"paper": "bert", "to": "to_read"})
    client.post("/keep", data={"paper": "bert", "do": "note", "note": " read section 3 "})
    kept = client.get("/papers/bert.json").json["kept"]
    assert (kept["mark"], kept["note"]) == ("to_read", "read section 3")
    assert [c["name"] for c in kept["collections"]] == ["Encoders"]
    text = client.get("/papers/bert").text
    assert "Encoders" in text and "read section 3" in text
    client.post("/keep", data={"paper": "bert", "to": "unmarked"})
    client.post("/collection/1", data={"paper": "bert", "do": "remove"})
    client.post("/keep", data={"paper": "bert", "do": "note", "note": ""})
    assert client.get("/papers/bert.json").json["kept"] == {"mark": None, "note": "", "collections": []}


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "http://evil.example/x",
        "http://localhost//evil.example",
        "http://localhost/\\evil",
        "javascript:1",
        "[",
    ],
)
def test_a_form_leads_back_to_pages_of_ours_only(client: FlaskClient, referer: str) -> None:
    answer = client.post("/keep", data={"paper": "bert", "to": "read"}, headers={"Referer": referer})
    assert (answer.status_code, answer.location) == (303, "/collections")


def test_ticked_papers_are_kept_or_taken_elsewhere(client: FlaskClient) -> None:
    papers = ["distil", "teach", "distil"]
    client.post("/keep", data={"paper": papers, "name": "Small models", "to": "read"})
    assert [p["id"] for p in client.get("/collection/1.json").json["papers"]] == ["distil", "teach"]
    client.post("/keep", data={"paper": ["bert"], "name": " SMALL models"})
    assert client.get("/collections.json").json["collections"][0]["papers"] == 3
    answer = client.post("/keep.json", data={"paper": papers, "to": "read"})
    assert [(p["id"], p["mark"]) for p in answer.json["papers"]] == [("distil", "read"), ("teach", "read")]
    for do, path, parameter in (
        ("compare", "/compare", "paper"),
        ("benchmarks", "/benchmarks", "paper"),
        ("route", "/route", "paper"),
        ("between", "/between", "a_paper"),
        ("graph", "/graph", "centre"),
    ):
        answer = client.post("/ticked", data={"paper": papers, "do": do})
        to = urlsplit(answer.location)
        assert (answer.status_code, to.path, parse_qs(to.query)) == (
            303,
            path,
            {parameter: ["distil", "teach"]},
        )
        assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    ("form", "begin", "kind"),
    [
        ("bibtex", "@", "application/x-bibtex"),
        ("ris", "TY  - ", "application/x-research-info-systems"),
        ("csv", "id,title,", "text/csv"),
    ],
)
def test_ticked_papers_are_taken_away(client: FlaskClient, form: str, begin: str, kind: str) -> None:
    answer = client.post("/ticked", data={"paper": ["distil", "teach"], "do": "take", "form": form})
    assert answer.status_code == 200 and answer.mimetype == kind
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.text.startswith(begin)
    titles = [p.title for p in question_graph().papers if p.id in ("distil", "teach")]
    assert all(t in answer.text for t in titles)


def test_a_collection_is_taken_to_pages_that_work_with_sets(filled: FlaskClient) -> None:
    for path in ("/compare", "/benchmarks", "/route", "/work"):
        found = filled.get(f"{path}.json?collection=1").json["set"]
        assert sorted(p["id"] for p in found["papers"]) == ["distil", "hostile", "teach"]
        assert found["heading"] == "collection Distillation <b>&"
        assert found["address"] == {"collection": "1"}
        assert f'href="{path}?collection=1"' in filled.get("/collection/1").text or path == "/work"
        assert '<option value="1" selected>' in filled.get(f"{path}?collection=1").text
    assert filled.get("/compare.csv?collection=1").text.count("\n") == 4
    both = filled.get("/between.json?a_collection=to_read&b_collection=read").json
    assert [p["id"] for p in both["a"]["papers"] + both["b"]["papers"]] == ["teach", "distil"]
    assert filled.get("/compare.json?collection=7").status_code == 404


def test_too_many_ticked_papers_are_said(client: FlaskClient) -> None:
    state = State(Path(client.application.config["PAPERGRAPH_STORE"].location) / "state.sqlite")
    papers = {f"a-paper-with-a-long-id-{i:04d}": "T" for i in range(600)}
    state.add(state.create("Many"), papers)
    answer = client.post("/ticked", data={"paper": list(papers), "do": "compare"})
    assert answer.status_code == 400 and "600 papers are too many" in answer.text
    assert client.get("/compare?collection=1").status_code == 200


@pytest.mark.parametrize(
    ("url", "form", "status", "word"),
    [
        ("/keep.json", {"to": "read"}, 400, "no paper is ticked"),
        ("/keep.json", {"paper": "none-such", "to": "read"}, 404, "none-such"),
        ("/keep.json", {"paper": "bert", "to": "eaten"}, 400, "eaten"),
        ("/keep.json", {"paper": "bert", "to": "77"}, 404, "no collection 77"),
        ("/keep.json", {"paper": "bert", "to": "9" * 40}, 400, "to is"),
        ("/keep.json", {"paper": "bert", "name": "x" * 300}, 400, "300"),
        ("/keep.json", {"paper": ["bert", "cot"], "do": "note", "note": "x"}, 400, "one paper"),
        ("/keep.json", {"paper": "bert", "do": "note", "note": "x" * 20_001}, 400, "20,001"),
        ("/collections.json", {"name": " "}, 400, "needs a name"),
        ("/collection/1.json", {"do": "rename", "name": "x"}, 404, "no collection 1"),
        ("/collection/1.json", {"do": "delete"}, 404, "no collection 1"),
        ("/collection/to_read.json", {"do": "delete"}, 404, "to_read"),
        ("/collection/1.json", {"do": "eat"}, 400, "must be one of"),
        ("/ticked", {"paper": "bert", "do": "eat"}, 400, "must be one of"),
    ],
)
def test_what_cannot_be_done_is_said(
    client: FlaskClient, url: str, form: dict[str, str], status: int, word: str
) -> None:
    answer = client.post(url, data=form)
    assert answer.status_code == status
    assert word in (answer.json["error"]["message"] if url.endswith(".json") else answer.text)
    assert client.get("/collections.json").json["collections"] == []


def test_forms_of_other_pages_change_nothing(client: FlaskClient) -> None:
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        for url in ("/keep", "/collections", "/collections/import", "/collection/1", "/ticked"):
            assert client.post(url, data={"name": "x", "paper": "bert"}, headers=headers).status_code == 403
    assert client.get("/collections.json").json["collections"] == []


def test_a_collection_is_sorted_renamed_and_deleted(filled: FlaskClient) -> None:
    def titles(sort: str) -> list[str]:
        return [p["id"] for p in filled.get(f"/collection/1.json?sort={sort}").json["papers"]]

    assert titles("title") == ["hostile", "gone", "distil", "teach"]
    assert titles("-year") == ["teach", "hostile", "distil", "gone"]
    assert titles("mark")[:2] == ["distil", "teach"]
    assert filled.get("/collection/1.json?sort=colour").status_code == 400
    text = filled.get("/collection/1?sort=-year").text
    assert 'aria-sort="descending"><a href="/collection/1?sort=year">Year' in text
    assert "1 of them is not in this graph" in text and "A Paper that Went" in text
    answer = filled.post("/collection/1.json", data={"do": "rename", "name": "Other"}, follow_redirects=True)
    assert answer.json["name"] == "Other"
    answer = filled.post("/collection/1", data={"do": "delete"})
    assert (answer.status_code, answer.location) == (303, "/collections")
    assert filled.get("/collection/1.json").status_code == 404
    data = filled.get("/collections.json").json
    assert {s["id"]: s["papers"] for s in data["shelves"]} == {"to_read": 1, "read": 1, "noted": 1}


def test_a_collection_is_taken_away(filled: FlaskClient) -> None:
    answer = filled.get("/collection/1.bibtex")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.text.count("\n}") == 3
    assert filled.get("/collection/1.ris").text.count("TY  - ") == 3
    rows = {r["id"]: r for r in csv.DictReader(io.StringIO(filled.get("/collection/1.csv").text))}
    assert len(rows) == 4
    assert (rows["gone"]["here"], rows["gone"]["title"]) == ("no", "A Paper that Went")
    assert rows["teach"]["note"].startswith("<script>")
    assert filled.get("/collection/1.exe").status_code == 404
    assert filled.get("/collection/9.csv").status_code == 404


def test_all_that_is_kept_is_exported_and_imported(filled: FlaskClient, built: Path, tmp_path: Path) -> None:
    exported = filled.get("/collections/export")
    assert "attachment" in exported.headers["Content-Disposition"]
    shutil.copytree(built, tmp_path / "other")
    app = create_app(str(tmp_path / "other"), Settings())
    other = app.test_client()

    def bring(content: bytes, **form: str) -> dict[str, object]:
        data = {"file": (io.BytesIO(content), "x.json"), **form}
        answer: dict[str, object] = other.post("/collections/import.json", data=data).json
        return answer

    other.post("/collections", data={"name": "Mine"})
    assert bring(exported.data)["brought"] == (
        "1 new collection, 4 papers put into collections, 2 marks and 1 note"
    )
    assert len(other.get("/collections.json").json["collections"]) == 2
    bring(exported.data, how="replace")
    assert other.get("/collections/export").data == exported.data
    page = other.post("/collections/import", data={"file": (io.BytesIO(exported.data), "<b>.json")})
    assert 'role="status">Imported: 0 new collections' in page.text
    wrong = json.dumps({"papergraph_state": 1, "papers": [3]}).encode()
    for content, word in (
        (b"{", "not JSON"),
        (wrong, "papers[0]"),
    ):
        assert word in bring(content)["error"]["message"]  # type: ignore[index]
    assert other.post("/collections/import.json").json["error"]["message"] == "no file was chosen"
    huge = other.post("/collections/import.json", data={"file": (io.BytesIO(b" " * 11_000_000), "x")})
    assert huge.status_code == 413
    assert other.get("/collections/export").data == exported.data
    app.config["PAPERGRAPH_STORE"].close()


def test_redirects_of_the_registry_are_followed(tmp_path: Path) -> None:
    """A paper that turned out to be another, also after an import."""
    folder, graph, registry = tmp_path / "g", question_graph(), Registry()
    registry.redirects["bert-preprint"] = "bert"
    with locked(folder), writing(folder) as writer:
        writer.write(graph, example_vectors(graph), registry, {}, [])
        build_store(writer.path)
        writer.finish({"embedder": "example-8"})
    saved = Saved(
        [Kept("bert-preprint", "BERT, a preprint", Mark.READ, "of the preprint", "2025-01-01T00:00:00Z")],
        {"Old": ("2025-01-01T00:00:00Z", {"bert-preprint": "2025-01-01T00:00:00Z"})},
    )
    State(folder / "state.sqlite").bring(saved)
    app = create_app(str(folder), Settings())
    client = app.test_client()
    assert [p["id"] for p in client.get("/collection/1.json").json["papers"]] == ["bert"]
    assert client.get("/papers/bert.json").json["kept"]["note"] == "of the preprint"
    content = io.BytesIO(state_json.write(saved).encode())
    client.post("/collections/import", data={"file": (content, "x.json"), "how": "replace"})
    assert client.get("/papers/bert.json").json["kept"]["mark"] == "read"
    app.config["PAPERGRAPH_STORE"].close()


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        (Settings(no_state=True), "--no-state"),
        (Settings(host="0.0.0.0"), "others can reach"),
    ],
)
def test_without_a_state_the_pages_say_so(folder: Path, settings: Settings, word: str) -> None:
    app = create_app(str(folder), settings)
    client = app.test_client()
    text = client.get("/collections").text
    assert word in text and "--state FILE" in text
    assert "<form" not in text.split("<main")[1]
    assert "Keep" not in client.get("/listings/list").text
    assert client.get("/papers/bert.json").json["kept"] is None
    assert client.post("/ticked", data={"paper": "bert", "do": "compare"}).status_code == 303
    for url in ("/keep.json", "/collections.json", "/collection/1.json", "/collections/import.json"):
        answer = client.post(url, data={"paper": "bert", "to": "read", "name": "x"})
        assert (answer.status_code, answer.json["error"]["code"]) == (403, "state_off")
    assert not (folder / "state.sqlite").exists()
    app.config["PAPERGRAPH_STORE"].close()


def test_a_named_state_is_used_everywhere(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.sqlite"
    app = create_app(str(folder), Settings(host="0.0.0.0", state=str(path)))
    app.test_client().post("/collections", data={"name": "One"})
    assert [c.name for c in State(path).collections()] == ["One"]
    assert not (folder / "state.sqlite").exists()
    app.config["PAPERGRAPH_STORE"].close()
    bolt = create_app("bolt://127.0.0.1:9", Settings(store_timeout=1.0))
    assert "Neo4j" in bolt.config["PAPERGRAPH_KEEPER"].off
    assert not create_app("bolt://127.0.0.1:9", Settings(state=str(path))).config["PAPERGRAPH_KEEPER"].off


def test_a_state_that_cannot_be_is_said_at_the_start(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--state"):
        create_app(str(folder), Settings(state=str(tmp_path / "none" / "x.sqlite")))
    with pytest.raises(UsageError, match="--state"):
        create_app(str(folder), Settings(state=str(tmp_path)))
    (folder / "state.sqlite").write_text("not a database")
    with pytest.raises(StateError):
        create_app(str(folder), Settings())


def test_a_folder_that_cannot_be_written_has_no_state(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papergraph.service.keeper.os.access", lambda *_: False)
    assert "cannot be written" in create_app(str(folder), Settings()).config["PAPERGRAPH_KEEPER"].off
    assert not (folder / "state.sqlite").exists()
