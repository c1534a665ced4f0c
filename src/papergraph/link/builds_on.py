"""BUILDS_ON: which paper rests on which, with the sentence that says so or the reasons that let us infer it.

Three grounds, each with a confidence of its own, are put together pair by pair:
- stated: the paper extends (or uses, is tested on, compares itself with) a concept that the other introduced;
- name: what it introduces is by its name a variant of what the other introduced;
- nearness: the two are close in content and one is the later; by itself it is hardly ever enough.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from papergraph.link.weights import load_weights
from papergraph.link.years import YearModel, load_model, order
from papergraph.model import (
    Basis,
    BuildsOn,
    Cites,
    Concept,
    EntityType,
    Evidence,
    Paper,
    PaperConcept,
    Role,
    Similar,
    Variant,
)
from papergraph.text import readable

STATED = {Role.BUILDS_ON: 0.95, Role.EVALUATES_ON: 0.3, Role.USES: 0.4, Role.COMPARES_WITH: 0.3}
"""Chance that a reader accepts the link, where role and introducer are certain. All but the first hold only
between listed papers: "uses GPT-4" does not make a paper a descendant of the report on GPT-4."""

NAMED_VARIANT, NAMED_VARIANT_MENTIONED = 0.7, 0.9
GENERIC_SHARE, GENERIC_COUNT, GENERIC_FACTOR = 0.04, 15, 0.5
CITED = 1.5  # added to the logit where the input holds the reference
MOST_EVIDENCE = 3

_VERB = {
    Role.BUILDS_ON: "builds on",
    Role.EVALUATES_ON: "is evaluated on",
    Role.USES: "uses",
    Role.COMPARES_WITH: "compares itself with",
}
_CUES = (
    ("fine-tunes", re.compile(r"fine-?\s?tun\w+", re.IGNORECASE)),
    ("distils", re.compile(r"distil\w*", re.IGNORECASE)),
    ("quantises", re.compile(r"quanti[sz]\w+", re.IGNORECASE)),
    ("prunes", re.compile(r"prun(?:e|es|ed|ing)\b", re.IGNORECASE)),
    ("compresses", re.compile(r"compress\w*", re.IGNORECASE)),
    ("starts from", re.compile(r"initiali[sz]\w+", re.IGNORECASE)),
    ("extends", re.compile(r"exten(?:d|ds|ded|ding|sion)\b", re.IGNORECASE)),
)
_CUE_REACH = 40  # characters between the cue and the name


@dataclass(frozen=True, slots=True)
class _Ground:
    """One reason for a link."""

    confidence: float
    basis: Basis
    via: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class _Introducer:
    paper: str
    confidence: float


class _Context:
    """The tables, by the keys that the grounds need."""

    def __init__(
        self, papers: Sequence[Paper], concepts: Sequence[Concept], edges: Sequence[PaperConcept]
    ) -> None:
        self.papers = {p.id: p for p in papers}
        self.listed = sum(p.listed for p in papers)
        self.concepts = {c.id: c for c in concepts}
        self.edges = sorted(edges, key=lambda e: (e.paper, e.concept, e.role.rank))
        self.named: dict[str, dict[str, PaperConcept]] = defaultdict(dict)
        for e in self.edges:
            self.named[e.paper].setdefault(e.concept, e)
        self.introducers = self._introducers()

    def _introducers(self) -> dict[str, list[_Introducer]]:
        """Who introduced a concept: its origin paper where known, else the listed papers that say they did."""
        claims: dict[str, list[_Introducer]] = defaultdict(list)
        for e in self.edges:
            if e.role is Role.INTRODUCES:
                claims[e.concept].append(_Introducer(e.paper, e.confidence))
        out = {}
        for c in self.concepts.values():
            if c.origin_paper in self.papers and c.origin_paper is not None:
                out[c.id] = [_Introducer(c.origin_paper, 1.0)]
            elif c.id in claims and c.origin is None:
                share = 1 / len(claims[c.id])
                out[c.id] = [_Introducer(i.paper, i.confidence * share) for i in claims[c.id]]
        return out

    def weight(self, concept: Concept) -> float:
        """Less than 1 for a technique so common that resting on it tells little."""
        common = concept.paper_count >= max(GENERIC_COUNT, GENERIC_SHARE * self.listed)
        return GENERIC_FACTOR if common and concept.type is EntityType.METHOD else 1.0


def _verb(edge: PaperConcept) -> str:
    """What the paper does with the concept: the cue nearest before its name, if it extends it."""
    if edge.role is Role.BUILDS_ON:
        for evidence in edge.evidence:
            end = evidence.text.find(edge.name)
            if end < 0:
                continue
            head = evidence.text[:end]
            last = [(m.end(), verb) for verb, cue in _CUES for m in cue.finditer(head)]
            if last and end - max(last)[0] <= _CUE_REACH:
                return max(last)[1]
    return _VERB[edge.role]


def _stated(context: _Context) -> Iterator[tuple[str, str, _Ground]]:
    for e in context.edges:
        concept = context.concepts.get(e.concept)
        if concept is None or e.role not in STATED or concept.type is EntityType.TASK or not e.evidence:
            continue
        for introducer in context.introducers.get(e.concept, ()):
            if e.role is not Role.BUILDS_ON and not context.papers[introducer.paper].listed:
                continue
            confidence = STATED[e.role] * e.confidence * introducer.confidence * context.weight(concept)
            reason = f"{_verb(e)} {readable(e.name)}, introduced by that paper"
            yield (
                e.paper,
                introducer.paper,
                _Ground(confidence, Basis.STATED, (concept.id,), e.evidence, reason),
            )


def _by_name(context: _Context, variants: Sequence[Variant]) -> Iterator[tuple[str, str, _Ground]]:
    for v in sorted(variants, key=lambda v: (v.source, v.target)):
        if v.source not in context.concepts or v.target not in context.concepts:
            continue
        for own in context.introducers.get(v.source, ()):
            claim = context.named[own.paper].get(v.source)
            if claim is None or claim.role is not Role.INTRODUCES:
                continue
            for base in context.introducers.get(v.target, ()):
                mention = context.named[own.paper].get(v.target)
                certain = NAMED_VARIANT_MENTIONED if mention else NAMED_VARIANT
                name, parent = readable(claim.name), readable(context.concepts[v.target].name)
                yield (
                    own.paper,
                    base.paper,
                    _Ground(
                        certain * own.confidence * base.confidence,
                        Basis.STATED if mention and mention.evidence else Basis.INFERRED,
                        (v.source, v.target),
                        mention.evidence if mention else claim.evidence,
                        f"introduces {name}, by its name a variant of {parent}, introduced by that paper",
                    ),
                )


def _near(
    context: _Context, similar: Sequence[Similar], cites: set[tuple[str, str]]
) -> Iterator[tuple[str, str, _Ground]]:
    model = load_model()
    bias, near_weight, later_weight = load_weights().near
    year: dict[str, float] = {}
    best: dict[tuple[str, str], Similar] = {}
    for s in similar:
        pair = (min(s.source, s.target), max(s.source, s.target))
        if pair not in best or s.score > best[pair].score:
            best[pair] = s
    for (a, b), s in sorted(best.items()):
        source, target, gap, why = _later(context, a, b, cites, model, year)
        odds = math.log(max(s.score, 1e-3) / max(1 - s.score, 1e-3))
        logit = bias + near_weight * odds + later_weight * math.tanh(gap / 2)
        logit += CITED if (source, target) in cites else 0.0
        shared = [context.concepts[c] for c in s.shared if context.weight(context.concepts[c]) == 1.0][:3]
        common = f", both on {' and '.join(readable(c.name) for c in shared[:2])}" if shared else ""
        yield (
            source,
            target,
            _Ground(
                1 / (1 + math.exp(-logit)),
                Basis.INFERRED,
                tuple(c.id for c in shared),
                (),
                f"close in content ({s.score:.2f}){common}, and {why}",
            ),
        )


def _later(
    context: _Context,
    a: str,
    b: str,
    cites: set[tuple[str, str]],
    model: YearModel,
    year: dict[str, float],
) -> tuple[str, str, float, str]:
    """The later of two papers, the earlier, by how many years, and how we know."""
    if ((a, b) in cites) != ((b, a) in cites):
        return (a, b, 2.0, "cites it") if (a, b) in cites else (b, a, 2.0, "cites it")
    for p in (a, b):
        if p not in year:
            paper = context.papers[p]
            year[p] = paper.year if paper.year is not None else model.estimate(paper)
    known = order(context.papers[a], context.papers[b])
    later, earlier = (a, b) if known > 0 or (known == 0 and year[a] >= year[b]) else (b, a)
    gap = abs(year[later] - year[earlier])
    if known:
        return later, earlier, max(gap, 1.0), "is dated later"
    return later, earlier, gap, "its wording is that of later work"


def _together(grounds: Sequence[_Ground], source: str, target: str) -> BuildsOn:
    """One edge of all grounds of a pair; of each basis only the strongest counts towards confidence."""
    ordered = sorted(grounds, key=lambda g: (g.basis is Basis.INFERRED, -g.confidence, g.via))
    strongest: dict[Basis, float] = {}
    for g in ordered:
        strongest[g.basis] = max(strongest.get(g.basis, 0.0), g.confidence)
    doubt = math.prod(1 - c for c in strongest.values())
    return BuildsOn(
        source=source,
        target=target,
        basis=ordered[0].basis,
        confidence=round(1 - doubt, 6),
        via=tuple(dict.fromkeys(chain.from_iterable(g.via for g in ordered))),
        evidence=tuple(dict.fromkeys(chain.from_iterable(g.evidence for g in ordered)))[:MOST_EVIDENCE],
        reason="; ".join(dict.fromkeys(g.reason for g in ordered)),
    )


def _one_way(edges: Mapping[tuple[str, str], BuildsOn]) -> Iterator[BuildsOn]:
    for (a, b), edge in edges.items():
        other = edges.get((b, a))
        if other is None or (edge.confidence, b) > (other.confidence, a):
            yield edge


def builds_on(
    papers: Sequence[Paper],
    concepts: Sequence[Concept],
    paper_concepts: Sequence[PaperConcept],
    variants: Sequence[Variant],
    similar: Sequence[Similar],
    cites: Sequence[Cites],
    *,
    min_confidence: float,
) -> list[BuildsOn]:
    """Edges with at least `min_confidence`, sorted; never against known dates, never both ways.

    `papers` are all nodes, listed or not. Confidence is the chance that a reader who knows the literature agrees.
    """
    context = _Context(papers, concepts, paper_concepts)
    cited = {(c.source, c.target) for c in cites}
    grounds: dict[tuple[str, str], list[_Ground]] = defaultdict(list)
    for source, target, ground in chain(
        _stated(context), _by_name(context, variants), _near(context, similar, cited)
    ):
        known = source in context.papers and target in context.papers
        if known and source != target and order(context.papers[source], context.papers[target]) >= 0:
            grounds[source, target].append(ground)
    edges = {pair: _together(found, *pair) for pair, found in grounds.items()}
    return sorted(
        (e for e in _one_way(edges) if e.confidence >= min_confidence), key=lambda e: (e.source, e.target)
    )
