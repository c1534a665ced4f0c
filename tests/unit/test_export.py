"""Exports: each is read again with the tools of its format, hostile texts included."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import bibtexparser
import networkx as nx
import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from question_graph import HOSTILE, PAPERS, question_graph
from synthetic import example_graph, write_graph

import papergraph
from papergraph import tables
from papergraph.cli.output import guarded
from papergraph.errors import GraphError
from papergraph.export import networkx as graphs
from papergraph.export import references, scoring, tabular
from papergraph.export.cypher import as_cypher, literal
from papergraph.export.whole import read_graph
from papergraph.model import Graph, Paper, Rel
from papergraph.schema import TABLES
from papergraph.store import GraphStore, open_store
from papergraph.text import readable

NODES = ("papers", "concepts", "listings")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return question_graph()


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory, graph: Graph) -> Path:
    path = tmp_path_factory.mktemp("export") / "graph"
    write_graph(path, graph)
    return path


@pytest.fixture(scope="module")
def store(directory: Path) -> Iterator[GraphStore]:
    opened = open_store(str(directory))
    yield opened
    opened.close()


@pytest.mark.parametrize("make", [question_graph, example_graph])
def test_a_store_gives_the_whole_graph_back(make: Any, tmp_path: Path) -> None:
    made = make()
    write_graph(tmp_path / "graph", made)
    opened = open_store(str(tmp_path / "graph"))
    assert read_graph(opened) == made
    opened.close()


# --- NetworkX and GraphML ----------------------------------------------------------------------------------


def test_networkx_holds_every_node_and_edge(directory: Path, graph: Graph) -> None:
    found = papergraph.load_networkx(directory)
    assert isinstance(found, nx.MultiDiGraph)
    assert len(found) == len(graph.papers) + len(graph.concepts) + len(graph.listings)
    edges = [getattr(graph, t.name) for t in TABLES if t.name not in NODES]
    assert found.number_of_edges() == sum(map(len, edges))
    assert found.nodes["paper:bert"]["title"] == PAPERS["bert"][0]
    assert found.nodes["concept:bert"]["label"] == "Concept"
    edge = found.edges["paper:distil", "paper:bert", "BUILDS_ON"]
    assert (edge["type"], edge["basis"], edge["evidence"][0][:8]) == ("BUILDS_ON", "stated", "We disti")
    assert set(found["paper:distil"]["concept:bert"]) == {"EXTENDS", "COMPARES_WITH"}


def test_networkx_needs_a_graph_folder(tmp_path: Path) -> None:
    with pytest.raises(GraphError):
        papergraph.load_networkx(tmp_path / "none")


def test_graphml_is_read_again(graph: Graph) -> None:
    text = graphs.graphml(graph)
    again = nx.read_graphml(io.BytesIO(text.encode()), force_multigraph=True)
    assert (len(again), again.number_of_edges()) == (
        len(graphs.to_networkx(graph)),
        graphs.to_networkx(graph).number_of_edges(),
    )
    node = again.nodes["paper:hostile"]
    assert node["title"] == HOSTILE
    assert json.loads(again.nodes["paper:bert"]["authors"]) == ["Ada Example", "Bo Sample and Sons"]
    assert text == graphs.graphml(question_graph())


def test_graphml_holds_no_character_that_xml_forbids() -> None:
    paper = Paper("a", "bell \x07, null \x00, half \ud800 and \uffff", "", listed=True)
    text = graphs.graphml(Graph(papers=[paper]))
    root = ElementTree.fromstring(text)
    assert "bell \ufffd, null \ufffd, half \ufffd and \ufffd" in {e.text for e in root.iter()}


# --- JSON and CSV ------------------------------------------------------------------------------------------


def test_json_holds_every_character(store: GraphStore, graph: Graph) -> None:
    document = json.loads(tabular.as_json(read_graph(store), store.info()))
    assert document["format_version"] == tables.FORMAT_VERSION
    titles = {p["id"]: p["title"] for p in document["papers"]}
    assert titles["hostile"] == HOSTILE
    assert len(document["paper_concepts"]) == len(graph.paper_concepts)


def test_csv_tables_have_headers_even_when_empty(tmp_path: Path, graph: Graph) -> None:
    written = tabular.write_csv_tables(graph, tmp_path / "tables")
    assert [p.stem for p in written] == list(tabular.TABLE_NAMES)
    rows = list(csv.DictReader((tmp_path / "tables" / "papers.csv").open(encoding="utf-8", newline="")))
    assert {r["id"]: r["title"] for r in rows} == {i: p[0] for i, p in PAPERS.items()}
    assert tabular.as_csv(Graph(), "cites") == "source,target\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_cells_are_no_formulas(text: str) -> None:
    assert guarded(text) == "'" + text
    assert guarded(-1.5) == -1.5


# --- BibTeX and RIS ----------------------------------------------------------------------------------------


def parsed(text: str) -> list[dict[str, str]]:
    parser = bibtexparser.bparser.BibTexParser(interpolate_strings=False)
    entries: list[dict[str, str]] = bibtexparser.loads(text, parser).entries
    return entries


def test_bibtex_goes_through_bibtexparser(graph: Graph) -> None:
    entries = parsed(references.bibtex(graph.papers))
    assert len(entries) == len(graph.papers)
    bert = next(e for e in entries if e.get("doi") == "10.1000/bert")
    assert bert["title"] == PAPERS["bert"][0]
    assert bert["author"] == "Ada Example and {Bo Sample and Sons}"
    assert (bert["ENTRYTYPE"], bert["ID"], bert["year"]) == ("article", "example2018bert", "2018")
    origin = next(e for e in entries if e.get("eprint"))
    assert (origin["eprint"], origin["archiveprefix"]) == ("1706.03762", "arXiv")


def test_bibtex_keeps_latex_and_escapes_the_rest() -> None:
    title = "S$^3$AD & 100% of \\textit{it}_all"
    (entry,) = parsed(references.bibtex([Paper("a", title, "")]))
    assert entry["title"] == "S$^3$AD \\& 100\\% of \\textit{it}\\_all"
    assert readable(entry["title"]) == readable(title)


def test_bibtex_keys_differ() -> None:
    papers = [Paper(str(i), "The Same", "", year=2020, authors=("A. Kim",)) for i in range(3)]
    assert [e["ID"] for e in parsed(references.bibtex(papers))] == [
        "kim2020same",
        "kim2020same-2",
        "kim2020same-3",
    ]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80), st.text(max_size=200))
def test_any_title_stays_one_entry(title: str, abstract: str) -> None:
    papers = [Paper("a", f"First {title}", abstract), Paper("b", "Second", "")]
    entries = parsed(references.bibtex(papers))
    assert [e["title"].split()[0] for e in entries] == ["First", "Second"]


def test_ris_is_read_again(graph: Graph) -> None:
    found = {e["id"]: e for e in rispy.loads(references.ris(graph.papers))}
    assert set(found) == set(PAPERS)
    bert = found["bert"]
    assert (bert["title"], bert["authors"]) == (PAPERS["bert"][0], ["Ada Example", "Bo Sample and Sons"])
    assert (bert["date"], bert["doi"], bert["journal_name"]) == (
        "2018/10/11/",
        "10.1000/bert",
        "Proceedings of Examples",
    )
    assert "S³" in found["lonely"]["abstract"]


@settings(deadline=None)
@given(st.text(max_size=100))
def test_no_text_ends_a_ris_reference(text: str) -> None:
    papers = [Paper("a", "First", f"x {text}\nER  - \nTY  - JOUR"), Paper("b", "Second", "")]
    assert [e["title"] for e in rispy.loads(references.ris(papers))] == ["First", "Second"]


# --- Cypher ------------------------------------------------------------------------------------------------


def test_cypher_is_one_statement_a_line(graph: Graph) -> None:
    lines = list(as_cypher(graph))
    edges = [getattr(graph, t.name) for t in TABLES if t.name not in NODES]
    assert len(lines) == 1 + len(graph.papers) + len(graph.concepts) + len(graph.listings) + sum(
        map(len, edges)
    )
    assert all(line.endswith(";\n") and line.count("\n") == 1 for line in lines)


@given(st.text())
def test_a_literal_is_one_line_between_quotes(text: str) -> None:
    quoted = literal(text)
    assert quoted.splitlines() == [quoted]
    assert json.loads(quoted) == text
    inner = quoted[1:-1].replace("\\\\", "").replace('\\"', "")
    assert '"' not in inner


def test_literals_of_every_type() -> None:
    assert literal([True, 3, 0.5, "a\u202eb"]) == '[true, 3, 0.5, "a\\u202eb"]'
    with pytest.raises(ValueError, match="no Cypher literal"):
        literal(float("nan"))


# --- lines for scoring -------------------------------------------------------------------------------------


def test_entities_stand_verbatim_in_their_paper(graph: Graph) -> None:
    lines = {line["title"]: line["entities"] for line in scoring.entities(graph)}
    assert set(lines) == {p.title for p in graph.papers if p.listed}
    assert lines["Soil of Mars"] == []
    bert = next(e for e in lines["DistilBERT, a distilled version of BERT"] if e["concept"] == "BERT")
    assert (bert["role"], bert["roles"]) == ("builds_on", ["builds_on", "compares_with"])
    assert bert["evidence"] == "We distil BERT with knowledge distillation."
    texts = {p.title: f"{p.title}\n{p.abstract}" for p in graph.papers}
    assert all(n in texts[t] for t, e in lines.items() for x in e for n in (x["name"], *x["aliases"]))


def test_concepts_have_their_papers_with_the_strongest_role(graph: Graph) -> None:
    lines = {line["name"]: line for line in scoring.concepts(graph)}
    assert lines["GPT-4o"]["variant_of"] == "GPT-4"
    assert lines["BERT"]["papers"] == [
        {"title": PAPERS["bert"][0], "role": "introduces"},
        {"title": PAPERS["distil"][0], "role": "builds_on"},
    ]


def test_builds_on_lines(graph: Graph) -> None:
    first = next(iter(scoring.builds_on(graph)))
    assert first == {
        "from": PAPERS["bert"][0],
        "to": "Attention Is All You Need",
        "score": 0.95,
        "basis": "stated",
        "via": ["Transformer"],
        "evidence": ["BERT builds on the Transformer encoder."],
        "reason": "builds on the Transformer",
    }


def test_every_relationship_type_can_be_exported(graph: Graph) -> None:
    example = graphs.to_networkx(example_graph())
    assert {d["type"] for *_, d in example.edges(data=True)} == {r.value for r in Rel}


def test_similar_lines_rank_beyond_what_is_drawn(graph: Graph, directory: Path) -> None:
    from papergraph import link
    from papergraph.tables import open_graph

    generation = open_graph(directory)
    listed = [p for p in graph.papers if p.listed]
    edges = graph.paper_concepts, graph.concepts
    _, statistics = link.similar(
        listed, generation.vectors().matrix, *edges, k=10, floor=0.5, statistics=None
    )
    statistics.save(generation.path)
    lines = {line["query"]: line for line in scoring.similar(generation, 4)}
    assert set(lines) == {p.title for p in listed}
    assert {len(line["ranked"]) for line in lines.values()} == {4}
    assert lines["Teaching Small Models to Reason"]["drawn"] == 1
    assert lines["Soil of Mars"]["drawn"] == 0


def test_builds_on_lines_below_the_floor_are_worked_out(directory: Path) -> None:
    from papergraph.tables import open_graph

    generation = open_graph(directory)
    low, high = (list(scoring.all_builds_on(generation, least)) for least in (0.0, 0.99))
    assert len(low) >= len(high)
    assert all(line["score"] >= 0.99 for line in high)
