"""The training loop: one encoder, three heads."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
import torch.distributed as dist
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from papergraph.extract.candidates import abbreviations, allowed, enumerate_spans, group, hand_features, trim
from papergraph.extract.context import distances
from papergraph.extract.cues import cue_features
from papergraph.extract.tagger import tag_probabilities
from papergraph.extract.words import N_SHAPES, Document
from papergraph.text import fold_name
from training.data import ROLES, Example, SentenceExample, negatives
from training.network import Network

SENTENCE_BATCH = 8  # abstracts
ROLE_BALANCE = (0.9, 1.1, 0.75, 0.95, 2.2, 1.35)  # inverse root of each role's share in the labels


@dataclass(frozen=True)
class Recipe:
    """Everything that shapes a training run beside its data."""

    seed: int = 13
    epochs: int = 4  # over the papers that a reader labelled
    batch: int = 4
    taught_batch: int = 12  # papers that the teacher labelled, beside each batch of the others
    encoder_rate: float = 2e-4
    head_rate: float = 1e-3
    warmup: float = 0.06
    span_floor: float = 0.03
    span_cap: int = 40
    role_weight: float = 1.0
    vector_weight: float = 16.0  # of the distance between a text's vector and the wanted one
    sentence_every: int = 10  # a batch of sentence roles after so many batches of papers
    half: bool = False  # bfloat16 in the encoder: faster where the processor has it


@dataclass(frozen=True)
class Rows:
    """Token vectors of one document and what is pooled from them."""

    hidden: Tensor  # [rows, width]
    tags: Tensor  # [words, 9]
    sentences: Tensor  # [sentences, width]
    cls: Tensor  # [width]
    mean: Tensor  # [width], of all tokens of the first window


def augment(features: np.ndarray, rng: random.Random) -> np.ndarray:
    """Now and then a paper without case, or with a title in capitals."""
    x = rng.random()
    if x > 0.08:
        return features
    out = features.copy()
    shape = (out - 1) % N_SHAPES
    letters = (out > 0) & np.isin(shape, [1, 2, 3, 4, 7])
    if x < 0.04:
        out[letters] += 1 - shape[letters]
    else:
        chosen = letters & (out <= N_SHAPES)
        out[chosen] += 3 - shape[chosen]
    return out


class Lower:
    """Output of the encoder's frozen part for each window, computed once."""

    def __init__(self, net: Network, device: str) -> None:
        self.net, self.device = net, device
        self.kept: dict[int, list[Tensor]] = {}

    def __call__(self, document: Document) -> list[Tensor]:
        if id(document) in self.kept:
            return self.kept[id(document)]
        with torch.no_grad():
            ids = [torch.from_numpy(ids)[None].to(self.device) for ids, _ in document.windows]
            was = self.net.training
            self.net.eval()
            out = [self.net.encoder.lower(i)[0] for i in ids]
            self.net.train(was)
        self.kept[id(document)] = out
        return out


def encode(
    net: Network,
    lower: Lower,
    documents: list[Document],
    rng: random.Random | None = None,
    half: bool = False,
) -> list[Rows]:
    """Run the encoder's trained part over all windows of the documents in one padded batch."""
    device = lower.device
    inputs = [x for d in documents for x in lower(d)]
    shapes = [augment(f, rng) if rng else f for d in documents for _, f in d.windows]
    length = max(map(len, shapes))
    x = torch.zeros(len(inputs), length, inputs[0].shape[1], device=device)
    block = torch.zeros(2, len(inputs), length, dtype=torch.long)
    for i, (vectors, features) in enumerate(zip(inputs, shapes, strict=True)):
        x[i, : len(vectors)] = vectors
        block[0, i, : len(features)] = torch.from_numpy(features)
        block[1, i, : len(features)] = 1
    block = block.to(device)
    with torch.autocast(x.device.type, torch.bfloat16, enabled=half):
        hidden, tags = net.encoder.upper(x, block[0], block[1])
    hidden, tags = hidden.float(), tags.float()
    out, w = [], 0
    for d in documents:
        sizes = [len(f) for _, f in d.windows]
        h = torch.cat([hidden[w + k, :size] for k, size in enumerate(sizes)])
        t = torch.cat([tags[w + k, :size] for k, size in enumerate(sizes)])
        pool = np.zeros((len(d.sentence_spans), len(h)), np.float32)
        pool[d.sentence, d.first] = 1
        pool /= np.maximum(pool.sum(1, keepdims=True), 1)
        word_tags = t[torch.from_numpy(d.first).to(device)]
        out.append(Rows(h, word_tags, torch.from_numpy(pool).to(device) @ h, h[0], h[: sizes[0]].mean(0)))
        w += len(sizes)
    return out


