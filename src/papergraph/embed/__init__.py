"""Vectors of papers and texts: one protocol, four embedders, chosen by a word of the settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from papergraph.errors import UsageError
from papergraph.text import readable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from papergraph.model import Paper

__all__ = ["BUILT_IN", "Embedder", "load_embedder", "paper_text"]

BUILT_IN = ("shared", "minilm")
SENTENCE_TRANSFORMERS = "sentence-transformers:"
VECTORS = "vectors:"


class Embedder(Protocol):
    """Turns papers and texts into float32 rows of length 1. A row depends on its own text alone."""

    @property
    def name(self) -> str:
        """What made the vectors, with a hash of its weights: two embedders of one name give equal vectors."""
        ...

    @property
    def dim(self) -> int: ...

    def embed_papers(self, papers: Sequence[Paper]) -> NDArray[np.float32]:
        """(n, dim). Raises InputError where precomputed vectors lack a paper."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim). Raises UsageError where the vectors are precomputed, so that free text has none."""
        ...


def paper_text(paper: Paper) -> str:
    """What is embedded for a paper: its title and abstract, LaTeX made readable."""
    return f"{readable(paper.title)}\n{readable(paper.abstract)}".strip()


def load_embedder(spec: str, threads: int) -> Embedder:
    """The embedder that `spec` names: "shared", "minilm", "sentence-transformers:NAME_OR_PATH" or
    "vectors:FILE.npy".

    Raises UsageError on another word or where an extra is missing, InputError on files that cannot be used.
    """
    if spec == "shared":
        from papergraph.embed.shared import Shared

        return Shared(threads)
    if spec == "minilm":
        from papergraph.embed.minilm import MiniLM

        return MiniLM(threads)
    if spec.startswith(SENTENCE_TRANSFORMERS) and (model := spec.removeprefix(SENTENCE_TRANSFORMERS)):
        from papergraph.embed.sentence import SentenceTransformers

        return SentenceTransformers(model, threads)
    if spec.startswith(VECTORS) and (path := spec.removeprefix(VECTORS)):
        from papergraph.embed.precomputed import Precomputed

        return Precomputed(path)
    raise UsageError(
        f"--embedder: there is no embedder {spec!r}",
        "use shared, minilm, sentence-transformers:NAME_OR_PATH, or vectors:FILE.npy",
    )
