"""What a corpus says about its terms and vectors: fitted by a full build, stored, and reused by `add`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = "statistics.npz"


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of `papers` listed papers: in how many each term occurs, the mean of their vectors (dim,), and that of
    what they say in each view (views, dim)."""

    papers: int
    terms: Mapping[str, int]  # those of two papers or more
    centre: NDArray[np.float64]
    views: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 0)))

    def rarity(self, count: int) -> float:
        """Inverse document frequency, log((n + 1) / (count + 1)): 0 for what every paper has."""
        return max(0.0, math.log((self.papers + 1) / (count + 1)))

    def save(self, folder: Path) -> None:
        """Writes statistics.npz into a generation's folder; equal statistics give equal bytes."""
        text = np.frombuffer("\n".join(self.terms).encode(), np.uint8)
        counts = np.array(list(self.terms.values()), np.int32)
        np.savez_compressed(
            folder / FILE,
            papers=np.array(self.papers),
            terms=text,
            counts=counts,
            centre=self.centre,
            views=self.views,
        )

    @classmethod
    def load(cls, folder: Path) -> Statistics:
        """What `save` wrote; raises FileNotFoundError where there is nothing."""
        with np.load(folder / FILE, allow_pickle=False) as file:
            counts = file["counts"].tolist()
            names = file["terms"].tobytes().decode().split("\n") if counts else []
            terms = dict(zip(names, counts, strict=True))
            return cls(int(file["papers"]), terms, file["centre"], file["views"])


def document_frequency(documents: Iterable[Iterable[str]], least: int = 1) -> dict[str, int]:
    """In how many documents each word occurs; `documents` hold each word once. Sorted by word."""
    count: Counter[str] = Counter()
    for words in documents:
        count.update(words)
    return {word: n for word, n in sorted(count.items()) if n >= least}