def span_vectors(rows: Rows, document: Document, spans: list[tuple[int, int]]) -> Tensor:
    """[spans, 4 * width]: first token, last token, mean of tokens, mean of the sentence (pooling as a
    product: fast)."""
    n, length = len(spans), len(rows.hidden)
    first = document.first[[s for s, _ in spans]]
    last = document.last[[e for _, e in spans]]
    pool = np.zeros((3, n, length), np.float32)
    at, row = np.arange(n), np.arange(length)
    pool[0, at, first] = 1
    pool[1, at, last] = 1
    pool[2] = ((row >= first[:, None]) & (row <= last[:, None])) / (last + 1 - first)[:, None]
    where = np.zeros((n, len(rows.sentences)), np.float32)
    where[at, document.sentence[[s for s, _ in spans]]] = 1
    device = rows.hidden.device
    parts = torch.from_numpy(pool).to(device) @ rows.hidden
    return torch.cat([*parts, torch.from_numpy(where).to(device) @ rows.sentences], 1)


def paper_loss(net: Network, rows: Rows, ex: Example, recipe: Recipe, rng: random.Random) -> Tensor:
    """Loss of the tagger, and of the entity head on gold spans, the tagger's false spans and random ones."""
    d = ex.document
    device = rows.hidden.device
    loss = 3 * F.cross_entropy(rows.tags, torch.from_numpy(ex.tags).to(device))  # over classes' probabilities
    begin, inside = tag_probabilities(rows.tags.detach().cpu().numpy())
    found = sorted(enumerate_spans(begin, inside, recipe.span_floor), key=lambda s: -s[2])[: recipe.span_cap]
    spans = (
        {t for i, j, _ in found if allowed(d, *(t := trim(d, i, j)))}
        | set(ex.spans)
        | set(negatives(ex, rng))
    )
    if not spans:
        return loss
    candidates = group(d, [(i, j, 1.0) for i, j in sorted(spans)])
    short = {key: fold_name(d.surface(*r)) for key, r in abbreviations(d).items()}
    known = dict(ex.owner)
    for key, long in short.items():
        if key in known:
            known.setdefault(long, known[key])
    owner = [known.get(c.key) for c in candidates]
    flat = [m for c in candidates for m in c.mentions]
    number = torch.tensor([i for i, c in enumerate(candidates) for _ in c.mentions], device=device)
    with torch.no_grad():
        sentence_roles = sentence_scores(net, rows).softmax(1).cpu().numpy()
    features = [hand_features(d, candidates), cue_features(d, candidates, sentence_roles)]
    hand = torch.from_numpy(np.concatenate(features, 1)).to(device)
    words = rows.hidden[torch.from_numpy(d.first).to(device)]
    away = torch.from_numpy(distances(d, flat)).to(device)
    mentions = net.entity.mentions(span_vectors(rows, d, flat), words, away)
    out = net.entity(mentions, number, rows.cls.expand(len(candidates), -1), hand)
    sure = [0.0 if o is None else ex.labels[o].entity for o in owner]
    loss = loss + F.binary_cross_entropy_with_logits(out[:, 0], torch.tensor(sure, device=device))
    chosen = [i for i, p in enumerate(sure) if p >= 0.5]
    if chosen:
        labels = [ex.labels[o] for i in chosen if (o := owner[i]) is not None]
        types = torch.from_numpy(np.stack([x.types for x in labels])).to(device)
        roles = torch.from_numpy(np.stack([x.roles for x in labels])).to(device)
        # a teacher was itself trained with balanced roles
        balance = torch.tensor(ROLE_BALANCE, device=device) if ex.by_reader else roles.new_ones(len(ROLES))
        weight = roles @ balance
        role_loss = F.cross_entropy(out[chosen, 5:], roles, reduction="none")
        loss = (
            loss
            + 0.5 * F.cross_entropy(out[chosen, 1:5], types)
            + recipe.role_weight * (role_loss * weight).sum() / weight.sum()
        )
    return loss


def vector_loss(net: Network, rows: list[Rows], wanted: NDArray[np.float32]) -> Tensor:
    """How far the embeddings of a batch are from the teacher's, [batch, DIMENSIONS]: themselves, and their
    cosines among each other."""
    target = torch.from_numpy(wanted).to(rows[0].mean.device)
    vectors = F.normalize(net.vector(torch.stack([r.mean for r in rows])), dim=1)
    return (1 - (vectors * target).sum(1)).mean() + F.mse_loss(vectors @ vectors.T, target @ target.T)


def places(n: int, device: str) -> Tensor:
    """[n, 4] for the sentences of an abstract: relative place, first, last, number of sentences."""
    x = torch.arange(n, dtype=torch.float, device=device)
    return torch.stack(
        [x / max(1, n - 1), (x == 0).float(), (x == n - 1).float(), torch.full_like(x, min(1, n / 15))], 1
    )


def sentence_scores(net: Network, rows: Rows) -> Tensor:
    """[sentences of the abstract, 5]."""
    n = len(rows.sentences) - 1
    return net.sentence(rows.sentences[1:], rows.cls.expand(n, -1), places(n, str(rows.hidden.device)))


def batches(items: list, size: int, rng: random.Random) -> list[list]:
    """Shuffled batches of like length."""
    order = list(range(len(items)))
    rng.shuffle(order)
    out = []
    for i in range(0, len(order), size * 16):
        chunk = sorted(
            order[i : i + size * 16], key=lambda k: sum(len(w) for w, _ in items[k].document.windows)
        )
        out += [[items[k] for k in chunk[j : j + size]] for j in range(0, len(chunk), size)]
    rng.shuffle(out)
    return out


