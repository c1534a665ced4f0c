"""The page that says what is new since the last listing, over a real embedded store and over Neo4j."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from question_graph import HOSTILE, question_graph
from support import tags_of
from synthetic import write_graph

from papergraph.model import Graph, Listing, Lists
from papergraph.service import create_app
from papergraph.settings import Settings
from papergraph.store.neo4j_load import load

LISTINGS = {"one": ("bert", "cot", "omni"), "two": ("bert", "distil", "teach", "hostile", "lonely")}


def weekly() -> Graph:
    """The graph of known answers as two weekly listings."""
    graph = question_graph()
    graph.listings = [
        Listing("one", "week <1>", "one.txt", "2025-01-02T03:04:05Z"),
        Listing("two", "week <2>", "two.txt", "2025-01-09T03:04:05Z"),
    ]
    graph.lists = [
        Lists(i, paper, rank, f"{i}.txt:{rank}")
        for i, held in LISTINGS.items()
        for rank, paper in enumerate(held, 1)
    ]
    return graph


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_graph(tmp_path / "g", weekly())
    return tmp_path / "g"


def opened(location: str, settings: Settings) -> Iterator[FlaskClient]:
    app = create_app(location, settings)
    yield app.test_client()
    app.config["PAPERGRAPH_STORE"].close()


@pytest.fixture
def client(folder: Path) -> Iterator[FlaskClient]:
    yield from opened(str(folder), Settings())


def ids(data: dict[str, Any], section: str) -> list[str]:
    return [p["id"] for p in data[section]]


def test_the_latest_listing_is_shown_by_what_is_nearest(client: FlaskClient) -> None:
    data = client.get("/new.json").json
    assert (data["listing"]["id"], data["earlier"], data["known"]) == ("two", ["week <1>"], 1)
    assert ids(data, "rest") == ["distil", "teach", "hostile", "lonely"]
    assert data["touched"] == []
    text = client.get("/new").text
    assert "4 of them in no earlier listing" in " ".join(text.split())
    assert "builds on" in text and "distils BERT" in text
    assert "You have no collection yet" in text
    assert "Nothing of the earlier listings is near." in text
    assert client.get("/new.json?listing=one").json["earlier"] == []
    assert "It is the first listing" in client.get("/new?listing=one").text
    assert client.get("/new.json?listing=three").status_code == 404
    assert client.get("/new.json?max=0").status_code == 400


def test_what_touches_my_collections_comes_first(client: FlaskClient) -> None:
    client.post("/keep", data={"paper": "cot", "name": "Steps <b>"})
    client.post("/keep", data={"paper": ["bert", "lonely"], "name": "Encoders"})
    data = client.get("/new.json").json
    assert ids(data, "touched") == ["distil", "teach"] and ids(data, "rest") == ["hostile", "lonely"]
    assert data["collections"] == {"1": "Steps <b>", "2": "Encoders"}
    assert [t["collection"] for p in data["touched"] for t in p["touches"]] == ["2", "1"]
    text = client.get("/new").text
    section = re.search(r"What touches your collections.*?<h2>", text, re.S)
    assert section is not None and "Steps &lt;b&gt;" in section[0] and "shares chain-of-thought" in section[0]
    assert "· in " in text, "papers that are kept say so"


def test_nothing_of_titles_is_markup_and_links_lead_somewhere(client: FlaskClient) -> None:
    client.post("/keep", data={"paper": "hostile", "name": "Hostile"})
    for url in ("/new", "/new?listing=one"):
        text = client.get(url).text
        assert HOSTILE not in text and "<img" not in text
        for tag, attributes in tags_of(text):
            assert not [a for a in attributes if a == "style" or a.startswith("on")], (tag, attributes)
            if tag == "a" and attributes["href"].startswith("/"):
                assert client.get(attributes["href"]).status_code == 200, attributes["href"]


def test_long_sections_are_cut_in_words(client: FlaskClient) -> None:
    data = client.get("/new.json?max=1").json
    assert (len(data["rest"]), data["rest_count"]) == (1, 4)
    assert (len(data["concepts"]), data["concepts_count"]) == (1, 3)
    text = client.get("/new?max=1").text
    assert text.count("the first 1; ") == 2
    assert "/new?listing=two&amp;max=4" in text


def test_it_works_without_a_state(folder: Path) -> None:
    for client in opened(str(folder), Settings(no_state=True)):
        text = client.get("/new").text
        assert "your collections" not in text and "distils BERT" in text
        assert client.get("/new.json").json["touched"] == []


def test_a_new_listing_is_noticed(client: FlaskClient, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/new.json").json["listing"]["id"] == "two"
    graph = weekly()
    graph.listings.insert(1, Listing("three", "week 3", "three.txt", "2025-01-16T03:04:05Z"))
    graph.lists.append(Lists("three", "omni", 1, "three.txt:1"))
    write_graph(folder, graph)
    monkeypatch.setattr("papergraph.service.handle._LOOK_EVERY", 0.0)
    data = client.get("/new.json").json
    assert (data["listing"]["id"], data["rest_count"], data["known"]) == ("three", 0, 1)
    assert "Every paper of it stood in an earlier listing" in client.get("/new").text


def test_both_stores_answer_alike(folder: Path, tmp_path: Path, neo4j_database: Any) -> None:
    load(folder, neo4j_database.uri, neo4j_database.user, neo4j_database.password)
    answers = []
    for location in (str(folder), neo4j_database.uri):
        settings = Settings(store_timeout=60, state=str(tmp_path / f"{len(answers)}.sqlite"))
        for client in opened(location, settings):
            client.post("/keep", data={"paper": ["cot", "bert"], "name": "Mine"})
            answers.append([client.get(f"/new.json?listing={i}").json for i in LISTINGS])
    assert answers[0] == answers[1]
