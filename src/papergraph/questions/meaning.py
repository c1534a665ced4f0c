"""Nearness in meaning of a free text to the papers: its embedding against theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from papergraph.questions.catalogue import kept
from papergraph.settings import Settings
from papergraph.store.base import GraphStore, Vectors

LOW, HIGH = 0.5, 3.0  # standard deviations above the mean: not near, and as near as they come
LEAST_SPREAD = 0.05  # a smaller standard deviation is noise
LEAST_COSINE = 0.15  # below it nothing is near, however far it stands out


class QueryEmbedder(Protocol):
    """The part of an embedder that questions use: unit rows, float32 (n, dim)."""

    def embed(self, texts: Sequence[str]) -> np.ndarray: ...


def query_embedder(store: GraphStore, settings: Settings) -> tuple[QueryEmbedder | None, str]:
    """What embeds a free text just as the papers were embedded; or None, and in words why.

    A built-in embedder is known by its name; another one must be the setting `embedder`.
    """
    from papergraph.embed import BUILT_IN, load_embedder

    made_by = store.info().embedder
    kind = made_by.partition(":")[0]
    if kind == "vectors":
        return None, "the graph's vectors were given ready-made, so the text is compared by its words only"
    spec = kind if kind in BUILT_IN else settings.embedder
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


def meaning(store: GraphStore, texts: Sequence[str], embedder: QueryEmbedder | None) -> dict[str, float]:
    """Nearness in meaning of some texts to every listed paper, in [0, 1]; empty without an embedder.

    A cosine tells little by itself: some texts are near to everything. It counts by how far it stands out
    from those of all papers, in standard deviations, averaged over the texts.
    """
    if embedder is None:
        return {}
    held = vectors(store)
    if not len(held.ids):
        return {}
    cosines = np.asarray(held.matrix @ embedder.embed(texts).T, np.float64)
    apart = (cosines - cosines.mean(axis=0)) / np.maximum(cosines.std(axis=0), LEAST_SPREAD)
    scaled = np.clip((apart.mean(axis=1) - LOW) / (HIGH - LOW), 0, 1)
    scaled[cosines.mean(axis=1) < LEAST_COSINE] = 0
    return {id_: round(float(s), 4) for id_, s in zip(held.ids, scaled, strict=True)}
