"""The pages for work with a set of papers, over a real embedded store."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from question_graph import HOSTILE, question_graph
from support import tags_of
from synthetic import HOSTILE as HOSTILE_TITLES
from synthetic import example_graph, write_graph

from papergraph.questions.benchmarks import benchmark_table
from papergraph.questions.bridges import between
from papergraph.questions.claims import claims_about
from papergraph.questions.comparison import compare
from papergraph.questions.route import route
from papergraph.questions.sets import paper_set
from papergraph.service import create_app
from papergraph.settings import Settings
from papergraph.store import open_store
from papergraph.store.neo4j_load import load

ALL = "paper=bert&paper=distil&paper=teach&paper=hostile&titles=nowhere%0AChain-of-Thought%20Prompting"
PAGES = [
    "/compare", f"/compare?{ALL}", "/compare?concept=GPT", "/compare?listing=list&max=3",
    "/benchmarks", f"/benchmarks?{ALL}", "/benchmarks?listing=list",
    "/route", f"/route?{ALL}", "/route?listing=list&k=2",
    "/between", "/between?a_concept=knowledge%20distillation&b_concept=chain-of-thought",
    "/between?a_paper=teach&a_paper=distil&b_titles=BERT%0Acot%0Anowhere",
    "/between?a_concept=GPT&b_concept=GPT-4",
    "/claims", "/claims?name=BERT", "/claims?name=GSM8K", "/claims?name=LoRA",
    "/work", f"/work?{ALL}",
    "/near", "/near?paper=teach", "/near?paper=teach&view=problem", "/near?paper=distil&view=approach",
    "/near?paper=hostile&view=problem", "/path", "/path?a=teach", "/path?a=teach&b=distil",
]  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("work") / "g"
    write_graph(folder, question_graph())
    app = create_app(str(folder), Settings())
    yield app.test_client()
    app.config["PAPERGRAPH_STORE"].close()


@pytest.mark.parametrize("url", PAGES)
def test_every_page_answers_as_html_and_json(client: FlaskClient, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200
    path, _, query = url.partition("?")
    assert isinstance(client.get(f"{path}.json?{query}").json, dict)
    assert '">This page as JSON' in answer.text


@pytest.mark.parametrize("url", PAGES)
def test_pages_hold_no_inline_script_or_style_and_no_markup_of_papers(client: FlaskClient, url: str) -> None:
    text = client.get(url).text
    assert HOSTILE not in text and "<img" not in text
    for tag, attributes in tags_of(text):
        assert not [a for a in attributes if a == "style" or a.startswith("on")], (tag, attributes)
        assert tag != "script" or attributes["src"].startswith("/static/")


@pytest.mark.parametrize("url", PAGES)
def test_tables_say_what_their_heads_are_for(client: FlaskClient, url: str) -> None:
    tags = tags_of(client.get(url).text)
    assert all(a.get("scope") in ("col", "row") for tag, a in tags if tag == "th")


@pytest.mark.parametrize("url", PAGES)
def test_links_lead_somewhere(client: FlaskClient, url: str) -> None:
    """Every link of ours answers, and a link to a sentence opens at a sentence that is lit."""
    seen = set()
    for tag, attributes in tags_of(client.get(url).text):
        href = attributes.get("href", "")
        if tag == "a" and href.startswith("/") and href not in seen:
            seen.add(href)
            parts = urlsplit(href)
            answer = client.get(f"{parts.path}?{parts.query}")
            assert answer.status_code == 200, href
            if parts.fragment == "at" and "at=abstract" in parts.query:
                assert 'class="lit' in answer.text or " lit" in answer.text, href


def test_what_was_not_found_is_said(client: FlaskClient) -> None:
    text = client.get(f"/compare?{ALL}").text
    assert "1 entry not found here" in text
    assert "<strong>nowhere</strong>" in text


def test_a_comparison_is_cut_in_words(client: FlaskClient) -> None:
    text = client.get("/compare?listing=list&max=3").text
    assert "Showing 3 of 7 papers" in text
    assert len(re.findall(r'<th scope="col"><a', text)) == 3


def test_papers_without_a_benchmark_say_so(client: FlaskClient) -> None:
    text = client.get("/benchmarks?paper=lonely&paper=bert&paper=distil").text
    assert text.count("none named in the abstract") == 1
    assert "1 of 3 papers name none in the abstract" in text
    assert text.count(">evaluated</a>") == 2


def test_what_is_asked_wrongly_is_an_error_in_words(client: FlaskClient) -> None:
    for url, status in (
        ("/claims.json?name=Quiet-STaR", 404),
        ("/route.json?k=0", 400),
        ("/compare.json?max=101", 400),
        ("/between.json?max=x", 400),
    ):
        answer = client.get(url)
        assert answer.status_code == status
        assert answer.json["error"]["message"]


def test_both_stores_answer_alike(tmp_path: Path, neo4j_database: Any) -> None:
    graph = example_graph()
    write_graph(tmp_path / "g", graph)
    patient = Settings(store_timeout=60)
    db = neo4j_database
    load(tmp_path / "g", db.uri, db.user, db.password, settings=patient)
    answers = []
    for store in (open_store(str(tmp_path / "g")), open_store(db.uri, patient)):
        bert, later = paper_set(store, concept="BERT"), paper_set(store, listing_id="later")
        both = sorted({*bert.ids, *later.ids})
        sets = [compare(store, both), benchmark_table(store, both), route(store, both)]
        answers.append([bert, later, *sets, between(store, bert, later), claims_about(store, "BERT")])
        store.close()
    assert len(answers[0][2]) > 5
    for one, other in zip(*answers, strict=True):
        assert one == other


@pytest.mark.parametrize(("form", "begins"), [("md", "| Paper |"), ("tex", "% "), ("csv", "Paper,Id,")])
def test_a_comparison_can_be_taken_away(client: FlaskClient, form: str, begins: str) -> None:
    answer = client.get(f"/compare.{form}?{ALL}")
    assert answer.status_code == 200
    assert answer.text.startswith(begins)
    assert f'filename="comparison.{form}"' in answer.headers["Content-Disposition"]
    assert "text/html" not in answer.content_type
    assert client.get(f"/compare.{form}?max=none").status_code == 400


def test_hostile_titles_of_many_kinds_are_text(tmp_path: Path) -> None:
    write_graph(tmp_path / "g", example_graph())
    app = create_app(str(tmp_path / "g"), Settings())
    client = app.test_client()
    for url in (
        "/compare?listing=lineage&max=100",
        "/compare?listing=later&titles=%3Cimg+src%3Dx%3E",
        "/benchmarks?listing=lineage",
        "/route?listing=lineage",
        "/between?a_concept=bert&b_listing=later",
        "/claims?name=BERT",
        "/work?concept=bert",
    ):
        text = client.get(url).text
        for title in HOSTILE_TITLES:
            assert "<" not in title or title not in text
        assert "<img" not in text
    app.config["PAPERGRAPH_STORE"].close()
