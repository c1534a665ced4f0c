"""A larger network that labels unlabelled papers for the small one: python -m training.teacher (README.md).

Knowledge distillation with soft labels (Hinton et al., "Distilling the knowledge in a neural network", 2015).
"""

from __future__ import annotations

import argparse
import os
import pickle
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from papergraph.extract.tagger import Reading, Tagger, softmax
from papergraph.text import fold_name, fold_title
from training.data import (
    Example,
    Label,
    example,
    held_out,
    read_csabstruct,
    read_listing,
    read_papers,
    read_tokenizer,
)
from training.export import head_arrays
from training.fit import Recipe, fit
from training.network import DIMENSIONS, Network, TeacherEncoder
from training.plain import minilm_vectors, read_plain, shown

LABEL_FLOOR = 0.05  # candidates below are no entities
SPAN_FLOOR = 0.3  # mentions of surer candidates are spans that the student is taught


class TorchTagger(Tagger):
    """A trained network as a Tagger, without ONNX."""

    def __init__(self, net: Network, tokenizer: Tokenizer, half: bool = False) -> None:
        self.net, self.tokenizer, self.half = net.eval(), tokenizer, half
        self.heads = head_arrays(net, None)
        self.tags: list[NDArray[np.float32]] = []  # of the windows of the paper read last

    def read(self, title: str, abstract: str) -> Reading:
        self.tags = []
        return super().read(title, abstract)

    def _run(self, window: tuple[NDArray[np.int64], NDArray[np.int64]]) -> list[NDArray[np.float32]]:
        ids, features = (torch.from_numpy(x)[None] for x in window)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=self.half):
            hidden, tags = self.net.encoder(ids, features)
        self.tags.append(tags[0].float().numpy())
        return [hidden.float().numpy(), tags.float().numpy()]


def taught(tagger: TorchTagger, title: str, abstract: str, vector: NDArray[np.float32]) -> Example:
    """A paper as the teacher labels it."""
    reading = tagger.read(title, abstract)
    doc = reading.document
    labels: list[Label] = []
    owner: dict[str, int] = {}
    spans: list[tuple[int, int]] = []
    for i in np.argsort(-reading.confidence, kind="stable"):
        sure, candidate = float(reading.confidence[i]), reading.candidates[i]
        if sure < LABEL_FLOOR:
            break
        for key in [candidate.key, *(fold_name(doc.surface(*m)) for m in candidate.mentions)]:
            owner.setdefault(key, len(labels))
        labels.append(Label(sure, reading.types[i], reading.roles[i]))
        if sure >= SPAN_FLOOR:
            spans += candidate.mentions
    tags = softmax(np.concatenate(tagger.tags)[doc.first])
    return Example(doc, tags, sorted(set(spans)), labels, owner, vector, by_reader=False)


def main() -> None:
    """Train the teacher on labelled papers, and let it label unlabelled ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="folder of all-mpnet-base-v2")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="labelled papers, JSON lines")
    parser.add_argument("--listing", type=Path, nargs="*", default=[], help="whose papers it shall not label")
    parser.add_argument("--sentences", type=Path, required=True, help="CSAbstruct's train.jsonl")
    parser.add_argument("--plain", type=Path, nargs="+", required=True, help="unlabelled papers, JSON lines")
    parser.add_argument("--papers", type=int, default=4000, help="how many of them")
    parser.add_argument("--state", type=Path, required=True, help="the teacher's weights; trained if missing")
    parser.add_argument("--out", type=Path, required=True, help="the papers as labelled")
    parser.add_argument("--half", action="store_true", help="bfloat16: faster where the processor has it")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    torch.set_num_threads(args.threads)
    tokenizer = read_tokenizer()
    words = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
    net = Network(TeacherEncoder(str(args.base), words))
    if args.state.exists():
        net.load_state_dict(torch.load(args.state, map_location="cpu"))
    else:
        rows = [r for path in args.gold for r in read_papers(path, {}) if not held_out(r)]
        no_vector = np.zeros(DIMENSIONS, np.float32)
        papers = [example(tokenizer, r, no_vector) for r in rows]
        abstracts = read_csabstruct(args.sentences, tokenizer)
        for batch in (4, 8):  # the rates rise and fall twice
            recipe = Recipe(
                epochs=2, batch=batch, encoder_rate=5e-5, vector_weight=0, sentence_every=25, half=args.half
            )
            fit(net, papers, abstracts, [], recipe, args.device, lambda line: print(line, flush=True))
        torch.save(net.to("cpu").state_dict(), args.state)
    known = {fold_title(r["title"]) for path in args.gold for r in read_papers(path, {})}
    known |= {title for path in args.listing for title in read_listing(path)}
    texts = shown([t for t in read_plain(args.plain, args.papers) if fold_title(t[0]) not in known])
    vectors = minilm_vectors(texts, args.threads)
    tagger = TorchTagger(net, tokenizer, args.half)
    labelled = [taught(tagger, *t, v) for t, v in zip(texts, vectors, strict=True)]
    args.out.write_bytes(pickle.dumps(labelled))


if __name__ == "__main__":
    main()
