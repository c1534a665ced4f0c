"""What people ruled about names: applied while names are grouped, and what became of each ruling.

A ruling speaks of the concept that goes by a name. Which names stay apart is told to the grouping before any
join, which are one after all of them. All else changes what single papers mean once the groups are known, so
that taking an entity out of one paper never regroups the names of others.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from papergraph.corrections import Correction, Kind, Outcome, Status
from papergraph.corrections.papers import PaperFinder
from papergraph.model import Entity, EntityType, Evidence, Paper, Role, RoleClaim, Span
from papergraph.registry import Registry
from papergraph.resolve.concepts import Cluster
from papergraph.resolve.keys import key, proper
from papergraph.resolve.lexicon import Lexicon, surfaces
from papergraph.resolve.mentions import TextMention, sentence_of
from papergraph.resolve.senses import Meaning, Merged, Senses, Union, case

_NAMES = (Kind.MERGE, Kind.APART)
_ENTITIES = (Kind.NOT_ENTITY, Kind.TYPE, Kind.ROLE)
_Types = Mapping[str, Counter[EntityType]]  # by node


@dataclass(slots=True)
class _Case:
    """A correction while it is looked into. `reason`: why it is not applied."""

    said: Correction
    reason: str = ""
    overruled: bool = False
    paper: str = ""
    roots: set[str] = field(default_factory=set)
    papers: set[str] = field(default_factory=set)
    unnamed: bool = False  # no entity of its paper; whether its text names the thing is not known yet

    def outcome(self, concepts: Iterable[str]) -> Outcome:
        status = Status.OVERRULED if self.overruled else Status.NOT_APPLIED if self.reason else Status.APPLIED
        ids = () if self.reason else tuple(sorted(concepts))
        return Outcome(self.said, status, self.reason, tuple(sorted(self.papers)), ids)


class Rulings:
    """The corrections of names and entities for one grouping, to be used once.

    Concepts are found by name, and by the ids that `registry` knows; `papers` are the listed ones.
    """

    def __init__(
        self, corrections: Iterable[Correction], papers: PaperFinder, registry: Registry, lexicon: Lexicon
    ) -> None:
        self._cases = [_Case(c) for c in corrections if not c.problem and c.kind in (*_NAMES, *_ENTITIES)]
        self._papers = papers
        self._registry = registry
        self._lexicon = lexicon
        self._types: _Types = {}
        self._silent: set[tuple[str, str]] = set()  # papers and roots that their texts do not name

    def _open(self, *kinds: Kind) -> list[_Case]:
        return [c for c in self._cases if c.said.kind in kinds and not c.reason]

    def part(self, union: Union, types: _Types) -> None:
        """Tells a union, before any join, which nodes must stay apart."""
        self._types = types
        self._overrule(_NAMES, lambda c: frozenset((key(c.said.name), key(c.said.other))))
        for c in self._open(Kind.APART):
            if (pair := self._pair(c)) and not union.part(*pair):
                c.reason = "both are written alike but for case, hyphens or plural: no rule can part them"

    def merge(self, senses: Senses) -> None:
        """Makes one of two groups, after all other joins."""
        union, merged = senses.union, senses.orders.merged
        members: dict[str, set[str]] = defaultdict(set)
        for node in self._types:
            members[union.find(node)].add(node)
        for c in self._open(Kind.MERGE):
            if (pair := self._pair(c)) is None:
                continue
            one, into = map(union.find, pair)
            members[one].add(pair[0])
            members[into].add(pair[1])
            kept = merged[into].kept if into in merged else frozenset(members[into])
            if not union.join(one, into, anyway=True):
                c.reason = "another correction keeps them apart"
                continue
            both = members.pop(one) | members.pop(into, set())
            merged.pop(one, None), merged.pop(into, None)
            members[union.find(one)] = both
            merged[union.find(one)] = Merged(frozenset(both), kept)
        for c in self._open(*_NAMES):
            c.roots = {union.find(n) for n in self._pair(c) or ()}
        senses.orders.parted = bool(self._open(Kind.APART))

    def amend(
        self, senses: Senses, entities: Mapping[str, tuple[Entity, ...]]
    ) -> tuple[Senses, dict[str, tuple[Entity, ...]]]:
        """The meanings and the entities of all papers as the rulings leave them."""
        meanings: list[Meaning | None] = list(senses.meanings)
        of_root: dict[str, list[int]] = defaultdict(list)
        of_paper: dict[str, list[int]] = defaultdict(list)
        for i, m in enumerate(senses.meanings):
            of_root[senses.root(m.node)].append(i)
            of_paper[m.paper.id].append(i)
        for c in self._open(*_ENTITIES):
            self._look_up(c, senses)
        self._overrule(_ENTITIES, lambda c: (c.said.kind == Kind.TYPE, c.paper, frozenset(c.roots)))
        for c in self._open(Kind.NOT_ENTITY):
            for i in self._taken_out(c, senses, of_paper[c.paper] if c.paper else of_root[min(c.roots)]):
                meanings[i] = None
        for c in self._open(Kind.TYPE, Kind.ROLE):
            root = min(c.roots)
            if root in senses.orders.gone or (c.paper, root) in self._silent:
                c.reason = "another correction says that it is no entity"
                continue
            mine = self._mine(c, senses, of_paper[c.paper]) if c.paper else of_root[root]
            if not c.paper:
                senses.orders.types[root] = EntityType(c.said.value)
            elif not mine:
                if (found := self._in_text(c, senses)) is None:
                    c.reason = "the paper does not name it"
                    continue
                mine = [len(meanings)]
                meanings.append(found)
            c.papers = {c.paper} if c.paper else set()
            for i in mine:
                if (held := meanings[i]) is not None:
                    meanings[i] = replace(held, entity=_changed(held.entity, c.said))
        return self._amended(senses, meanings, entities)

    def _taken_out(self, c: _Case, senses: Senses, places: Sequence[int]) -> list[int]:
        """The meanings that are none, and from where."""
        if not c.paper:
            senses.orders.gone |= c.roots
            c.papers = {senses.meanings[i].paper.id for i in places}
            return list(places)
        self._silent |= {(c.paper, r) for r in c.roots}
        mine = self._mine(c, senses, places)
        c.papers, c.unnamed = {c.paper}, not mine
        return mine

    def _amended(
        self, senses: Senses, meanings: Sequence[Meaning | None], entities: Mapping[str, tuple[Entity, ...]]
    ) -> tuple[Senses, dict[str, tuple[Entity, ...]]]:
        out = dict(entities)
        for before, after in zip(senses.meanings, meanings, strict=False):
            if after is None:
                kept = tuple(e for e in out[before.paper.id] if e != before.entity)
                out[before.paper.id] = kept
        for added in meanings[len(senses.meanings) :]:
            if added is not None:
                out[added.paper.id] = (*out.get(added.paper.id, ()), added.entity)
        return replace(senses, meanings=[m for m in meanings if m is not None]), out

    def heard(self, hits: Iterable[TextMention]) -> list[TextMention]:
        """The mentions in texts, without those of which somebody said that they are none."""
        kept, silenced = [], set()
        for hit in hits:
            if (hit.paper, hit.root) in self._silent:
                silenced.add((hit.paper, hit.root))
            else:
                kept.append(hit)
        for c in self._open(Kind.NOT_ENTITY):
            if c.unnamed and not any((c.paper, r) in silenced for r in c.roots):
                c.reason, c.papers = "the paper does not name it", set()
        return kept

    def outcomes(self, found: Mapping[str, Cluster], hits: Iterable[TextMention]) -> list[Outcome]:
        """What became of the corrections, with the papers and concepts that each touches."""
        papers: dict[str, set[str]] = {r: {m.paper.id for m in c.meanings} for r, c in found.items()}
        for hit in hits:
            papers[hit.root].add(hit.paper)
        for c in self._open(*_NAMES, Kind.TYPE):
            if not c.paper:
                c.papers |= {p for r in c.roots for p in papers.get(r, ())}
        return [c.outcome(found[r].concept.id for r in c.roots if r in found) for c in self._cases]

    # Looking things up

    def _overrule(self, kinds: Sequence[Kind], subject: Callable[[_Case], object]) -> None:
        """Of several rulings on one subject the last one counts."""
        last: dict[object, int] = {}
        for c in reversed(self._open(*kinds)):
            line = last.setdefault(subject(c), c.said.line)
            if line != c.said.line:
                c.overruled, c.reason = True, f"line {line} rules on the same"

    def _pair(self, c: _Case) -> tuple[str, str] | None:
        """The nodes of the two names of a case, or None, which is then closed."""
        by_id = c.said.kind == Kind.MERGE
        a, b = (self._node(text, by_id=by_id) for text in (c.said.name, c.said.other))
        if a is None or b is None:
            c.reason = _unknown(c.said.name if a is None else c.said.other)
            return None
        return a, b

    def _node(self, text: str, *, by_id: bool = True) -> str | None:
        """The node that a name means everywhere, or one of those of the concept that has this id."""
        ids = [k for k in self._registry.keys_of(text) if self._is_known(k)] if by_id else []
        if ids:
            return max(ids, key=lambda k: (self._count(k), k))
        bare = key(text)
        names = (bare, f"{bare}@{case(text)}", f"{bare}@name", f"{bare}@word")
        return next((n for n in names if self._is_known(n)), None)

    def _is_known(self, node: str) -> bool:
        return node in self._types or node in self._lexicon.by_key

    def _count(self, node: str) -> int:
        return self._types[node].total() if node in self._types else 0

    def _look_up(self, c: _Case, senses: Senses) -> None:
        """Sets the paper and the root of a case, or closes it."""
        if c.said.paper:
            c.paper, c.reason = self._papers.find(c.said.paper)
        node = self._node(c.said.name)
        if not c.reason and node is not None:
            c.roots = {senses.root(node)}
        if not c.reason and node is None:
            own = self._mine(c, senses, range(len(senses.meanings))) if c.paper else []
            c.roots = {senses.root(senses.meanings[i].node) for i in own}
            c.reason = "" if own else _unknown(c.said.name)

    def _mine(self, c: _Case, senses: Senses, places: Iterable[int]) -> list[int]:
        """The meanings in the paper of a case, of those at some places, that it speaks of."""
        asked = key(c.said.name)
        return [
            i
            for i in places
            for m in (senses.meanings[i],)
            if m.paper.id == c.paper
            and (senses.root(m.node) in c.roots or any(key(s) == asked for s, _ in m.nodes))
        ]

    def _in_text(self, c: _Case, senses: Senses) -> Meaning | None:
        """What extraction passed over: the longest name of the concept that stands in the paper's text."""
        root, node = min(c.roots), self._node(c.said.name)
        paper = self._papers.papers[c.paper]
        names = {c.said.name} if node is None or not self._registry.keys_of(c.said.name) else set()
        names |= {s for m in senses.meanings for s, n in m.nodes if senses.root(n) == root}
        rows = [r for r in self._lexicon.rows if senses.root(key(r.name)) == root]
        names |= {s for row in rows for s in surfaces(row)}
        kind = senses.orders.types.get(root) or (rows[0].type if rows else senses.union.type_of(root))
        for name in sorted(names, key=lambda s: (-len(s), s)):
            spans = _places(paper, name)
            if spans and kind:
                surface = _text(paper, spans[0])
                evidence = tuple(dict.fromkeys(_sentence(paper, s) for s in spans))
                claim = RoleClaim(Role.MENTIONS, 1.0, evidence)
                entity = Entity(surface, (), kind, 1.0, (claim,), spans)
                return Meaning(paper, entity, ((surface, root),))
        return None


def _changed(entity: Entity, said: Correction) -> Entity:
    if said.kind == Kind.TYPE:
        return replace(entity, type=EntityType(said.value))
    evidence = dict.fromkeys(v for claim in entity.roles for v in claim.evidence)
    return replace(entity, roles=(RoleClaim(Role(said.value), 1.0, tuple(evidence)),))


def _unknown(name: str) -> str:
    return f"no paper here names {name[:80]!r}"


def _text(paper: Paper, span: Span) -> str:
    return (paper.title if span.field == "title" else paper.abstract)[span.start : span.end]


def _places(paper: Paper, name: str) -> tuple[Span, ...]:
    """Where a name stands in a paper as whole words; in any case, unless it is written like a name."""
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", 0 if proper(name) else re.IGNORECASE)
    fields = (("title", paper.title), ("abstract", paper.abstract))
    return tuple(Span(f, m.start(), m.end()) for f, text in fields for m in pattern.finditer(text))


def _sentence(paper: Paper, span: Span) -> Evidence:
    return sentence_of(paper.title if span.field == "title" else paper.abstract, span)
