"""SIMILAR_TO: who is near whom, and how sure we are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papergraph.link import Statistics, similar
from papergraph.model import Concept, EntityType, Paper, PaperConcept, Role

TOPICS = {
    "distil": "distilling chain-of-thought rationales of a large teacher into small language models",
    "prune": "pruning attention heads and feed-forward layers of transformers for faster inference",
    "stars": "spectra of distant galaxies observed with an infrared telescope reveal dust",
}
DIM = 8


def papers_of(topics: dict[str, int]) -> tuple[list[Paper], np.ndarray]:
    """Papers of a topic share words and nearly a direction; each has words of its own."""
    rng = np.random.default_rng(1)
    papers, rows = [], []
    for number, (topic, count) in enumerate(topics.items()):
        for i in range(count):
            text = f"{TOPICS[topic]} variant{topic}{i}"
            papers.append(Paper(id=f"{topic}-{i}", title=f"{topic} study number{i}", abstract=text))
            rows.append(np.eye(DIM)[number] + rng.normal(0, 0.05, DIM))
    matrix = np.array(rows, np.float32)
    return papers, matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def edges(papers, matrix, k=10, floor=0.5, concepts=(), mentions=(), statistics=None):
    return similar(papers, matrix, mentions, concepts, k=k, floor=floor, statistics=statistics)[0]


def test_papers_of_one_topic_are_joined_and_others_are_not():
    found = edges(*papers_of({"distil": 3, "prune": 3, "stars": 3}))
    assert found
    assert {(e.source.split("-")[0], e.target.split("-")[0]) for e in found} == {
        (t, t) for t in ("distil", "prune", "stars")
    }


def test_a_paper_with_nothing_near_has_no_edges():
    found = edges(*papers_of({"distil": 4, "stars": 1}))
    assert not [e for e in found if "stars-0" in (e.source, e.target)]


def test_at_most_k_edges_leave_a_paper_and_ranks_count_from_one():
    found = edges(*papers_of({"distil": 6}), k=2, floor=0.0)
    for source in {e.source for e in found}:
        own = [e for e in found if e.source == source]
        assert [e.rank for e in own] == [1, 2]
        assert own[0].score >= own[1].score


def test_mutual_is_told_from_both_lists():
    found = edges(*papers_of({"distil": 5, "prune": 4}), k=2, floor=0.0)
    pairs = {(e.source, e.target) for e in found}
    assert any(not e.mutual for e in found)
    assert all(e.mutual == ((e.target, e.source) in pairs) for e in found)


def test_shared_concepts_stand_rarest_first():
    papers, matrix = papers_of({"distil": 2})
    concepts = [
        Concept(c, c, (), EntityType.METHOD, n) for c, n in [("common", 9), ("rare", 2), ("other", 2)]
    ]
    mentions = [
        PaperConcept(p.id, c, Role.USES, c, EntityType.METHOD, 1.0, (), ())
        for p in papers
        for c in ("common", "rare")
    ]
    mentions.append(PaperConcept(papers[0].id, "other", Role.USES, "other", EntityType.METHOD, 1.0, (), ()))
    found = edges(papers, matrix, concepts=concepts, mentions=mentions)
    assert [e.shared for e in found] == [("rare", "common")] * 2


def test_order_of_papers_does_not_matter():
    papers, matrix = papers_of({"distil": 4, "prune": 4, "stars": 4})
    order = np.random.default_rng(2).permutation(len(papers))
    assert edges([papers[i] for i in order], matrix[order], floor=0.0) == edges(papers, matrix, floor=0.0)


def test_scores_of_a_pair_are_the_same_beside_other_papers_once_statistics_are_stored(tmp_path):
    papers, matrix = papers_of({"distil": 4, "prune": 4, "stars": 4})
    whole, statistics = similar(papers, matrix, [], [], k=11, floor=0.0)
    statistics.save(tmp_path)
    stored = Statistics.load(tmp_path)
    few = edges(papers[:6], matrix[:6], k=5, floor=0.0, statistics=stored)
    scores = {(e.source, e.target): e.score for e in whole}
    assert len(few) == 30
    assert all(scores[e.source, e.target] == e.score for e in few)


def test_statistics_are_saved_to_equal_bytes(tmp_path):
    papers, matrix = papers_of({"distil": 3, "stars": 3})
    _, statistics = similar(papers, matrix, [], [], k=3, floor=0.0)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    statistics.save(tmp_path / "a")
    Statistics.load(tmp_path / "a").save(tmp_path / "b")
    assert (tmp_path / "a" / "statistics.npz").read_bytes() == (
        tmp_path / "b" / "statistics.npz"
    ).read_bytes()


def test_statistics_of_another_embedder_are_fitted_anew():
    papers, matrix = papers_of({"distil": 3})
    _, old = similar(papers, matrix[:, :4], [], [], k=2, floor=0.0)
    found, new = similar(papers, matrix, [], [], k=2, floor=0.0, statistics=old)
    assert len(new.centre) == DIM
    assert len(found) == 6


@pytest.mark.parametrize("count", [0, 1, 2])
def test_very_few_papers_are_no_trouble(count, tmp_path):
    papers, matrix = papers_of({"distil": 2})
    found, statistics = similar(papers[:count], matrix[:count], [], [], k=10, floor=0.0)
    statistics.save(tmp_path)
    assert Statistics.load(tmp_path).papers == count
    assert len(found) == (2 if count == 2 else 0)


def test_k_of_zero_draws_nothing():
    assert edges(*papers_of({"distil": 4}), k=0, floor=0.0) == []


words = st.lists(
    st.sampled_from(["lora", "bert", "学习", "a", "$x^2$", "\\textbf{pruning}", "-", "graph's"]), max_size=8
)


@settings(max_examples=40, deadline=None)
@given(
    texts=st.lists(st.tuples(words, words), min_size=1, max_size=12),
    k=st.integers(0, 12),
    floor=st.floats(0, 1),
    seed=st.integers(0, 99),
)
def test_whatever_the_texts_scores_floor_and_k_hold(texts, k, floor, seed):
    papers = [Paper(f"p{i:02}", " ".join(t), " ".join(a)) for i, (t, a) in enumerate(texts)]
    matrix = np.random.default_rng(seed).normal(size=(len(papers), 4)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    found = edges(papers, matrix, k=k, floor=floor)
    assert all(max(floor, 0) <= e.score <= 1 and e.source != e.target for e in found)
    assert all([e.source for e in found].count(p.id) <= k for p in papers)
    assert found == edges(papers[::-1], matrix[::-1], k=k, floor=floor)