def fit(
    net: Network,
    papers: list[Example],
    abstracts: list[SentenceExample],
    taught: list[Example],
    recipe: Recipe,
    device: str,
    log: Callable[[str], None],
    start: Path | None = None,
) -> None:
    """Train the network, or train on from the state in the file `start`.

    The learning rate rises, then falls to zero. With each batch of labelled papers goes one of `taught`:
    papers that a teacher labelled. Learning to tag would bend the vectors that the base model gives to whole
    texts; the vectors that the papers shall have keep them right, so that one encoder serves both.

    Started by torchrun in several processes, each takes its part of every batch, and they average the
    gradients.
    """
    rank, world = (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)
    torch.manual_seed(recipe.seed + rank)
    rng = random.Random(recipe.seed + rank)
    batch_size, taught_size = recipe.batch // world, recipe.taught_batch // world
    per_epoch = len(papers) // world // batch_size
    papers, abstracts, taught = papers[rank::world], abstracts[rank::world], taught[rank::world]
    net.to(device)
    if start is not None:
        net.load_state_dict(torch.load(start, map_location=device))
    for part in (net.encoder.base.embeddings, net.encoder.base.encoder.layer[: net.encoder.frozen]):
        part.requires_grad_(False)
    layers = [p for p in net.encoder.base.encoder.parameters() if p.requires_grad]
    modules = (net.encoder.features, net.encoder.tags, net.entity, net.sentence, net.vector)
    heads = [p for module in modules for p in module.parameters()]
    trained = [*layers, *heads]
    if world > 1:
        for parameter in trained:
            dist.broadcast(parameter.data, 0)
    optimiser = torch.optim.AdamW(
        [{"params": layers, "lr": recipe.encoder_rate}, {"params": heads, "lr": recipe.head_rate}],
        weight_decay=0.01,
    )
    steps = recipe.epochs * per_epoch
    warm = max(1, int(recipe.warmup * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / warm, max(0.0, (steps - s) / max(1, steps - warm)))
    )
    lower = Lower(net, device)
    more_abstracts = forever(abstracts, SENTENCE_BATCH // world, rng)
    more_taught = forever(taught, taught_size, rng)
    started, step = time.time(), 0
    for _ in range(recipe.epochs):
        net.train()
        total = np.zeros(3)
        for seen, batch in enumerate(batches(papers, batch_size, rng)[:per_epoch], 1):
            losses = [example_loss(net, lower, batch, recipe, rng)]
            if abstracts and step % recipe.sentence_every == 0:
                sentence_loss(net, lower, next(more_abstracts), rng).backward()
            if taught:
                losses.append(example_loss(net, lower, next(more_taught), recipe, rng))
            if world > 1:
                average_gradients(trained, world)
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            schedule.step()
            step += 1
            total += [losses[0][0], losses[-1][0], losses[-1][1]]
            if step % 25 == 0:
                own, by_teacher, vectors = total / seen
                log(
                    f"step {step}/{steps} loss {own:.4f} taught {by_teacher:.4f} vectors {vectors:.4f} "
                    f"{time.time() - started:.0f}s"
                )
    net.eval()


def average_gradients(parameters: list[torch.nn.Parameter], world: int) -> None:
    """Give every process the mean of all processes' gradients."""
    flat = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in parameters])
    dist.all_reduce(flat)
    flat /= world
    for p, grad in zip(parameters, flat.split([p.numel() for p in parameters]), strict=True):
        p.grad = grad.view_as(p)


T = TypeVar("T", Example, SentenceExample)


def forever(items: list[T], size: int, rng: random.Random) -> Iterator[list[T]]:
    """Shuffled batches without end."""
    while items:
        yield from batches(items, size, rng)


def example_loss(
    net: Network, lower: Lower, batch: list[Example], recipe: Recipe, rng: random.Random
) -> tuple[float, float]:
    """Gradients of a batch of papers; their mean loss, and how far their vectors are from the wanted."""
    rows = encode(net, lower, [ex.document for ex in batch], rng, recipe.half)
    loss = torch.stack(
        [paper_loss(net, r, ex, recipe, rng) for r, ex in zip(rows, batch, strict=True)]
    ).mean()
    if not recipe.vector_weight:
        loss.backward()
        return loss.item(), 0.0
    distance = vector_loss(net, rows, np.stack([ex.vector for ex in batch]))
    (loss + recipe.vector_weight * distance).backward()
    return loss.item(), distance.item()


def sentence_loss(net: Network, lower: Lower, batch: list[SentenceExample], rng: random.Random) -> Tensor:
    """Loss of the sentence roles of a batch of abstracts."""
    scores = [sentence_scores(net, r) for r in encode(net, lower, [a.document for a in batch], rng)]
    wanted = torch.tensor([x for a in batch for x in a.roles], device=lower.device)
    return 0.5 * F.cross_entropy(torch.cat(scores), wanted)
