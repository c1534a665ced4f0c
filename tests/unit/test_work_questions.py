"""Sets of papers, and what is asked of them, over a small graph with known answers."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from question_graph import HOSTILE, PAPERS, question_graph
from synthetic import write_graph

from papergraph.errors import NotFoundError
from papergraph.export.comparison import as_csv, as_latex, as_markdown, latex, markdown
from papergraph.model import Basis, BuildsOn, Evidence, Span
from papergraph.questions.answers import Quote
from papergraph.questions.benchmarks import benchmark_table
from papergraph.questions.bridges import between
from papergraph.questions.claims import claims_about
from papergraph.questions.comparison import ASPECTS, NONE_NAMED, compare
from papergraph.questions.route import SECTIONS, route
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
    assert "\\input" not in latex("\\input{/etc/passwd}")
    assert latex("5% & #1 a_b ~^ <y> C:\\1") == (
        r"5\% \& \#1 a\_b \textasciitilde{}\textasciicircum{} "
        r"\textless{}y\textgreater{} C:\textbackslash{}1"
    )
    text = as_latex(compare(store, ["hostile"]))
    assert text.count(r"\begin{longtable}") == text.count(r"\end{longtable}") == 1
    assert "<" not in text and HOSTILE not in text


# --- benchmarks ------------------------------------------------------------------------------------------


def test_shared_benchmarks_come_first_and_none_is_said(store: GraphStore) -> None:
    table = benchmark_table(store, ["lonely", "bert", "teach", "distil"])
    assert [(b.id, b.here) for b in table.benchmarks] == [("glue", 2), ("gsm8k", 1)]
    assert [b.id for b in table.shared] == ["glue"]
    assert [(r.paper.id, [e.benchmark for e in r.on]) for r in table.rows] == [
        ("lonely", []), ("bert", ["glue"]), ("teach", ["gsm8k"]), ("distil", ["glue"]),
    ]  # fmt: skip
    assert table.without == 1
    assert all(stands(e.quote, r.paper.id) for r in table.rows for e in r.on)


# --- route -----------------------------------------------------------------------------------------------


def test_a_route_begins_at_the_roots_also_outside_the_set(store: GraphStore) -> None:
    found = route(store, ["distil", "bert", "teach", "cot"])
    by_section = {s: [x.paper.id for x in found.stops if x.section == s] for s in SECTIONS}
    assert by_section["survey"] == []
    assert by_section["root"] == ["origin", "cot"]
    first = found.stops[0]
    assert first.reasons[0] == (
        "2 papers of the set stand on it, 1 of them directly, through Transformer; "
        "it is not in the set itself"
    )
    assert [e.paper.id for e in first.evidence] == ["bert"]
    assert all(stands(e.quote, e.paper.id) for x in found.stops for e in x.evidence)
    assert "No paper of the set is a survey." in found.notes


def test_a_route_does_not_depend_on_the_order_of_its_papers(store: GraphStore) -> None:
    ids = list(PAPERS)
    assert route(store, ids) == route(store, ids[::-1]) == route(store, ids * 2)
    assert len({s.paper.id for s in route(store, ids).stops}) == len(route(store, ids).stops)


def test_the_cover_takes_as_many_papers_as_asked_for_and_says_why(store: GraphStore) -> None:
    for k in (1, 2):
        stops = route(store, ["distil", "bert", "teach", "cot"], k).stops
        covering = [r for s in stops for r in s.reasons if "concepts that the set shares" in r]
        assert len(covering) == k
    assert "4 of the 6 concepts" in "".join(covering) and "6 of the 6 concepts" in "".join(covering)


def test_the_newest_are_named_where_there_are_dates(store: GraphStore) -> None:
    newest = [s.paper.id for s in route(store, list(PAPERS)).stops if any("newest" in r for r in s.reasons)]
    assert sorted(newest) == ["cot", "omni", "teach"]
    assert not any("newest" in r for s in route(store, ["lonely"]).stops for r in s.reasons)


def test_a_branch_point_stands_on_one_paper_and_carries_two(tmp_path: Path) -> None:
    graph = question_graph()
    graph.builds_on.append(BuildsOn("omni", "bert", Basis.INFERRED, 0.6, ("bert",), (), "shares BERT"))
    graph.builds_on.sort(key=lambda e: (e.source, e.target))
    write_graph(tmp_path / "g", graph)
    opened = open_store(str(tmp_path / "g"))
    branches = [s for s in route(opened, ["distil", "bert", "omni"]).stops if s.section == "branch"]
    opened.close()
    assert [s.paper.id for s in branches] == ["bert"]
    assert branches[0].reasons[0] == "2 papers of the set go on from it: DistilBERT, Omni models"


def test_a_route_through_nothing_is_empty(store: GraphStore) -> None:
    assert route(store, []).stops == ()


# --- between ---------------------------------------------------------------------------------------------


def test_papers_of_both_lines_bridge_them_with_a_sentence_for_each(store: GraphStore) -> None:
    a, b = paper_set(store, concept="knowledge distillation"), paper_set(store, concept="chain-of-thought")
    found = between(store, a, b)
    (row,) = found.both
    assert row.paper.id == "teach"
    for mention in (row.first, row.second):
        assert mention is not None and mention.quote is not None and stands(mention.quote, "teach")
    assert found.counts["both"] == 1


def test_edges_lead_from_one_line_to_the_other(store: GraphStore) -> None:
    found = between(store, paper_set(store, ["distil", "teach"]), paper_set(store, ["bert", "cot"]))
    assert [(c.source.id, c.target.id, c.kind, c.basis) for c in found.crossings] == [
        ("distil", "bert", "builds_on", "stated"),
        ("teach", "cot", "builds_on", "inferred"),
    ]
    assert found.crossings[0].quote is not None and stands(found.crossings[0].quote, "distil")


def test_what_both_name_comes_rare_first_and_hubs_last(store: GraphStore) -> None:
    found = between(store, paper_set(store, ["distil", "teach"]), paper_set(store, ["bert", "cot"]))
    counts = [c.papers for c in found.concepts]
    assert counts == sorted(counts)
    assert {c.concept.id for c in found.concepts if c.concept} == {
        "bert", "chain-of-thought", "glue", "gpt-4", "gsm8k",
    }  # fmt: skip
    cut = between(store, paper_set(store, ["distil", "teach"]), paper_set(store, ["bert", "cot"]), 2)
    assert cut.concepts == found.concepts[:2]
    assert cut.counts["concepts"] == 5


def test_hubs_come_last(store: GraphStore, monkeypatch: pytest.MonkeyPatch) -> None:
    from papergraph.questions.catalogue import Catalogue

    monkeypatch.setattr(Catalogue, "hub", property(lambda self: 1))
    found = between(store, paper_set(store, ["teach"]), paper_set(store, ["cot"]))
    assert all(c.hub for c in found.concepts)


def test_what_both_stand_on_is_found_outside_both(store: GraphStore, tmp_path: Path) -> None:
    found = between(store, paper_set(store, ["teach"]), paper_set(store, ["omni"]))
    (row,) = found.foundations
    assert row.paper is not None and row.paper.id == "cot"
    assert [m.paper.id for m in (*row.first, *row.second)] == ["teach", "omni"]


def test_a_variant_and_its_base_are_called_kin(store: GraphStore) -> None:
    found = between(store, paper_set(store, concept="GPT"), paper_set(store, concept="GPT-4"))
    assert found.kin == "GPT-4 is a variant of GPT, so its papers count for both."


# --- claims ----------------------------------------------------------------------------------------------


def test_comparisons_and_claims_that_name_a_thing_are_quoted(store: GraphStore) -> None:
    bert = claims_about(store, "BERT")
    assert [(p.paper.id, [s.quote.text for s in p.sentences]) for p in bert.papers] == [
        ("distil", ["DistilBERT nearly reaches BERT on GLUE."])
    ]
    gsm8k = claims_about(store, "gsm8k")
    assert [p.paper.id for p in gsm8k.papers] == ["teach"]
    assert (gsm8k.naming, gsm8k.papers[0].sentences[0].numbers) == (2, ())
    assert all(stands(s.quote, p.paper.id) for c in (bert, gsm8k) for p in c.papers for s in p.sentences)


def test_the_words_and_numbers_of_a_claim_stand_as_written(tmp_path: Path) -> None:
    graph = question_graph()
    i = next(i for i, p in enumerate(graph.papers) if p.id == "teach")
    first = graph.papers[i].abstract
    text = "It outperforms GPT-4 by 3.5 points and 12\\% at 7x speed on GSM8K."
    claim = Evidence(text, Span("abstract", len(first) + 1, len(first) + 1 + len(text)))
    graph.papers[i] = replace(graph.papers[i], abstract=f"{first} {text}", claims=(claim,))
    write_graph(tmp_path / "g", graph)
    opened = open_store(str(tmp_path / "g"))
    (row,) = claims_about(opened, "GPT-4").papers
    opened.close()
    assert row.sentences[0].better == ("outperforms",)
    assert row.sentences[0].numbers == ("3.5 points", "12\\%", "7x")
    assert not row.own


def test_claims_about_what_is_not_here_are_an_error(store: GraphStore) -> None:
    with pytest.raises(NotFoundError):
        claims_about(store, "Quiet-STaR")
