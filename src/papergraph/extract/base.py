"""What every extractor gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

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


class Extractor(Protocol):
    """`version` changes whenever the same text may give another extraction: builds reuse extraction by it."""

    version: str

    def extract(self, title: str, abstract: str) -> Extraction: ...
