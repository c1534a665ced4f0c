"""From labelled papers to the shipped extractor: python -m training.train (README.md has the command)."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import shutil
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist

from papergraph.extract.tagger import FILES, Tagger
from training.calibrate import calibrate, calibration_error, is_entity, reliability
from training.data import (
    Example,
    base_folder,
    example,
    held_out,
    read_csabstruct,
    read_listing,
    read_papers,
    read_tokenizer,
)
from training.export import export, heads
from training.fit import Recipe, fit
from training.network import Encoder, Network
from training.plain import minilm_vectors


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def finish(net: Network, kept: list[dict], folder: Path) -> dict[str, object]:
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
    diagram = reliability(crossed, truth)
    return {
        "candidates": len(truth),
        "ece": round(calibration_error(diagram), 4),
        "confidence, share right, candidates": [(round(c, 3), round(t, 3), n) for c, t, n in diagram],
    }


def main() -> None:
    """Train, export, calibrate, and write the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="labelled papers, JSON lines")
    parser.add_argument(
        "--listing", type=Path, nargs="*", default=[], help="texts for gold files with titles only"
    )
    parser.add_argument("--sentences", type=Path, help="CSAbstruct's train.jsonl")
    parser.add_argument(
        "--taught", type=Path, required=True, help="papers as the teacher labels them (README.md)"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--start", type=Path, help="network.pt of an earlier run, to go on from")
    parser.add_argument("--encoder-rate", type=float, default=Recipe.encoder_rate)
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument("--half", action="store_true", help="bfloat16: faster where the processor has it")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    torch.manual_seed(Recipe.seed)
    if "WORLD_SIZE" in os.environ:  # by torchrun
        dist.init_process_group("gloo")
    first = not dist.is_initialized() or dist.get_rank() == 0
    torch.set_num_threads(args.threads)
    tokenizer = read_tokenizer()
    texts: dict[str, tuple[str, str]] = {}
    for path in args.listing:
        texts |= {k: v for k, v in read_listing(path).items() if k not in texts}
    rows = [row for path in args.gold for row in read_papers(path, texts)]
    kept = list({r["title"]: r for r in rows if held_out(r)}.values())
    abstracts = read_csabstruct(args.sentences, tokenizer) if args.sentences else []
    trained = [r for r in rows if not held_out(r)]
    vectors = minilm_vectors([(r["title"], r["abstract"]) for r in trained], args.threads)
    papers = [example(tokenizer, r, v) for r, v in zip(trained, vectors, strict=True)]
    taught: list[Example] = pickle.loads(args.taught.read_bytes())
    recipe = Recipe(epochs=args.epochs, encoder_rate=args.encoder_rate, half=args.half)
    args.out.mkdir(parents=True, exist_ok=True)
    started = time.time()
    net = Network(Encoder(str(base_folder())))
    fit(
        net, papers, abstracts, taught, recipe, args.device,
        lambda line: print(line, flush=True) if first else None, start=args.start,
    )  # fmt: skip
    if not first:
        return
    torch.save(net.to("cpu").state_dict(), args.out / "network.pt")
    figures = finish(net, kept, args.out)
    inputs = [*args.gold, *args.listing, args.taught, *([args.sentences] if args.sentences else [])]
    record = {
        "recipe": asdict(recipe),
        "went on from": json.loads((args.start.parent / "tagger.json").read_text()) if args.start else None,
        "papers": len(papers),
        "kept for calibration": len(kept),
        "abstracts with sentence roles": len(abstracts),
        "papers labelled by the teacher": len(taught),
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
