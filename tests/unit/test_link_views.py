"""ALIKE: who is near whom in problem and in approach, and how sure we are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papergraph.link import Statistics, Views
from papergraph.model import Similar, View

DIM = 6


def rows_of(problems: list[int], approaches: list[int], seed: int = 1) -> np.ndarray:
    """Views of papers that share a direction with those of the same number; -1 says nothing."""
    rng = np.random.default_rng(seed)
    out = np.zeros((len(problems), len(View), DIM), np.float32)
    for view, numbers in enumerate((problems, approaches)):
        for i, number in enumerate(numbers):
            if number >= 0:
                row = np.eye(DIM)[number] + rng.normal(0, 0.05, DIM)
                out[i, view] = row / np.linalg.norm(row)
    return out


def ids(count: int) -> list[str]:
    return [f"p{i}" for i in range(count)]


def test_each_view_has_an_order_of_its_own():
    views = Views(ids(4), rows_of([0, 0, 1, 1], [0, 1, 0, 1]))
    first = {
        view: {e.source: e.target for e in views.alike(1) if getattr(e, f"{view}_rank") == 1} for view in View
    }
    assert first[View.PROBLEM] == {"p0": "p1", "p1": "p0", "p2": "p3", "p3": "p2"}
    assert first[View.APPROACH] == {"p0": "p2", "p1": "p3", "p2": "p0", "p3": "p1"}
    problem, approach = views.scores("p0", "p1")
    assert problem is not None and approach is not None
    assert 0 <= approach < problem <= 1
    assert views.scores("p1", "p0") == (problem, approach)


def test_ranks_follow_scores_and_both_scores_stand_on_every_edge():
    found = Views(ids(6), rows_of([0, 0, 0, 1, 1, 2], [0, 1, 0, 1, 0, 1])).alike(3)
    assert [(e.source, e.target) for e in found] == sorted((e.source, e.target) for e in found)
    for view in View:
        for source in ids(6):
            own = [e for e in found if e.source == source and getattr(e, f"{view}_rank") is not None]
            own.sort(key=lambda e: getattr(e, f"{view}_rank"))
            assert [getattr(e, f"{view}_rank") for e in own] == [1, 2, 3]
            scores = [getattr(e, view) for e in own]
            assert scores == sorted(scores, reverse=True)
    assert all(e.problem is not None and e.approach is not None for e in found)


def test_what_says_nothing_of_a_view_has_no_score_there():
    views = Views(ids(3), rows_of([0, 0, -1], [0, 1, 1]))
    assert views.scores("p0", "p2")[0] is None
    found = {(e.source, e.target): e for e in views.alike(5)}
    assert found["p2", "p1"].problem_rank is None and found["p2", "p1"].approach_rank == 1
    assert found["p0", "p1"].problem_rank == 1


@pytest.mark.parametrize("count", [0, 1, 3])
def test_without_views_there_is_nothing(count):
    views = Views(ids(count), np.zeros((count, len(View), 0), np.float32))
    assert views.alike(5) == []
    edges = [Similar("p0", "p1", 0.7, 1, True, ())] if count > 1 else []
    assert views.scored(edges) == edges


def test_drawn_edges_get_both_scores():
    views = Views(ids(3), rows_of([0, 0, 1], [0, 1, 1]))
    (edge,) = views.scored([Similar("p0", "p1", 0.7, 1, True, ())])
    assert (edge.problem, edge.approach) == views.scores("p0", "p1")
    assert edge.score == 0.7


def test_scores_are_the_same_beside_other_papers_once_the_centre_is_stored(tmp_path):
    rows = rows_of([0, 0, 1, 1, 2], [0, 1, 0, 1, 2])
    whole = Views(ids(5), rows)
    Statistics(5, {}, np.zeros(3), whole.centre).save(tmp_path)
    stored = Statistics.load(tmp_path).views
    few = Views(ids(3), rows[:3], stored)
    assert [few.scores("p0", p) for p in ("p1", "p2")] == [whole.scores("p0", p) for p in ("p1", "p2")]
    assert Views(ids(3), rows[:3, :, :4], stored).centre.shape == (len(View), 4)  # another network: anew


@settings(max_examples=30, deadline=None)
@given(
    numbers=st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3)), max_size=9),
    k=st.integers(0, 9),
    seed=st.integers(0, 50),
)
def test_whatever_the_papers_say_ranks_and_scores_hold(numbers, k, seed):
    rows = rows_of([a for a, _ in numbers], [b for _, b in numbers], seed)
    found = Views(ids(len(numbers)), rows).alike(k)
    for e in found:
        assert e.source != e.target
        assert e.problem_rank is not None or e.approach_rank is not None
        for score, rank in ((e.problem, e.problem_rank), (e.approach, e.approach_rank)):
            assert score is None or 0 <= score <= 1
            assert rank is None or (score is not None and 1 <= rank <= k)
