"""ALIKE: the nearest papers of each paper by what they say of their problem, and of their approach.

A score is the probability that a careful reader, shown the two papers, says that they work on the same
problem, or take the same approach: a logistic function, fitted by training/fit_links.py on judged pairs, of
the cosine of what the network read of the view, less the corpus's mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from papergraph.link.features import Array, unit
from papergraph.link.similar import nearest
from papergraph.link.weights import load_weights
from papergraph.model import Alike, Similar, View


class Views:
    """Papers (ids) in each view: `views` are rows (papers, views, dim) of length 1, zeros where a paper says
    nothing.

    `centre` (views, dim) of an earlier corpus is used as it is; without any, or where it is of another shape,
    it is the mean of these papers. A score depends on its two papers and the centre alone.
    """

    def __init__(
        self, papers: Sequence[str], views: NDArray[np.float32], centre: NDArray[np.float64] | None = None
    ) -> None:
        self._papers = papers
        self._position = {p: i for i, p in enumerate(papers)}
        rows = views.astype(np.float64)
        self._said: NDArray[np.bool_] = np.asarray(rows.any(axis=2))
        if centre is None or centre.shape != rows.shape[1:]:
            centre = rows.sum(axis=0) / np.maximum(self._said.sum(axis=0), 1)[:, None]
        self.centre: NDArray[np.float64] = centre
        self._rows = [unit((rows[:, v] - centre[v]) * self._said[:, v, None]) for v in range(len(View))]

    def cosines(self, view: int, row: int, columns: NDArray[np.intp]) -> Array:
        """(columns,): of one paper and some others, all by position; to the last bit the same either way."""
        return np.asarray((self._rows[view][columns] * self._rows[view][row]).sum(axis=1))

    def _score(self, view: int, a: int, b: int) -> float | None:
        if not (self._said[a, view] and self._said[b, view]):
            return None
        bias, weight = load_weights().views[view]
        logit = bias + weight * float(self.cosines(view, a, np.array([b]))[0])
        return round(1 / (1 + float(np.exp(-logit))), 6)

    def scores(self, a: str, b: str) -> tuple[float | None, float | None]:
        """Of problem and approach; None where one of the two papers says nothing of it."""
        problem, approach = (self._score(v, self._position[a], self._position[b]) for v in range(len(View)))
        return problem, approach

    def scored(self, edges: Sequence[Similar]) -> list[Similar]:
        """The edges with both scores."""
        found = ((e, self.scores(e.source, e.target)) for e in edges)
        return [replace(e, problem=problem, approach=approach) for e, (problem, approach) in found]

    def alike(self, k: int) -> list[Alike]:
        """The `k` nearest papers of each in each view, whatever their score; sorted by source and target."""
        ranks: dict[tuple[str, str], list[int | None]] = {}
        for view in range(len(View)):
            for row, others in self._nearest(view, k):
                for rank, other in enumerate(others, 1):
                    pair = self._papers[row], self._papers[other]
                    ranks.setdefault(pair, [None] * len(View))[view] = rank
        return [Alike(*pair, *self.scores(*pair), *both) for pair, both in sorted(ranks.items())]

    def _nearest(self, view: int, k: int) -> Iterator[tuple[int, list[int]]]:
        """Those that say something of a view, by position, each with its nearest, best first."""
        here = np.flatnonzero(self._said[:, view])
        rows = self._rows[view][here]
        found = nearest(
            len(here),
            k,
            lambda some: np.asarray(rows[some] @ rows.T),
            lambda row, columns: self.cosines(view, int(here[row]), here[columns]),
        )
        for row, others in enumerate(found):
            yield int(here[row]), [int(here[other]) for other, _ in others]
