"""The embedder that shares the extractor's encoder: a paper's vector comes with its extraction.

The encoder is trained to tag and to give the vectors of a teacher at once (training/fit.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from papergraph.assets import data
from papergraph.extract.tagger import Tagger, vector_name
from papergraph.model import Paper


class Shared:
    """384 dimensions, the first window (384 tokens) of a text. `threads` texts run beside each other; a
    vector is the same, bit for bit, in whatever company its text comes."""

    dim = 384

    def __init__(self, threads: int = 2, *, folder: Path | None = None) -> None:
        self._tagger = Tagger(folder or data("models"))
        self.name = vector_name(folder or data("models"))
        self._threads = threads

    def embed_papers(self, papers: Sequence[Paper]) -> NDArray[np.float32]:
        return self._rows([(p.title, p.abstract) for p in papers])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._rows([(text, "") for text in texts])

    def _rows(self, texts: list[tuple[str, str]]) -> NDArray[np.float32]:
        out = np.empty((len(texts), self.dim), np.float32)
        with ThreadPoolExecutor(self._threads) as pool:
            for i, row in enumerate(pool.map(lambda text: self._tagger.vector(*text), texts)):
                out[i] = row
        return out
