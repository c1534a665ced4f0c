"""How near two papers are, as three features: shared terms, vectors, and vectors less the corpus's mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from papergraph.link import terms
from papergraph.link.statistics import Statistics, document_frequency
from papergraph.model import Paper

Array = NDArray[np.float64]

NAMES = ("terms", "vectors", "centred vectors")


def unit(matrix: Array) -> Array:
    """Rows of length 1; zeros stay zeros."""
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix / np.where(length > 1e-9, length, 1)


@cache
def _frequency(count: int) -> float:
    return 1 + float(np.log(count))


def _sparse(rows: Sequence[Mapping[str, float]], known: Sequence[str]) -> Any:
    """Unit rows (n, words). Columns stand in one order whatever the batch: sums are equal bit for bit."""
    unseen = sorted({word for row in rows for word in row}.difference(known))
    column = {word: i for i, word in enumerate([*known, *unseen])}
    ends = np.cumsum([0, *(len(row) for row in rows)])
    indices = np.empty(ends[-1], np.int64)
    values = np.empty(ends[-1], np.float64)
    for start, row in zip(ends, rows, strict=False):
        pairs = sorted((column[word], value) for word, value in row.items())
        length = np.sqrt(sum(value * value for _, value in pairs)) or 1.0
        indices[start : start + len(pairs)] = [index for index, _ in pairs]
        values[start : start + len(pairs)] = [value / length for _, value in pairs]
    return sparse.csr_array((values, indices, ends), shape=(len(rows), len(column)))


class Features:
    """Cosines of any two of `papers`, whose vectors are unit rows (n, dim), in the order of NAMES.

    Statistics that are not given, or are of vectors of another length, are fitted on these papers.
    """

    def __init__(
        self, papers: Sequence[Paper], vectors: NDArray[np.float32], statistics: Statistics | None = None
    ) -> None:
        counts = [terms.counts(p) for p in papers]
        self._vectors = vectors.astype(np.float64)
        if statistics is None or len(statistics.centre) != vectors.shape[1]:
            centre = self._vectors.mean(axis=0) if len(papers) else np.zeros(vectors.shape[1])
            statistics = Statistics(len(papers), document_frequency(counts, least=2), centre)
        self.statistics = statistics
        self._rarity = cache(statistics.rarity)
        self._terms = _sparse([self._weights(c) for c in counts], list(statistics.terms))
        self._centred = unit(self._vectors - statistics.centre)

    def __len__(self) -> int:
        return len(self._vectors)

    def _weights(self, counts: Mapping[str, int]) -> dict[str, float]:
        """TF-IDF with sublinear frequency; a term that the statistics lack counts as one paper's."""
        known = self.statistics.terms
        return {t: _frequency(n) * (1 + self._rarity(known.get(t, 1))) for t, n in counts.items()}

    def block(self, rows: NDArray[np.intp]) -> Array:
        """(3, rows, papers)."""
        return np.stack(
            [
                (self._terms[rows] @ self._terms.T).toarray(),
                self._vectors[rows] @ self._vectors.T,
                self._centred[rows] @ self._centred.T,
            ]
        )

    def pairs(self, row: int, columns: NDArray[np.intp]) -> Array:
        """(3, columns): as in `block`, but a value depends on its two papers alone, to the last bit."""
        return np.stack(
            [
                self._terms[columns] @ self._terms[[row]].toarray()[0],
                (self._vectors[columns] * self._vectors[row]).sum(axis=1),
                (self._centred[columns] * self._centred[row]).sum(axis=1),
            ]
        )
