"""The built-in embedder: all-MiniLM-L6-v2 as ONNX int8, on ONNX Runtime alone.

training/export_minilm.py makes the model's file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from papergraph.assets import data
from papergraph.embed import paper_text
from papergraph.model import Paper

MAX_TOKENS = 256
# Far beyond 256 tokens of any prose; spares tokenising megabytes that would be cut off.
MAX_CHARACTERS = 20_000
# ONNX Runtime would join operators that take longer joined, on a CPU: the first by a fifth of the whole time.
SLOW_FUSIONS = ["SkipLayerNormFusion", "BiasGeluFusion"]


class MiniLM:
    """384 dimensions, the first 256 tokens of a text.

    Dynamic int8 takes its scale from everything in a batch, so each text runs alone, without padding, on one
    thread; `threads` texts run beside each other. So a vector is the same, bit for bit, in whatever company
    its text comes.
    """

    dim = 384

    def __init__(
        self,
        threads: int = 2,
        *,
        model: Path | None = None,
        tokenizer: Path | None = None,
    ) -> None:
        content = (model or data("models/minilm-int8.onnx")).read_bytes()
        self.name = f"minilm:{hashlib.sha256(content).hexdigest()[:12]}"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            content, options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOW_FUSIONS
        )
        self._tokenizer = Tokenizer.from_file(str(tokenizer or data("models/tokenizer.json")))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._threads = threads

    def embed_papers(self, papers: Sequence[Paper]) -> NDArray[np.float32]:
        return self.embed([paper_text(p) for p in papers])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        out = np.empty((len(texts), self.dim), np.float32)
        with ThreadPoolExecutor(self._threads) as pool:
            for i, row in enumerate(pool.map(self._one, texts)):
                out[i] = row
        return out

    def _one(self, text: str) -> NDArray[np.float32]:
        ids = np.array([self._tokenizer.encode(text[:MAX_CHARACTERS]).ids], np.int64)
        vector: NDArray[np.float32] = self._session.run(None, {"input_ids": ids})[0][0]
        return vector
