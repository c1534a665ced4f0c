"""What is new in a listing, and what of it touches collections, over a small graph with known answers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from question_graph import PAPERS, question_graph
from synthetic import write_graph

from papergraph.errors import NotFoundError
from papergraph.model import Graph, Listing, Lists
from papergraph.questions.news import latest, news
from papergraph.store import GraphStore, open_store

FIRST, SECOND = "2025-01-02T03:04:05Z", "2025-01-09T03:04:05Z"
LISTINGS = {"one": ("bert", "cot", "omni"), "two": ("bert", "distil", "teach", "hostile", "lonely")}


def listed(times: dict[str, str]) -> Graph:
    """The graph of known answers, with these listings added at these times."""
    graph = question_graph()
    graph.listings = [Listing(i, f"Listing {i}", f"{i}.txt", at) for i, at in sorted(times.items())]
    graph.lists = [
        Lists(i, paper, rank, f"{i}.txt:{2 * rank}")
        for i in sorted(times)
        for rank, paper in enumerate(LISTINGS[i], 1)
    ]
    return graph


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    yield from opened(tmp_path_factory.mktemp("news") / "g", listed({"one": FIRST, "two": SECOND}))


def opened(folder: Path, graph: Graph) -> Iterator[GraphStore]:
    write_graph(folder, graph)
    found = open_store(str(folder))
    yield found
    found.close()


def test_new_is_what_no_earlier_listing_had(store: GraphStore) -> None:
    found = news(store, "two")
    assert latest(store) == "two"
    assert {p.id for p in found.papers} == {"distil", "teach", "hostile", "lonely"}
    assert (found.known, found.earlier, found.together) == (1, ("Listing one",), False)
    assert news(store, "Listing two") == found
    first = news(store, "one")
    assert {p.id for p in first.papers} == set(LISTINGS["one"]), "the first listing is new as a whole"
    assert (first.known, first.earlier) == (0, ())
    with pytest.raises(NotFoundError, match="three"):
        news(store, "three")


def test_new_concepts_are_those_that_no_paper_of_an_earlier_listing_names(store: GraphStore) -> None:
    found = news(store, "two")
    assert [(c.id, c.role, [p.id for p in c.papers]) for c in found.concepts] == [
        ("knowledge-distillation", "builds_on", ["distil", "teach"]),  # several papers name it
        ("distilbert", "introduces", ["distil"]),
        ("lora", "mentions", ["hostile"]),
    ]
    by_id = {p.id: p for p in found.papers}
    assert {c.id for c in by_id["distil"].brings} == {"knowledge-distillation", "distilbert"}
    assert by_id["lonely"].brings == ()


def test_papers_are_ordered_by_what_is_nearest_before_them(store: GraphStore) -> None:
    found = news(store, "two").papers
    assert [p.id for p in found] == ["distil", "teach", "hostile", "lonely"]
    (tie,) = found[0].nearest
    assert (tie.verb, tie.paper.id, tie.basis, tie.reason) == ("builds on", "bert", "stated", "distils BERT")
    start = tie.evidence[0].start
    assert PAPERS[tie.quoted][1][start:].startswith(tie.evidence[0].text)
    (tie,) = found[1].nearest
    assert (tie.verb, tie.paper.id, tie.basis) == ("builds on", "cot", "inferred")
    assert found[2].nearest == found[3].nearest == ()


def test_what_touches_a_collection_comes_first_with_its_reasons(store: GraphStore) -> None:
    held = {"steps": {"cot", "none-such"}, "encoders": {"bert", "origin"}, "empty": set[str]()}
    found = news(store, "two", held)
    assert [(p.id, [t.collection for t in p.touches]) for p in found.papers] == [
        ("distil", ["encoders"]),
        ("teach", ["steps"]),
        ("hostile", []),
        ("lonely", []),
    ]
    (touch,) = found.papers[1].touches
    assert touch.ties[0].verb == "builds on" and touch.further == 0
    assert news(store, "two").papers[0].touches == (), (
        "what is kept of a listing holds no reader's collections"
    )


def test_a_tie_works_both_ways(store: GraphStore) -> None:
    found = {p.id: p for p in news(store, "one", {"mine": {"distil"}}).papers}
    (touch,) = found["bert"].touches
    assert (touch.ties[0].verb, touch.ties[0].quoted) == ("is built on by", "distil")
    found = {p.id: p for p in news(store, "two", {"mine": {"bert"}}).papers}
    assert found["distil"].touches[0].ties[0].kind == "builds_on", "the strongest of several ties stands"
    found = {p.id: p for p in news(store, "one", {"mine": {"teach"}}).papers}
    assert found["cot"].touches[0].ties[0].verb == "is built on by"


def test_a_rare_name_is_a_tie_where_there_is_no_stronger_one(tmp_path: Path) -> None:
    graph = replace(listed({"one": FIRST, "two": SECOND}), builds_on=[], similar=[])
    for store in opened(tmp_path / "g", graph):
        found = {p.id: p for p in news(store, "two", {"mine": {"bert", "cot"}}).papers}
        (tie,) = found["distil"].touches[0].ties
        assert (tie.kind, tie.verb, tie.reason) == (
            "shares",
            "names something rare like",
            "both name BERT and GLUE",
        )
        assert [t.paper.id for t in found["teach"].touches[0].ties] == ["cot"]


def test_a_paper_of_a_collection_does_not_touch_it_by_itself(store: GraphStore) -> None:
    found = {p.id: p for p in news(store, "two", {"mine": {"lonely", "hostile"}}).papers}
    assert found["lonely"].touches == found["hostile"].touches == ()


def test_files_of_one_build_are_compared_with_each_other(tmp_path: Path) -> None:
    for store in opened(tmp_path / "g", listed({"one": FIRST, "two": FIRST})):
        found = news(store, "two")
        assert (found.together, found.earlier, found.known) == (True, ("Listing one",), 1)
        assert {p.id for p in found.papers} == {"distil", "teach", "hostile", "lonely"}


def test_a_single_listing_is_new_as_a_whole(tmp_path: Path) -> None:
    for store in opened(tmp_path / "g", question_graph()):
        found = news(store, latest(store))
        assert len(found.papers) == 7 and not found.together and found.earlier == ()
        assert len(found.concepts) == len({e.concept for e in question_graph().paper_concepts})


def test_a_graph_without_a_listing_says_so(tmp_path: Path) -> None:
    graph = replace(question_graph(), listings=[], lists=[])
    for store in opened(tmp_path / "g", graph):
        with pytest.raises(NotFoundError, match="no listing"):
            latest(store)
