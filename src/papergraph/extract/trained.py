"""The built-in extractor: the trained network, then rules that are the same for every paper."""

from __future__ import annotations

import hashlib
from pathlib import Path

from papergraph.assets import data
from papergraph.extract import facts
from papergraph.extract.base import Extraction
from papergraph.extract.decode import decode
from papergraph.extract.tagger import Tagger, digest, vector_name
from papergraph.settings import Settings

CODE_VERSION = "4"  # raise it when code of this package changes what is extracted


class TrainedExtractor:
    """Reads one paper at a time: what it finds depends on that paper alone. Safe to call from several
    threads."""

    def __init__(self, settings: Settings | None = None, *, folder: Path | None = None) -> None:
        self._min_confidence = (settings or Settings()).entity_min_confidence
        self._tagger = Tagger(folder or data("models"))
        key = f"{CODE_VERSION} {digest(folder or data('models'))} {self._min_confidence!r}"
        self.embedder = vector_name(folder or data("models"))
        self.version = f"trained:{hashlib.sha256(key.encode()).hexdigest()[:12]}"

    def extract(self, title: str, abstract: str) -> Extraction:
        reading = self._tagger.read(title, abstract)
        entities = decode(reading, self._min_confidence)
        return Extraction(
            entities=entities,
            kind=facts.kind(title, abstract, entities),
            gist=facts.gist(abstract, reading.sentences, entities),
            claims=facts.claims(abstract, reading.sentences),
            urls=facts.addresses(abstract),
            short=facts.short(title, entities),
            vector=reading.vector,
            views=reading.views,
        )
