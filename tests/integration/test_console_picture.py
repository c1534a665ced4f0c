"""What a query answers as a picture: which papers and concepts its rows hold, and only those are drawn."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from synthetic import example_graph, write_graph

from papergraph.model import Basis
from papergraph.service import create_app
from papergraph.settings import Settings

GRAPH = example_graph()
BUILDS = [(e.source, e.target) for e in GRAPH.builds_on]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder: Path = tmp_path_factory.mktemp("console") / "g"
    write_graph(folder, GRAPH)
    app = create_app(str(folder), Settings())
    yield app.test_client()
    app.config["PAPERGRAPH_STORE"].close()


def ask(client: FlaskClient, cypher: str) -> Any:
    return client.post("/cypher.json", data={"cypher": cypher}).json


def drawn(client: FlaskClient, answer: Any) -> Any:
    return client.get(answer["graph"]["url"].replace("/graph?", "/graph.json?")).json


@pytest.mark.parametrize(
    "returned",
    [
        "a, b",
        "x",
        "a.id AS a, b.id AS b",
        "a.title AS a, b.title AS b, r.confidence AS c",
        "[a.id, b.id] AS both",
    ],
)
def test_nodes_paths_ids_titles_and_lists_are_drawn_with_the_edges_among_them(
    client: FlaskClient, returned: str
) -> None:
    answer = ask(client, f"MATCH x = (a:Paper)-[r:BUILDS_ON]->(b:Paper) RETURN {returned}")
    papers = {p for pair in BUILDS for p in pair}
    assert answer["graph"]["papers"] == len(papers)
    found = drawn(client, answer)
    assert {n["id"] for n in found["nodes"]} == papers
    lines = {(e["source"], e["target"]) for e in found["edges"] if e["kind"] in set(Basis)}
    assert lines == set(BUILDS)
    assert found["heading"] == f"{len(papers)} papers"


def test_concepts_are_nodes_with_their_roles_and_variants(client: FlaskClient) -> None:
    answer = ask(client, "MATCH (p:Paper)-[:USES]->(c:Concept) RETURN p, c.name AS name")
    uses = {(e.paper, e.concept) for e in GRAPH.paper_concepts if e.role == "uses"}
    found = drawn(client, answer)
    assert {n["id"] for n in found["nodes"]} == {x for pair in uses for x in pair}
    roles = {(e["source"], e["target"]) for e in found["edges"] if e["kind"] not in ("similar", "variant_of")}
    assert uses <= roles
    answer = ask(client, "MATCH (a:Concept)-[:VARIANT_OF]->(b:Concept) RETURN a.id AS a, b.id AS b")
    found = drawn(client, answer)
    assert {(e["source"], e["target"]) for e in found["edges"]} == {
        (v.source, v.target) for v in GRAPH.variants
    }


@pytest.mark.parametrize(
    "cypher",
    [
        "MATCH (p:Paper) RETURN count(*) AS n",
        "MATCH (p:Paper) RETURN p.kind AS kind, count(*) AS n",
        "MATCH (p:Paper) WHERE p.title = 'Attention Is All You Need' RETURN p",
        "MATCH (p:Paper) RETURN p.id + '!' AS id",
        "MATCH (p:Paper {id: 'none'}) RETURN p",
    ],
)
def test_rows_without_two_things_are_no_picture(client: FlaskClient, cypher: str) -> None:
    assert ask(client, cypher)["graph"] is None


def test_a_named_question_stands_in_the_editor_as_it_was_asked(client: FlaskClient) -> None:
    answer = client.get("/cypher.json?named=most_connected_concepts&run=1&p-limit=3").json
    again = client.post(
        "/cypher.json", data={"cypher": answer["text"], "parameters": answer["parameters"]}
    ).json
    assert again["rows"] == answer["rows"]
    assert len(answer["rows"]) == 3
    assert answer["graph"]["concepts"] == 3
    assert "Show as graph" in client.get("/cypher?named=most_connected_concepts&run=1").text


def test_a_long_answer_is_cut_to_what_an_address_holds(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papergraph.service.console.LONGEST_QUERY", 1_100)
    answer = ask(client, "MATCH (p:Paper) RETURN p")
    assert (answer["graph"]["papers"], answer["graph"]["drawn"]) == (len(GRAPH.papers), 30)
    assert len(drawn(client, answer)["nodes"]) == 30
