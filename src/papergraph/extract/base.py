"""What every extractor gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from papergraph.model import Entity, Evidence, PaperKind


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a paper's title and abstract say; every piece of evidence stands there verbatim at its offsets."""

    entities: tuple[Entity, ...]  # in order of first mention
    kind: PaperKind
    gist: Evidence | None
    claims: tuple[Evidence, ...]
    urls: tuple[str, ...]
    short: str  # at most 28 characters
    vector: NDArray[np.float32] | None = field(default=None, compare=False)  # the paper's embedding, if any
    views: NDArray[np.float32] | None = field(default=None, compare=False)  # (views, dim), as tagger.Reading


class Extractor(Protocol):
    """`version` changes whenever the same text may give another extraction: builds reuse extraction by it.
    `embedder`: the name of the embedder whose vectors come with the extractions."""

    version: str
    embedder: str

    def extract(self, title: str, abstract: str) -> Extraction: ...
