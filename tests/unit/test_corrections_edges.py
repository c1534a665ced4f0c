"""Corrections of edges between papers: dropped, stated, turned round, and what cannot be applied."""

from hypothesis import given
from hypothesis import strategies as st

from papergraph.corrections import Correction, Kind, Status
from papergraph.corrections.edges import EdgeCorrections
from papergraph.corrections.papers import PaperFinder
from papergraph.corrections.table import correction
from papergraph.model import Alike, Basis, BuildsOn, Evidence, Paper, Similar, Span
from papergraph.registry import Registry

PAPERS = [
    Paper("a", "Alpha: First Steps", ""),
    Paper("b", "Beta", ""),
    Paper("c", "Gamma", "", listed=False),
    Paper("d1", "Introduction", ""),
    Paper("d2", "Introduction", ""),
]
WHY = (Evidence("Alpha", Span("title", 0, 5)),)
BUILDS = [
    BuildsOn("a", "b", Basis.STATED, 0.9, ("x",), WHY, "extends Beta"),
    BuildsOn("a", "c", Basis.INFERRED, 0.6, (), (), "close in content"),
]
SIMILAR = [
    Similar("a", "b", 0.9, 1, True, ()),
    Similar("a", "c", 0.8, 2, False, ()),
    Similar("a", "d1", 0.7, 3, False, ()),
    Similar("b", "a", 0.9, 1, True, ()),
]


ALIKE = [
    Alike("a", "b", 0.9, 0.2, 1, None),
    Alike("a", "c", 0.8, 0.9, 2, 2),
    Alike("a", "d1", 0.7, 0.95, 3, 1),
    Alike("b", "a", 0.9, 0.2, 1, 1),
    Alike("b", "d1", None, 0.1, None, 2),
    Alike("d1", "d2", 0.5, 0.5, 1, 1),
]


def finder() -> PaperFinder:
    return PaperFinder(PAPERS, Registry())


def row(kind: str, paper: str, other: str, value: str = "", number: int = 1, note: str = "") -> Correction:
    cells = {"kind": kind, "paper": paper, "other": other, "value": value, "note": note}
    made = correction(cells, number, number + 1)
    assert not made.problem, made.problem
    return made


def corrected(*rows: Correction) -> tuple[list[Similar], list[BuildsOn], list[tuple[Status, str]]]:
    edges = EdgeCorrections(rows, finder())
    similar, builds_on = edges.near(SIMILAR, ALIKE)[0], edges.builds_on(BUILDS)
    return similar, builds_on, [(o.status, o.reason) for o in edges.outcomes()]


def test_nothing_is_changed_without_corrections() -> None:
    assert corrected() == (SIMILAR, BUILDS, [])


def test_a_similarity_goes_in_both_directions_and_ranks_close_up() -> None:
    for paper, other in (("a", "b"), ("Beta", "alpha first steps")):
        similar, builds_on, outcomes = corrected(row("drop-edge", paper, other, "similar"))
        assert [(e.source, e.target, e.rank) for e in similar] == [("a", "c", 1), ("a", "d1", 2)]
        assert builds_on == BUILDS
        assert outcomes == [(Status.APPLIED, "")]


def test_a_pair_that_is_not_similar_is_not_listed_as_alike_either() -> None:
    edges = EdgeCorrections([row("drop-edge", "b", "a", "similar")], finder())
    assert edges.near(SIMILAR, ALIKE)[1] == [
        Alike("a", "c", 0.8, 0.9, 1, 2),
        Alike("a", "d1", 0.7, 0.95, 2, 1),
        Alike("b", "d1", None, 0.1, None, 1),
        Alike("d1", "d2", 0.5, 0.5, 1, 1),
    ]


def test_a_pair_that_is_only_alike_can_be_said_to_be_not_similar() -> None:
    edges = EdgeCorrections([row("drop-edge", "d1", "d2", "similar")], finder())
    similar, alike = edges.near(SIMILAR, ALIKE)
    assert (similar, alike) == (SIMILAR, ALIKE[:-1])
    assert [o.status for o in edges.outcomes()] == [Status.APPLIED]


def test_a_lineage_edge_goes_in_its_direction_only() -> None:
    _, builds_on, outcomes = corrected(row("drop-edge", "a", "b", "builds_on"))
    assert builds_on == BUILDS[1:]
    assert outcomes == [(Status.APPLIED, "")]
    _, builds_on, outcomes = corrected(row("drop-edge", "b", "a", "builds_on"))
    assert builds_on == BUILDS
    assert outcomes[0][0] is Status.NOT_APPLIED
    assert "the other way" in outcomes[0][1]


