"""BUILDS_ON: which paper rests on which, with the sentence that says so or the reasons that let us infer it.

Three grounds, each with a confidence of its own, are put together pair by pair:
- stated: the paper extends (or uses, is tested on, compares itself with) a concept that the other introduced;
- name: what it introduces is by its name a variant of what the other introduced;
- nearness: the two are close in content and one is the later; by itself it is hardly ever enough.

What is only inferred never runs against a text: a paper that names what another introduced came after it.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from papergraph.link.weights import load_weights
from papergraph.link.years import dated, load_model, order
from papergraph.model import (
    Basis,
    BuildsOn,
    Cites,
    Concept,
    EntityType,
    Evidence,
    Origin,
    Paper,
    PaperConcept,
    Role,
    Similar,
    Variant,
)
from papergraph.text import fold_name, readable

STATED = {Role.BUILDS_ON: 0.95, Role.EVALUATES_ON: 0.3, Role.USES: 0.4, Role.COMPARES_WITH: 0.3}
"""Chance that a reader accepts the link, where role and introducer are certain. All but the first hold only
between listed papers: "uses GPT-4" does not make a paper a descendant of the report on GPT-4."""

NAMED_VARIANT, NAMED_VARIANT_MENTIONED = 0.7, 0.9
GENERIC_SHARE, GENERIC_COUNT, GENERIC_FACTOR = 0.04, 15, 0.5
CITED = 1.5  # added to the logit of a link from nearness where the input holds the reference
SURE_YEARS = 2.0  # what a known order counts for, in years of wording
MOST_SIMILAR = 0.98  # nearer than this tells no more
LEAST_INTRODUCER = 0.5  # below this, who names the concept does not name this paper
SHORTEST_PARENT = 4  # letters of a name that others are taken to derive from
MOST_EVIDENCE = 3

_DATA = EntityType.BENCHMARK  # a model is not the child of a benchmark: Orca-Math and MATH

_VERB = {
    Role.BUILDS_ON: "builds on",
    Role.EVALUATES_ON: "is evaluated on",
    Role.USES: "uses",
    Role.COMPARES_WITH: "compares itself with",
}
_CUES = (
    ("fine-tunes", re.compile(r"fine-?\s?tun\w+", re.IGNORECASE)),
    ("distils", re.compile(r"distil\w*", re.IGNORECASE)),
    ("quantises", re.compile(r"quanti[sz](?:e|es|ing|ation)\b", re.IGNORECASE)),
    ("prunes", re.compile(r"prun(?:e|es|ed|ing)\b", re.IGNORECASE)),
    ("compresses", re.compile(r"compress\w*", re.IGNORECASE)),
    ("starts from", re.compile(r"initiali[sz]\w+", re.IGNORECASE)),
    ("extends", re.compile(r"exten(?:d|ds|ded|ding|sion)\b", re.IGNORECASE)),
)
_OWN = re.compile(r"\b(?:we|our|ours|us|this (?:paper|work|study|article|report)|here)\b", re.IGNORECASE)
DESCRIPTIVE_FACTOR = 0.7  # a name in plain words, such as "structured pruning", is seldom one paper's
COMMON_NOUN_FACTOR = 0.5  # a model's name in lower case is a kind of model: a transformer, a diffusion model
BACKGROUND_FACTOR = 0.75  # where no sentence that shows the role speaks of the paper's own work
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


def _dated(paper: Paper, origin: Origin | None) -> Paper:
    """A paper of unknown date with the year that the table of origins has for it."""
    if origin is None or dated(paper):
        return paper
    return replace(paper, year=origin.year, arxiv_id=origin.arxiv_id)


class _Context:
    """The tables, by the keys that the grounds need."""

    def __init__(
        self, papers: Sequence[Paper], concepts: Sequence[Concept], edges: Sequence[PaperConcept]
    ) -> None:
        origins = {c.origin_paper: c.origin for c in concepts if c.origin and c.origin_paper}
        self.papers = {p.id: _dated(p, origins.get(p.id)) for p in papers}
        self.listed = sum(p.listed for p in papers)
        self.concepts = {c.id: c for c in concepts}
        self.edges = sorted(edges, key=lambda e: (e.paper, e.concept, e.role.rank))
        self.named: dict[str, dict[str, PaperConcept]] = defaultdict(dict)
        for e in self.edges:
            self.named[e.paper].setdefault(e.concept, e)
        self.introducers = self._introducers()
        self.names = {
            (e.paper, i.paper)
            for e in self.edges
            if e.role is not Role.INTRODUCES
            for i in self.introducers.get(e.concept, ())
            if i.confidence >= LEAST_INTRODUCER and i.paper != e.paper
        }  # (paper, paper whose system its text names)

    def _introducers(self) -> dict[str, list[_Introducer]]:
        """Who introduced a concept: its origin paper where known, else the listed papers that say so."""
        claims: dict[str, list[_Introducer]] = defaultdict(list)
        for e in self.edges:
            if e.role is Role.INTRODUCES:
                claims[e.concept].append(_Introducer(e.paper, e.confidence))
        out = {}
        for c in self.concepts.values():
            if c.origin_paper in self.papers and c.origin_paper is not None:
                out[c.id] = [_Introducer(c.origin_paper, 1.0)]
            elif c.id in claims and c.origin is None:
                total = sum(i.confidence for i in claims[c.id])
                out[c.id] = [
                    _Introducer(i.paper, i.confidence**2 / total) for i in claims[c.id] if i.confidence > 0
                ]
        return out

    def against_text(self, source: str, target: str) -> bool:
        """Whether only the text of `target` names what the other introduced, so that it is the later one."""
        return (target, source) in self.names and (source, target) not in self.names

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


def _coined(name: str) -> bool:
    """Whether a name is written like one, with a capital or digit inside."""
    return any(c.isupper() or c.isdigit() for c in readable(name)[1:]) or " " not in name


def _own_work(context: _Context, edge: PaperConcept) -> bool:
    """Whether the evidence speaks of the paper itself: in its title, in the first person, or by its names."""
    names = [e.name for e in context.named[edge.paper].values() if e.role is Role.INTRODUCES]
    return any(
        v.at.field == "title" or _OWN.search(v.text) or any(name in v.text for name in names)
        for v in edge.evidence
    )


def _stated(context: _Context) -> Iterator[tuple[str, str, _Ground]]:
    for e in context.edges:
        concept = context.concepts.get(e.concept)
        if concept is None or e.role not in STATED or concept.type is EntityType.TASK or not e.evidence:
            continue
        own = _own_work(context, e)
        for introducer in context.introducers.get(e.concept, ()):
            if e.role is not Role.BUILDS_ON and not context.papers[introducer.paper].listed:
                continue
            confidence = STATED[e.role] * e.confidence * introducer.confidence * context.weight(concept)
            confidence *= 1.0 if own else BACKGROUND_FACTOR
            if concept.type is EntityType.MODEL and readable(e.name).islower():
                confidence *= COMMON_NOUN_FACTOR
            elif not (concept.origin or _coined(e.name)):
                confidence *= DESCRIPTIVE_FACTOR
            reason = f"{_verb(e)} {readable(e.name)}, introduced by that paper"
            yield (
                e.paper,
                introducer.paper,
                _Ground(confidence, Basis.STATED, (concept.id,), e.evidence, reason),
            )


def _derived(context: _Context) -> Iterator[tuple[str, str]]:
    """Concepts with those whose whole name begins or ends theirs: TinyLLaVA-Video and TinyLLaVA."""
    keys: dict[str, str] = {}
    for c in sorted(context.concepts.values(), key=lambda c: c.id):
        if c.id in context.introducers and c.type is not EntityType.TASK:
            keys.setdefault(fold_name(c.name), c.id)
    for source in sorted(context.introducers):
        words = [w for w in re.split(r"[\s_-]+", readable(context.concepts[source].name)) if w]
        for cut in range(1, len(words)):
            for part in (words[:-cut], words[cut:]):
                key = fold_name(" ".join(part))
                target = keys.get(key)
                if len(key) < SHORTEST_PARENT or target in (None, source):
                    continue
                name = readable(context.concepts[str(target)].name)
                if not name.isupper() or name in " ".join(part):  # "Mini Minds" is no variant of MIND
                    yield source, str(target)


def _by_name(context: _Context, variants: Sequence[Variant]) -> Iterator[tuple[str, str, _Ground]]:
    for child_id, parent_id in sorted({(v.source, v.target) for v in variants}.union(_derived(context))):
        child, parent = context.concepts.get(child_id), context.concepts.get(parent_id)
        if child is None or parent is None or (child.type is _DATA) != (parent.type is _DATA):
            continue
        for own in context.introducers.get(child_id, ()):
            claim = context.named[own.paper].get(child_id)
            if claim is None or claim.role is not Role.INTRODUCES:
                continue
            for base in context.introducers.get(parent_id, ()):
                mention = context.named[own.paper].get(parent_id)
                certain = NAMED_VARIANT_MENTIONED if mention else NAMED_VARIANT
                yield (
                    own.paper,
                    base.paper,
                    _Ground(
                        certain * own.confidence * base.confidence * context.weight(parent),
                        Basis.STATED if mention and mention.evidence else Basis.INFERRED,
                        (child_id, parent_id),
                        mention.evidence if mention else claim.evidence,
                        f"introduces {readable(claim.name)}, by its name a variant of "
                        f"{readable(parent.name)}, introduced by that paper",
                    ),
                )


class Later:
    """Which of two papers is the later: by references, by what the texts say, by dates, else by wording."""

    def __init__(
        self, papers: Mapping[str, Paper], cited: set[tuple[str, str]], said: Collection[tuple[str, str]]
    ) -> None:
        self._papers, self._cited, self._said = papers, cited, said
        self._model = load_model()
        self._years: dict[str, float] = {}

    def _year(self, paper: str) -> float:
        if paper not in self._years:
            node = self._papers[paper]
            self._years[paper] = float(node.year) if node.year is not None else self._model.estimate(node)
        return self._years[paper]

    def __call__(self, a: str, b: str) -> tuple[str, str, float, str]:
        """The later paper, the earlier, by how many years, and how we know."""
        for pairs, why in ((self._cited, "it cites it"), (self._said, "it names it")):
            if ((a, b) in pairs) != ((b, a) in pairs):
                return (a, b, SURE_YEARS, why) if (a, b) in pairs else (b, a, SURE_YEARS, why)
        known = order(self._papers[a], self._papers[b])
        later, earlier = (a, b) if known > 0 or (known == 0 and self._year(a) >= self._year(b)) else (b, a)
        gap = abs(self._year(later) - self._year(earlier))
        if known:
            return later, earlier, max(gap, SURE_YEARS), "it is dated later"
        return later, earlier, gap, "its wording is that of later work"


def near_features(score: float, years: float) -> tuple[float, float]:
    """What confidence from nearness is fitted on: log odds of SIMILAR_TO, and tanh of half the years."""
    sure = min(max(score, 0.01), MOST_SIMILAR)
    return math.log(sure / (1 - sure)), math.tanh(years / 2)


def _near(
    context: _Context,
    similar: Sequence[Similar],
    cited: set[tuple[str, str]],
    said: Collection[tuple[str, str]],
) -> Iterator[tuple[str, str, _Ground]]:
    bias, near_weight, later_weight = load_weights().near
    is_later = Later(context.papers, cited, said)
    best: dict[tuple[str, str], Similar] = {}
    for s in similar:
        pair = (min(s.source, s.target), max(s.source, s.target))
        if pair not in best or s.score > best[pair].score:
            best[pair] = s
    for (a, b), s in sorted(best.items()):
        source, target, years, why = is_later(a, b)
        near, later = near_features(s.score, years)
        logit = bias + near_weight * near + later_weight * later + CITED * ((source, target) in cited)
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

    `papers` are all nodes, listed or not. Confidence is the chance that a
    reader who knows the literature agrees.
    """
    context = _Context(papers, concepts, paper_concepts)
    cited = {(c.source, c.target) for c in cites}
    grounds: dict[tuple[str, str], list[_Ground]] = defaultdict(list)

    def add(found: Iterator[tuple[str, str, _Ground]]) -> None:
        for source, target, ground in found:
            known = source in context.papers and target in context.papers
            if ground.basis is Basis.INFERRED and context.against_text(source, target):
                continue
            if known and source != target and order(context.papers[source], context.papers[target]) >= 0:
                grounds[source, target].append(ground)

    add(chain(_stated(context), _by_name(context, variants)))
    add(_near(context, similar, cited, context.names.union(grounds)))
    edges = {pair: _together(found, *pair) for pair, found in grounds.items()}
    return sorted(
        (e for e in _one_way(edges) if e.confidence >= min_confidence), key=lambda e: (e.source, e.target)
    )
