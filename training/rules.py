"""The baseline without training: capitals and acronyms, general names, cue phrases. Not used at run time."""

from __future__ import annotations

import re

from papergraph.extract.candidates import Candidate, abbreviations, allowed, group
from papergraph.extract.words import Document
from papergraph.model import EntityType, Role
from papergraph.text import fold_name

_NAME = re.compile(r"(?:[A-Z][\w+]*[A-Z0-9][\w+]*|[a-z]+[A-Z][\w+]*)(?:[-. ]\d[\w.]*|-[A-Z0-9][\w.]*)*")
_TASKS = (
    "question answering|machine translation|text classification|sentiment analysis|summarization|"
    "object detection|"
    "named entity recognition|semantic segmentation|image classification|information retrieval|"
    "code generation|"
    "natural language inference|relation extraction|language modeling|speech recognition|depth estimation|"
    "dialogue state tracking|visual question answering|mathematical reasoning|commonsense reasoning|"
    "fact verification"
)
_METHODS = (
    "knowledge distillation|data augmentation|contrastive learning|reinforcement learning|transfer learning|"
    "in-context learning|instruction tuning|chain-of-thought|self-training|curriculum learning|"
    "quantization|pruning|"
    "meta-learning|multi-task learning|federated learning|beam search|attention mechanism|active learning"
)
_MODELS = (
    "convolutional neural networks?|recurrent neural networks?|diffusion models?|graph neural networks?|"
    "Transformers?"
)
_GENERIC = frozenset(
    {
        "llm",
        "llms",
        "nlp",
        "ai",
        "slm",
        "slms",
        "plm",
        "plms",
        "sota",
        "gpu",
        "gpus",
        "cpu",
        "f1",
        "bleu",
        "ml",
        "api",
    }
)
_CUES: tuple[tuple[Role, str], ...] = (
    (
        Role.INTRODUCES,
        r"\b(?:propose|introduce|present|develop|release|call(?:ed)?|named|dubbed)\b[^.]{0,60}$",
    ),
    (
        Role.BUILDS_ON,
        r"\b(?:based on|built (?:up)?on|extend\w*|fine-?tun\w+|distil\w*|improve upon|"
        r"variant of)\b[^.]{0,30}$",
    ),
    (
        Role.COMPARES_WITH,
        r"\b(?:outperform\w*|than|compared (?:to|with)|surpass\w*|over|baselines?)\b[^.]{0,40}$",
    ),
    (Role.EVALUATES_ON, r"\b(?:on|datasets?|benchmarks?|evaluat\w+|experiments)\b[^.]{0,50}$"),
    (Role.USES, r"\b(?:us(?:e|es|ing)|with|via|leverag\w+|employ\w*|apply\w*)\b[^.]{0,40}$"),
)


def read(doc: Document) -> list[tuple[Candidate, EntityType, Role]]:
    """Entities of a paper by rules alone."""
    spans: list[tuple[int, int, float]] = []
    starts = {(w.field, w.start): i for i, w in enumerate(doc.words)}
    ends = {(w.field, w.end): i for i, w in enumerate(doc.words)}
    patterns = [_NAME, re.compile(rf"\b(?:{_TASKS}|{_METHODS}|{_MODELS})\b", re.IGNORECASE)]
    for field, text in (("title", doc.title), ("abstract", doc.abstract)):
        found = [m.span() for p in patterns for m in p.finditer(text)]
        head, colon, _ = text.partition(":") if field == "title" else ("", "", "")
        if colon and len(head.split()) <= 4:
            found.append((0, len(head)))
        for start, end in found:
            i, j = starts.get((field, start)), ends.get((field, end))
            if i is None or j is None or i > j or not allowed(doc, i, j):
                continue
            if fold_name(doc.surface(i, j)) not in _GENERIC and len(doc.surface(i, j)) > 1:
                spans.append((i, j, 1.0))
    spans += [(*r, 1.0) for r in abbreviations(doc).values() if allowed(doc, *r)]
    kept = [s for s in set(spans) if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in spans)]
    return [(c, _type(doc, c), _role(doc, c)) for c in group(doc, kept)]


def _type(doc: Document, c: Candidate) -> EntityType:
    name = doc.surface(*c.mentions[0])
    if re.search(_TASKS, name, re.IGNORECASE):
        return EntityType.TASK
    if re.search(_METHODS, name, re.IGNORECASE):
        return EntityType.METHOD
    around = " ".join(_around(doc, m) for m in c.mentions).lower()
    if re.search(r"\b(?:datasets?|benchmarks?|corpus|corpora)\b", around) or "bench" in name.lower():
        return EntityType.BENCHMARK
    if re.search(r"\d", name) or re.search(r"\b(?:model|network|encoder|architecture)s?\b", around):
        return EntityType.MODEL
    return EntityType.METHOD


def _around(doc: Document, mention: tuple[int, int]) -> str:
    a, b = max(0, mention[0] - 3), min(len(doc.words) - 1, mention[1] + 3)
    return " ".join(w.text for w in doc.words[a : b + 1])


def _role(doc: Document, c: Candidate) -> Role:
    if any(s == 0 for s, _ in c.mentions) and ":" in doc.title:
        return Role.INTRODUCES
    roles = []
    for start, _ in c.mentions:
        word = doc.words[start]
        before = doc.field(word.field)[max(0, word.start - 90) : word.start]
        roles += [role for role, cue in _CUES if re.search(cue, before, re.IGNORECASE)][:1]
    return min(roles, key=lambda r: r.rank, default=Role.MENTIONS)
