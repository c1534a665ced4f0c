"""SIMILAR_TO: the nearest papers of each paper, scored by a calibrated mixture of three cosines.

A score is the probability that a careful reader, shown the two papers, calls them close in problem or
approach (grade 2 or 3 of 3): a logistic function of the features, fitted by training/fit_links.py on graded
neighbours. The vectors less the corpus's mean take the hubs out (Suzuki et al., EMNLP 2013, "Centering
Similarity Measures to Reduce Hubs").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from papergraph.link.features import Array, Features
from papergraph.link.statistics import Statistics
from papergraph.link.weights import load_weights
from papergraph.model import Concept, Paper, PaperConcept, Similar

BLOCK_CELLS = 2_000_000  # (rows of a block) x (papers): 16 MB a feature
SPARE = 10  # candidates beyond k that are scored exactly


def nearest(
    n: int,
    k: int,
    block: Callable[[NDArray[np.intp]], Array],
    exact: Callable[[int, NDArray[np.intp]], Array],
) -> list[list[tuple[int, float]]]:
    """For each of `n` papers its k nearest as (position, nearness), best first; none where n or k is too
    small.

    `block(rows)` is the nearness (rows, n) of some papers to all; `exact(row, columns)` that of one to a few,
    to the last bit whatever stands beside them.
    """
    wanted = min(k + SPARE, n - 1)
    out: list[list[tuple[int, float]]] = []
    if k < 1 or wanted < 1:
        return out
    step = max(1, BLOCK_CELLS // n)
    for start in range(0, n, step):
        rows = np.arange(start, min(start + step, n))
        values = block(rows)
        values[np.arange(len(rows)), rows] = -np.inf
        near = np.sort(np.argpartition(-values, wanted - 1, axis=1)[:, :wanted], axis=1)
        for row, columns in zip(rows.tolist(), near, strict=True):
            rounded = np.round(exact(row, columns), 6)
            best = np.argsort(-rounded, kind="stable")[:k]
            out.append([(int(columns[i]), float(rounded[i])) for i in best])
    return out


def _neighbours(features: Features, k: int) -> list[list[tuple[int, float]]]:
    """For each paper its k nearest as (position, logit), best first."""
    bias, weights = load_weights().similar
    return nearest(
        len(features),
        k,
        lambda rows: np.asarray(np.tensordot(weights, features.block(rows), axes=1)),
        lambda row, columns: bias + (features.pairs(row, columns) * weights[:, None]).sum(axis=0),
    )


def _shared(edges: Sequence[PaperConcept], concepts: Sequence[Concept]) -> dict[str, set[str]]:
    known = {c.id for c in concepts}
    out: dict[str, set[str]] = defaultdict(set)
    for e in edges:
        if e.concept in known:
            out[e.paper].add(e.concept)
    return out


def similar(
    papers: Sequence[Paper],
    vectors: NDArray[np.float32],
    paper_concepts: Sequence[PaperConcept],
    concepts: Sequence[Concept],
    *,
    k: int,
    floor: float,
    statistics: Statistics | None = None,
) -> tuple[list[Similar], Statistics]:
    """For each listed paper at most `k` others with a score of at least `floor`, sorted by source and rank.

    `vectors` are unit rows (n, dim) in the order of `papers`. `statistics` of an earlier call are used as
    they are; without any, or where they are of vectors of another length, they are fitted on these papers. A
    score depends on its two papers and the statistics alone. `mutual`: the target draws the source too.
    """
    order = sorted(range(len(papers)), key=lambda i: papers[i].id)
    papers, vectors = [papers[i] for i in order], vectors[order]
    features = Features(papers, vectors, statistics)
    drawn = []
    for neighbours in _neighbours(features, k):
        scored = [(j, round(1 / (1 + float(np.exp(-logit))), 6)) for j, logit in neighbours]
        drawn.append({j: score for j, score in scored if score >= floor})
    named = _shared(paper_concepts, concepts)
    count = {c.id: c.paper_count for c in concepts}
    out = []
    for i, targets in enumerate(drawn):
        source = papers[i].id
        for rank, (j, score) in enumerate(targets.items(), 1):
            target = papers[j].id
            shared = sorted(named[source] & named[target], key=lambda c: (count[c], c))
            out.append(Similar(source, target, score, rank, i in drawn[j], tuple(shared)))
    return out, features.statistics
