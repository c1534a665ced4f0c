"""Sets of papers, and what is asked of them, over a small graph with known answers."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from question_graph import HOSTILE, PAPERS, question_graph
from synthetic import write_graph

from papergraph.export.comparison import as_csv, as_latex, as_markdown, latex, markdown
from papergraph.questions.answers import Quote
from papergraph.questions.comparison import ASPECTS, NONE_NAMED, compare
from papergraph.questions.sets import MOST_ASKED, paper_set
from papergraph.store import GraphStore, open_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    directory = tmp_path_factory.mktemp("work") / "graph"
    write_graph(directory, question_graph())
    opened = open_store(str(directory))
    yield opened
    opened.close()


def stands(quote: Quote, paper: str) -> bool:
    text = PAPERS[paper][0] if quote.field == "title" else PAPERS[paper][1]
    return bool(quote.text) and text[quote.start : quote.end] == quote.text


# --- sets ------------------------------------------------------------------------------------------------


def test_a_set_is_all_that_was_asked_for_each_once(store: GraphStore) -> None:
    pasted = f"1. {PAPERS['teach'][0]}\n\n- DistilBERT\n{PAPERS['teach'][0].upper()}"
    found = paper_set(store, ["bert"], titles=pasted, concept="KD")
    assert found.ids == ["bert", "teach", "distil"]
    assert found.chosen == ("bert", "teach", "distil")
    assert found.concept is not None and found.concept.id == "knowledge-distillation"
    assert found.unknown == ()


def test_a_concept_brings_its_papers_and_those_of_its_variants(store: GraphStore) -> None:
    assert paper_set(store, concept="GPT").ids == ["cot", "omni", "teach"]


def test_a_listing_brings_its_papers_in_its_order(store: GraphStore) -> None:
    found = paper_set(store, listing_id="list")
    assert found.ids == [i for i, p in PAPERS.items() if p[4]]
    assert found.heading == "listing A list"


def test_what_is_not_here_is_listed_in_words(store: GraphStore) -> None:
    found = paper_set(store, ["nothing-like-it"], titles="?!\nBERT", concept="GPT-77", listing_id="none")
    assert found.ids == ["bert"]
    assert [u.asked for u in found.unknown] == ["nothing-like-it", "?!", "GPT-77", "none"]
    assert all(u.reason for u in found.unknown)
    assert "there are: list" in found.unknown[-1].hint


def test_what_a_shortened_title_was_taken_for_is_said(store: GraphStore) -> None:
    found = paper_set(store, titles="Teaching Small Models to Raeson")
    assert found.ids == ["teach"]
    assert "Teaching Small Models to Reason” (spelling)" in found.notes[0]


def test_too_long_a_list_is_cut_and_says_so(store: GraphStore) -> None:
    found = paper_set(store, titles="BERT\n" * (MOST_ASKED + 1))
    assert found.ids == ["bert"]
    assert str(MOST_ASKED) in found.notes[0]


# --- comparison ------------------------------------------------------------------------------------------


def test_every_cell_of_a_comparison_is_a_quotation(store: GraphStore) -> None:
    rows = compare(store, list(PAPERS))
    assert [r.paper.id for r in rows] == list(PAPERS)
    for row in rows:
        assert list(row.cells) == list(ASPECTS)
        for cell in row.cells.values():
            assert all(stands(q.quote, row.paper.id) for q in cell)


def test_a_comparison_says_who_builds_on_what(store: GraphStore) -> None:
    (row,) = compare(store, ["teach"])
    names = {a: [t.name for q in cell for t in q.things] for a, cell in row.cells.items()}
    assert names["builds_on"] == ["chain-of-thought", "knowledge distillation"]  # one sentence, both names
    assert len(row.cells["builds_on"]) == 1
    assert names["models"] == ["GPT-4"]
    assert names["benchmarks"] == ["GSM8K"]
    assert [q.quote.text for q in row.cells["claims"]] == ["Results on GSM8K rise."]
    assert row.cells["introduces"] == row.cells["code"] == ()


def test_an_address_is_quoted_where_it_stands(tmp_path: Path) -> None:
    graph = question_graph()
    bert = next(p for p in graph.papers if p.id == "bert")
    i = graph.papers.index(bert)
    from dataclasses import replace

    abstract = bert.abstract + r" Code: github.com/a/b\_c."
    graph.papers[i] = replace(bert, abstract=abstract, urls=("https://github.com/a/b_c", "https://not.there"))
    write_graph(tmp_path / "g", graph)
    store = open_store(str(tmp_path / "g"))
    (entry,) = compare(store, ["bert"])[0].cells["code"]
    store.close()
    assert entry.things[0].url == "https://github.com/a/b_c"
    assert entry.quote.text == r"github.com/a/b\_c" == abstract[entry.quote.start : entry.quote.end]


def test_an_empty_cell_says_so_in_every_file(store: GraphStore) -> None:
    rows = compare(store, ["lonely"])
    for text in (as_markdown(rows), as_latex(rows), as_csv(rows)):
        assert text.count(NONE_NAMED) == len(ASPECTS) - 1  # all but the gist


def test_a_csv_runs_nothing_in_a_spreadsheet(store: GraphStore) -> None:
    from dataclasses import replace

    row = compare(store, ["hostile"])[0]
    evil = replace(row, paper=replace(row.paper, title='=HYPERLINK("http://x")', id="+1"))
    for cells in csv.reader(io.StringIO(as_csv([row, evil]))):
        assert not [c for c in cells if c[:1] in ("=", "+", "-", "@", "\t", "\r", "\n")]


def test_markdown_shows_hostile_text_as_it_is(store: GraphStore) -> None:
    text = as_markdown(compare(store, ["hostile", "bert"]))
    assert "<img" not in text and "\u202e" not in text and "</script" not in text
    lines = text.splitlines()
    columns = len(ASPECTS) + 1
    assert all(line.replace(r"\|", "").count("|") == columns + 1 for line in lines)
    assert markdown("[a](javascript:x) | `b` *c*\n# d") == r"\[a\]\(javascript:x\) \| \`b\` \*c\* \# d"


def test_latex_sets_hostile_text_as_it_is(store: GraphStore) -> None:
    assert latex("\\input{x} 5% & $y$ #1 a_b ~^") == (
        r"\textbackslash{}input\{x\} 5\% \& \$y\$ \#1 a\_b \textasciitilde{}\textasciicircum{}"
    ) or "\\input" not in latex("\\input{x}")
    text = as_latex(compare(store, ["hostile"]))
    assert text.count(r"\begin{longtable}") == text.count(r"\end{longtable}") == 1
    assert "<" not in text and HOSTILE not in text