def test_an_edge_is_stated_by_a_person() -> None:
    _, builds_on, _ = corrected(row("add-edge", "b", "c", note="section 2 says so"))
    assert BuildsOn(
        "b", "c", Basis.CORRECTED, 1.0, (), (), "a reader of this graph says so: section 2 says so"
    ) in (builds_on)
    assert [(e.source, e.target) for e in builds_on] == [("a", "b"), ("a", "c"), ("b", "c")]


def test_a_stated_edge_keeps_what_was_found_for_it() -> None:
    _, builds_on, _ = corrected(row("add-edge", "a", "b"))
    edge = builds_on[0]
    assert (edge.basis, edge.confidence, edge.via, edge.evidence) == (Basis.CORRECTED, 1.0, ("x",), WHY)
    assert edge.reason == "a reader of this graph says so; extends Beta"


def test_a_stated_edge_turns_one_that_was_found_round() -> None:
    _, builds_on, _ = corrected(row("add-edge", "b", "a"))
    assert [(e.source, e.target) for e in builds_on] == [("a", "c"), ("b", "a")]


def test_the_last_word_on_an_edge_counts() -> None:
    add, drop = row("add-edge", "a", "b", number=1), row("drop-edge", "a", "b", "builds_on", number=2)
    _, builds_on, outcomes = corrected(add, drop)
    assert builds_on == BUILDS[1:]
    assert outcomes == [(Status.OVERRULED, "line 3 rules on the same"), (Status.APPLIED, "")]
    turned = row("add-edge", "b", "a", number=2)
    _, builds_on, outcomes = corrected(add, turned)
    assert [(e.source, e.target) for e in builds_on] == [("a", "c"), ("b", "a")]
    assert [s for s, _ in outcomes] == [Status.OVERRULED, Status.APPLIED]
    _, _, outcomes = corrected(drop, row("drop-edge", "a", "b", "similar", number=3))
    assert [s for s, _ in outcomes] == [Status.APPLIED] * 2, "two kinds of edges"


def test_a_paper_is_found_by_every_id_that_the_registry_knows() -> None:
    registry = Registry()
    id_ = registry.paper_id("Beta")
    registry.paper_id("Beta", arxiv_id="2201.11903")
    found = PaperFinder([Paper(id_, "Beta", "")], registry)
    for text in (id_, "beta", "2201.11903", "arXiv:2201.11903v2", "https://arxiv.org/abs/2201.11903"):
        assert found.find(text) == (id_, "")


def test_papers_are_found_by_id_and_title_or_the_reason_is_said() -> None:
    for text in ("b", "BETA", " beta "):
        assert corrected(row("drop-edge", "a", text, "builds_on"))[2] == [(Status.APPLIED, "")], text
    for paper, words in (
        ("Introduction", "2 papers have the title"),
        ("zzz", "no paper 'zzz'"),
        ("?!", "no paper"),
        ("2301.00001", "no paper"),
    ):
        (outcome,) = corrected(row("drop-edge", "a", paper, "similar"))[2]
        assert outcome[0] is Status.NOT_APPLIED
        assert words in outcome[1]
    assert "the same paper" in corrected(row("add-edge", "b", "Beta"))[2][0][1]
    assert "no edge is drawn" in corrected(row("drop-edge", "b", "c", "similar"))[2][0][1]


ends = st.sampled_from(["a", "b", "c", "Beta", "Introduction", "zzz"])
wild = st.builds(
    lambda kind, paper, other, value: {"kind": kind, "paper": paper, "other": other, "value": value},
    st.sampled_from([Kind.DROP_EDGE, Kind.ADD_EDGE]),
    ends,
    ends,
    st.sampled_from(["similar", "builds_on", ""]),
)


@given(st.lists(wild, max_size=8))
def test_any_corrections_leave_edges_one_way_and_ranks_without_gaps(rows: list[dict[str, str]]) -> None:
    made = [c for i, cells in enumerate(rows, 1) if not (c := correction(cells, i, i + 1)).problem]
    similar, builds_on, outcomes = corrected(*made)
    pairs = {(e.source, e.target) for e in builds_on}
    assert len(pairs) == len(builds_on)
    assert not {(b, a) for a, b in pairs} & pairs
    assert all(a != b for a, b in pairs)
    for paper in {e.source for e in similar}:
        ranks = [e.rank for e in similar if e.source == paper]
        assert ranks == list(range(1, len(ranks) + 1))
    assert len(outcomes) == len(made)
    for said, (status, _) in zip(made, outcomes, strict=True):
        if status is Status.APPLIED and said.kind == Kind.ADD_EDGE:
            (a, _), (b, _) = finder().find(said.paper), finder().find(said.other)
            assert (a, b) in pairs
