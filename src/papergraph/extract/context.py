"""How far the words of a paper stand from a mention: what the entity head's attention weighs them by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from papergraph.extract.words import Document

_EDGES = np.array([1, 2, 3, 5, 9, 17])  # words away from the mention; a bucket from each edge to the next
N_DISTANCES = 2 * len(_EDGES) + 2


def distances(document: Document, spans: list[tuple[int, int]]) -> NDArray[np.int64]:
    """[spans, words]: bucket 0 for the span itself, then words before it, words after it, other sentences."""
    word = np.arange(len(document.words))
    first = np.array([s for s, _ in spans], np.int64)[:, None]
    last = np.array([e for _, e in spans], np.int64)[:, None]
    before = np.searchsorted(_EDGES, np.maximum(first - word, 0), side="right")
    after = np.searchsorted(_EDGES, np.maximum(word - last, 0), side="right")
    out = np.where(before > 0, before, np.where(after > 0, after + len(_EDGES), 0))
    elsewhere = document.sentence[first] != document.sentence[None]
    return np.where(elsewhere, N_DISTANCES - 1, out).astype(np.int64)
