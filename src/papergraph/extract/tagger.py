"""The trained network at run time: ONNX encoder, numpy heads. One paper at a time, so that no paper changes
another."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from papergraph.extract.candidates import (
    Candidate,
    allowed,
    enumerate_spans,
    group,
    hand_features,
    in_address,
    spread,
    trim,
)
from papergraph.extract.context import distances
from papergraph.extract.cues import cue_features
from papergraph.extract.words import Document, document

Array = NDArray[np.float32]
SPAN_FLOOR = 0.03
SPAN_CAP = 80
AT_ONCE = 256  # mentions that attend together: memory grows with mentions times words
FILES = ("tagger.onnx", "tagger_heads.npz", "tokenizer.json")
VIEW_OF = np.array([[1, 1, 0, 0, 0], [0, 0, 1, 0, 0]], np.float32)
"""Kinds of sentences (background, objective, method, result, other) by the view that they speak of: problem,
approach."""


@dataclass(frozen=True)
class Reading:
    """What the network says about a paper.

    `confidence` [candidates]: probability of being an entity, calibrated. `types` [candidates, 4] and `roles`
    [candidates, 6] are probabilities in the order of EntityType and Role; `mention_roles` the roles of each
    mention taken alone, one array a candidate. `features` are the inputs of the calibration. `sentences`
    [sentences of the abstract, 5]: background, objective, method, result, other. `vector` [384]: the paper's
    embedding, of length 1. `views` [2, 384]: what it says of its problem and of its approach, in the order of
    model.View, as rows of length 1 (zeros where the text has no word).
    """

    document: Document
    candidates: list[Candidate]
    confidence: Array
    types: Array
    roles: Array
    mention_roles: list[Array]
    features: NDArray[np.float64]
    sentences: Array
    vector: Array
    views: Array


def softmax(x: Array) -> Array:
    """Probabilities along the last axis."""
    e = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True), np.float32)


def tag_probabilities(tags: Array) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probability of any B and of any I for each word, from tag scores [words, 9] (O, then B and I of each
    type)."""
    p = np.exp(tags.astype(np.float64) - tags.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    return p[:, 1::2].sum(1), p[:, 2::2].sum(1)


def calibration_features(entity: Array, candidates: list[Candidate], hand: Array) -> NDArray[np.float64]:
    """Inputs of the logistic calibration, one row a candidate: head score, tagger scores as logits, hand
    features."""
    top = np.array([max(c.scores) for c in candidates])
    mean = np.array([np.mean(c.scores) for c in candidates])
    logit = [np.log(np.clip(x, 1e-3, 0.999) / (1 - np.clip(x, 1e-3, 0.999))) for x in (top, mean)]
    return np.column_stack([entity, *logit, hand]).astype(np.float64)


class Tagger:
    """Loads the shipped network (or the one in `folder`) and reads papers with it."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # the fused operator is several times slower than a sum and a layer normalisation
        self.session = onnxruntime.InferenceSession(
            str(folder / "tagger.onnx"),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],
        )
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        with np.load(folder / "tagger_heads.npz") as heads:
            self.heads = {name: heads[name] for name in heads.files}

    def vector(self, title: str, abstract: str) -> Array:
        """[384]: the embedding of a text, of length 1; the same as that of `read`."""
        window = document(self.tokenizer, title, abstract).windows[0]
        return self._vector(self._run(window)[0][0])

    def read(self, title: str, abstract: str) -> Reading:
        """Everything that the network says about a paper."""
        doc = document(self.tokenizer, title, abstract)
        outputs = [self._run(window) for window in doc.windows]
        hidden = np.concatenate([o[0][0] for o in outputs])
        tags = np.concatenate([o[1][0] for o in outputs])[doc.first]
        pooled = sentence_means(doc, hidden)
        candidates = find(doc, tags)
        sentences = self._sentences(pooled, hidden[0])
        vector = self._vector(hidden[: len(doc.windows[0][0])])
        views = self._views(doc, pooled, sentences)
        if not candidates:
            none = np.zeros((0, 6), np.float32)
            no_features = none.astype(np.float64)
            return Reading(doc, [], none[:, 0], none[:, :4], none, [], no_features, sentences, vector, views)
        cues = cue_features(doc, candidates, sentences)
        hand = np.concatenate([hand_features(doc, candidates), cues], 1)
        spans = self._mentions(doc, hidden, pooled, [m for c in candidates for m in c.mentions])
        sizes = [len(c.mentions) for c in candidates]
        at = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        mean = np.asarray(np.add.reduceat(spans, at) / np.array(sizes, np.float32)[:, None], np.float32)
        out = self._entities(mean, np.maximum.reduceat(spans, at), hidden[0], hand)
        features = calibration_features(out[:, 0], candidates, hand)
        weights = self.heads["calibration"]
        confidence = 1 / (1 + np.exp(-(features @ weights[:-1] + weights[-1])))
        alone = self._entities(spans, spans, hidden[0], np.repeat(hand, sizes, axis=0))
        mention_roles = np.split(softmax(alone[:, 5:]), at[1:])
        return Reading(
            doc, candidates, confidence.astype(np.float32), softmax(out[:, 1:5]), softmax(out[:, 5:]),
            mention_roles, features, sentences, vector, views,
        )  # fmt: skip

    def _run(self, window: tuple[NDArray[np.int64], NDArray[np.int64]]) -> list[Array]:
        """Token vectors [1, tokens, 384] and tag scores [1, tokens, 9]."""
        ids, features = window
        out: list[Array] = self.session.run(None, {"ids": ids[None], "features": features[None]})
        return out

    def _mentions(self, doc: Document, hidden: Array, pooled: Array, spans: list[tuple[int, int]]) -> Array:
        """[mentions, span size]: first token, last token, mean of tokens, mean of the sentence; then one
        layer."""
        starts = [s for s, _ in spans]
        first, last = doc.first[starts], doc.last[[e for _, e in spans]]
        total = np.stack(
            [hidden[a : b + 1].sum(0) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
        )
        mean = total / (last - first + 1).astype(np.float32)[:, None]
        vectors = np.concatenate([hidden[first], hidden[last], mean, pooled[doc.sentence[starts]]], 1)
        alone = np.maximum(self._layer("span", vectors), 0)
        both = np.concatenate([alone, self._seen(doc, hidden, spans, alone)], 1)
        return np.maximum(self._layer("context", both), 0)

    def _seen(self, doc: Document, hidden: Array, spans: list[tuple[int, int]], alone: Array) -> Array:
        """[mentions, span size]: what each mention attends to among the words, by content and by distance."""
        words = hidden[doc.first]
        n = self.heads["distance.weight"].shape[1]
        k, v = (
            self._layer(name, words).reshape(len(words), n, -1).transpose(1, 0, 2)
            for name in ("key", "value")
        )
        out = []
        for start in range(0, len(spans), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            bias = self.heads["distance.weight"][distances(doc, spans[part])]  # [mentions, words, heads]
            q = self._layer("query", alone[part]).reshape(len(bias), n, -1).transpose(1, 0, 2)
            content = q @ k.transpose(0, 2, 1) / np.sqrt(np.float32(q.shape[2]))
            weight = softmax(content + bias.transpose(2, 0, 1))
            out.append((weight @ v).transpose(1, 0, 2).reshape(len(bias), -1))
        return np.concatenate(out)

    def _layer(self, name: str, x: Array) -> Array:
        return np.asarray(x @ self.heads[f"{name}.weight"].T + self.heads[f"{name}.bias"], np.float32)

    def _vector(self, hidden: Array) -> Array:
        """The embedding of a text from the tokens of its first window."""
        vector = self.heads["vector"] @ hidden.mean(0)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)

    def _views(self, doc: Document, pooled: Array, sentences: Array) -> Array:
        """[2, 384]: the mean of the words, each weighted by how likely its sentence is of the view (the title
        is of both); twice that less the mean of the other view, for every word's vector tells of the whole
        text.
        """
        share = np.concatenate([np.ones((1, len(VIEW_OF)), np.float32), sentences @ VIEW_OF.T])
        weight = share * np.bincount(doc.sentence, minlength=len(pooled)).astype(np.float32)[:, None]
        means = (weight / np.maximum(weight.sum(0), 1e-9)).T @ pooled
        rows = (2 * means - means[::-1]) @ self.heads["vector"].T
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(length > 0, length, 1), np.float32)

    def _entities(self, mean: Array, high: Array, cls: Array, hand: Array) -> Array:
        """[entities, 11] scores from the mean and the maximum of each entity's mention vectors."""
        x = np.concatenate([mean, high, np.repeat(cls[None], len(mean), 0), hand], 1)
        return self._layer("out", np.maximum(self._layer("hidden", x), 0))

    def _sentences(self, pooled: Array, cls: Array) -> Array:
        n = len(pooled) - 1
        if not n:
            return np.zeros((0, 5), np.float32)
        i = np.arange(n)
        place = np.stack([i / max(1, n - 1), i == 0, i == n - 1, np.full(n, min(1, n / 15))], 1).astype(
            np.float32
        )
        x = np.concatenate([pooled[1:], np.repeat(cls[None], n, 0), place], 1)
        return softmax(self._layer("sentence.out", np.maximum(self._layer("sentence.hidden", x), 0)))


def sentence_means(doc: Document, hidden: Array) -> Array:
    """[sentences, width]: mean of the first-token vectors of each sentence's words; zeros for a sentence
    without words."""
    total = np.zeros((len(doc.sentence_spans), hidden.shape[1]), np.float32)
    words = hidden[doc.first]
    count = np.bincount(doc.sentence, minlength=len(total))
    ends = np.cumsum(count).tolist()  # words stand in the order of their sentences
    for row, (start, end) in enumerate(pairwise([0, *ends])):
        words[start:end].sum(0, out=total[row])
    return np.asarray(total / np.maximum(count, 1)[:, None], np.float32)


def find(doc: Document, tags: Array) -> list[Candidate]:
    """Candidate entities of a paper from its tag scores [words, 9]."""
    if not len(tags):
        return []
    begin, inside = tag_probabilities(tags)
    addresses = in_address(doc)
    best: dict[tuple[int, int], float] = {}
    for start, end, score in enumerate_spans(begin, inside, SPAN_FLOOR):
        span = trim(doc, start, end)
        if allowed(doc, *span) and not addresses[span[0] : span[1] + 1].any():
            best[span] = min(1.0, score + best.get(span, 0.0))
    spans = [(*span, score) for span, score in best.items()]
    cap = SPAN_CAP * len(doc.windows)
    spans = sorted(spans, key=lambda s: (-s[2], s[0], s[1]))[:cap]
    further = spread(doc, spans, begin, inside)
    spans += [s for s in further if not addresses[s[0] : s[1] + 1].any()]
    return group(doc, spans)


@cache
def digest(folder: Path, names: tuple[str, ...] = FILES) -> str:
    """Hash of the model's files, for the extractor's version."""
    h = hashlib.sha256()
    for name in names:
        h.update((folder / name).read_bytes())
    return h.hexdigest()[:16]


def vector_name(folder: Path) -> str:
    """Name of the embeddings that this network gives: two of one name are equal."""
    return f"shared:{digest(folder)[:12]}"
