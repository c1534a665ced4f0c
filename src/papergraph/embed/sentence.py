"""Any model of sentence-transformers, by name or path (the extra [st])."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from papergraph.embed import paper_text
from papergraph.errors import InputError, UsageError
from papergraph.model import Paper


class SentenceTransformers:
    """A sentence-transformers model on CPU, one text at a time, so that padding cannot change a vector."""

    def __init__(self, model: str, threads: int = 2) -> None:
        if importlib.util.find_spec("sentence_transformers") is None:
            raise UsageError(
                f"--embedder sentence-transformers:{model}: sentence-transformers is not installed",
                'install it with: pip install "papergraph[st]"',
            )
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(threads)
        try:
            self._model = SentenceTransformer(model, device="cpu")
        except (OSError, ValueError) as error:
            raise InputError(
                f"--embedder sentence-transformers:{model}: cannot load the model: "
                f"{str(error).splitlines()[0]}",
                "give the folder of a saved model, or a name while the network is there",
            ) from None
        self.dim: int = self._model.encode([""]).shape[1]
        digest = hashlib.sha256()
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.contiguous().view(torch.uint8).numpy().tobytes())
        self.name = f"sentence-transformers:{model.rstrip('/').rsplit('/', 1)[-1]}:{digest.hexdigest()[:12]}"

    def embed_papers(self, papers: Sequence[Paper]) -> NDArray[np.float32]:
        return self.embed([paper_text(p) for p in papers])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        rows = self._model.encode(
            list(texts),
            batch_size=1,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(rows, np.float32)
