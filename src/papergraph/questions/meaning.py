"""Nearness in meaning of a free text to the papers: its embedding against theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from papergraph.questions.catalogue import kept
from papergraph.settings import Settings
from papergraph.store.base import GraphStore, Vectors

# Cosines of a question with a paper: unrelated, and as near as they come.
LOW, HIGH = 0.25, 0.70


class QueryEmbedder(Protocol):
    """The part of an embedder that questions use: unit rows, float32 (n, dim)."""

    def embed(self, texts: Sequence[str]) -> np.ndarray: ...


def query_embedder(store: GraphStore, settings: Settings) -> tuple[QueryEmbedder | None, str]:
    """What embeds a free text just as the papers were embedded; or None, and in words why.

    The built-in embedder is known by its name; another one must be the setting `embedder`.
    """
    from papergraph.embed import load_embedder

    made_by = store.info().embedder
    kind = made_by.partition(":")[0]
    if kind == "vectors":
        return None, "the graph's vectors were given ready-made, so the text is compared by its words only"
    spec = "minilm" if kind == "minilm" else settings.embedder
    if spec.partition(":")[0] == kind:
        embedder = load_embedder(spec, settings.threads)
        if embedder.name == made_by:
            return embedder, ""
    wanted = f"the graph was embedded by {made_by}"
    return None, f"{wanted}: name it with --embedder to compare by meaning; by words only now"


@kept
def vectors(store: GraphStore) -> Vectors:
    """The embeddings of the listed papers, read once a store."""
    return store.vectors()


def meaning(store: GraphStore, text: str, embedder: QueryEmbedder | None) -> dict[str, float]:
    """Nearness in meaning of a text to every listed paper, scaled to [0, 1]; empty without an embedder."""
    if embedder is None:
        return {}
    held = vectors(store)
    if not len(held.ids):
        return {}
    cosines = held.matrix @ embedder.embed([text])[0]
    scaled = np.clip((cosines - LOW) / (HIGH - LOW), 0, 1)
    return {id_: round(float(s), 6) for id_, s in zip(held.ids, scaled, strict=True)}
