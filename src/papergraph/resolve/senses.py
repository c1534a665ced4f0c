"""Which names of which papers mean one thing: a union of keys, where each join needs a reason.

A *node* is what a name means in a paper: its key; "key#paper" where this paper means something of its own
by it; "key@name" and "key@word" where a data set and a common word share a key (MATH, math). Everything is
linear in the number of mentions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from papergraph import origins
from papergraph.model import Entity, EntityType, Origin, Paper, Role
from papergraph.origins import OriginRow
from papergraph.resolve.acronyms import SMALL_WORDS, abbreviates, definitions, initials, is_short_form
from papergraph.resolve.keys import (
    generic,
    key,
    numbers,
    parts,
    proper,
    reading,
    stem,
    tail_stripped,
)
from papergraph.resolve.lexicon import Lexicon, surfaces

if TYPE_CHECKING:
    from papergraph.resolve.rulings import Rulings

SURELY_COINED = 0.95  # confidence of "introduces"
TABLE_WEIGHT = 2  # a table's reading of an acronym counts as much as that of two papers


def compatible(a: EntityType | None, b: EntityType | None) -> bool:
    """Whether two readers could mean one thing by these types: not so a Benchmark, nor a Model and a Task."""
    if a is None or b is None or a is b:
        return True
    return {a, b} in (
        {EntityType.METHOD, EntityType.MODEL},
        {EntityType.METHOD, EntityType.TASK},
    )


def majority(types: Counter[EntityType]) -> EntityType | None:
    """The most frequent type; ties go to the first of the alphabet."""
    return min(types, key=lambda t: (-types[t], t)) if types else None


class Union:
    """Disjoint sets of nodes whose types must go together; the root of a set is its smallest node."""

    def __init__(self, types: Mapping[str, Counter[EntityType]]) -> None:
        self._up: dict[str, str] = {}
        self._types = {node: Counter(count) for node, count in types.items()}
        self._apart: dict[str, set[str]] = defaultdict(set)  # roots that must never be one

    def find(self, node: str) -> str:
        root = node
        while (up := self._up.get(root, root)) != root:
            root = up
        while node != root:
            self._up[node], node = root, self._up.get(node, node)
        return root

    def type_of(self, node: str) -> EntityType | None:
        return majority(self._types.get(self.find(node), Counter()))

    def join(self, a: str, b: str, *, anyway: bool = False) -> bool:
        """Makes one set of two, unless they must stay apart or, without `anyway`, their types forbid it.

        Says whether they are one now.
        """
        a, b = sorted((self.find(a), self.find(b)))
        if a != b:
            if self.parted(a, b) or not (anyway or compatible(self.type_of(a), self.type_of(b))):
                return False
            self._up[b] = a
            self._types[a] = self._types.get(a, Counter()) + self._types.pop(b, Counter())
            for other in self._apart.pop(b, ()):
                self._apart[other].remove(b)
                self.part(a, other)
        return True

    def part(self, a: str, b: str) -> bool:
        """Makes sure that two sets never become one; False where they are one already."""
        a, b = self.find(a), self.find(b)
        if a == b:
            return False
        self._apart[a].add(b)
        self._apart[b].add(a)
        return True

    @property
    def any_parted(self) -> bool:
        return bool(self._apart)

    def parted(self, a: str, b: str) -> bool:
        """Whether two nodes must not become one."""
        return self.any_parted and self.find(b) in self._apart.get(self.find(a), ())


@dataclass(frozen=True, slots=True)
class Meaning:
    """One entity of one paper and the nodes of its surfaces, the name's first."""

    paper: Paper
    entity: Entity
    nodes: tuple[tuple[str, str], ...]  # (surface, node)

    @property
    def node(self) -> str:
        return self.nodes[0][1]


@dataclass(frozen=True, slots=True)
class Merged:
    """A set that somebody made of two: its nodes, and those of the one whose name stays."""

    nodes: frozenset[str]
    kept: frozenset[str]


@dataclass
class Orders:
    """What people ruled of whole concepts, by the root of their nodes."""

    merged: dict[str, Merged] = field(default_factory=dict)
    types: dict[str, EntityType] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)  # no concepts at all
    parted: bool = False  # some names were kept apart


@dataclass
class Senses:
    """The outcome: what each entity means, and which nodes are one thing."""

    meanings: list[Meaning]
    union: Union
    own: dict[str, set[str]]  # paper: keys by which it means something else than others do
    long_forms: dict[str, str] = field(default_factory=dict)  # long form that papers define: its short node
    orders: Orders = field(default_factory=Orders)

    def root(self, node: str) -> str:
        return self.union.find(node)

    def no_concepts(self, lexicon: Lexicon) -> set[str]:
        """Keys of well-known names that somebody ruled to be no concepts here."""
        if not self.orders.gone:
            return set()
        return {k for row in lexicon.rows if self.root(k := key(row.name)) in self.orders.gone}


@dataclass
class _Acronyms:
    """Readings of short forms: by paper, and the one that most papers agree on.

    Three letters that one paper coins for its own are nobody else's.
    """

    local: dict[str, dict[str, dict[str, str]]]  # paper: key of the short form: long form: its reading
    longs: dict[str, dict[str, set[str]]]  # key of the short form: reading: long forms
    winner: dict[str, str]  # key of the short form: the reading that most papers agree on


def _acronyms(
    papers: Sequence[Paper], entities: Mapping[str, Sequence[Entity]], lexicon: Lexicon
) -> _Acronyms:
    local: dict[str, dict[str, dict[str, str]]] = {}
    longs: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    votes: dict[str, Counter[str]] = defaultdict(Counter)

    def read(short: str, long: str) -> tuple[str, str]:
        """The long form without a generic word that the short form does not stand for, and its reading."""
        bare = tail_stripped(long)
        if bare and abbreviates(short, bare):
            long = bare
        row = lexicon.by_reading.get(reading(long))
        return long, f"={row.name}" if row else _content(long)

    invented: dict[str, set[str]] = defaultdict(set)  # key of a short form: readings that a paper coins
    for paper in papers:
        found = local.setdefault(paper.id, {})
        pairs = [*definitions(paper.title), *definitions(paper.abstract)]
        for entity in entities.get(paper.id, ()):
            names = [p for s in (entity.name, *entity.aliases) for p in parts(s)]
            pairs += [(s, long) for s in names if is_short_form(s) for long in names if abbreviates(s, long)]
        for short, long in dict.fromkeys(pairs):
            bare, meaning = read(short, long)
            found.setdefault(key(short), {})[bare] = meaning
            longs[key(short)][meaning].update((long, bare))
        coined = {
            key(s)
            for e in entities.get(paper.id, ())
            if e.role is Role.INTRODUCES
            for s in (e.name, *e.aliases)
        }
        for short_key, forms in found.items():
            votes[short_key].update(set(forms.values()))
            if short_key in coined:
                invented[short_key].update(forms.values())
    for row in lexicon.rows:
        for short in filter(is_short_form, surfaces(row)):
            if lexicon.by_key.get(key(short)) is row:
                for meaning in {read(short, s)[1] for s in surfaces(row) if abbreviates(short, s)}:
                    votes[key(short)][meaning] += TABLE_WEIGHT
    winner = {}
    for short_key, count in votes.items():
        best = min(count, key=lambda s: (-count[s], s))
        private = count[best] == 1 and len(short_key) <= 3 and best in invented[short_key]
        if 2 * count[best] > count.total() and not private:
            winner[short_key] = best
    return _Acronyms(local, longs, winner)


def _content(long: str) -> str:
    """The reading of a long form without small words ("learning from feedback", "learning with feedback")."""
    return reading(" ".join(w for w in long.split() if w.casefold() not in SMALL_WORDS))


def _coiners(
    papers: Sequence[Paper], entities: Mapping[str, Sequence[Entity]], lexicon: Lexicon
) -> dict[str, set[str]]:
    """Keys of names that several papers coin: the ids of all but the first.

    Two papers called "TinyX: ..." present two things, and so do two that surely introduce a "TinyX"; the
    earliest keeps the name, or the paper that the tables know it from.
    """
    owners: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for paper in papers:
        head, colon, _ = paper.title.partition(":")
        for entity in entities.get(paper.id, ()):
            claim = next((c for c in entity.roles if c.role is Role.INTRODUCES), None)
            if claim is None:
                continue
            k = key(entity.name)
            coined = (colon and k == key(head)) or (proper(entity.name) and claim.confidence >= SURELY_COINED)
            origin = row.origin if (row := lexicon.by_key.get(k)) else None
            if not coined or (origin and _presents(paper, origin)):
                continue
            if origin:
                owners[k].add((0, ""))
            owners[k].add((paper.year or 9999, paper.id))
    return {k: {paper for _, paper in sorted(found)[1:]} for k, found in owners.items() if len(found) > 1}


def _presents(paper: Paper, origin: Origin) -> bool:
    """Whether it is the paper that the tables know a concept from."""
    if paper.arxiv_id and paper.arxiv_id == origin.arxiv_id:
        return True
    return origins.same_title(paper.title, origin.title)


def case(surface: str) -> str:
    """How it is written: like a name or like a word."""
    return "name" if proper(surface) else "word"


def group(
    papers: Sequence[Paper],
    entities: Mapping[str, Sequence[Entity]],
    lexicon: Lexicon,
    rulings: Rulings | None = None,
) -> Senses:
    """Which names mean one thing. Deterministic, whatever the order of the papers."""
    acronyms = _acronyms(papers, entities, lexicon)
    owners = _coiners(papers, entities, lexicon)
    own: dict[str, set[str]] = defaultdict(set)

    def local_node(paper: Paper, surface: str) -> str:
        k = key(surface)
        forms = acronyms.local[paper.id].get(k, {}) if is_short_form(surface) else {}
        if forms and acronyms.winner.get(k) not in forms.values():
            strict = [f for f in forms if initials(surface, f)]
            if strict:
                own[paper.id].add(k)
                return key(strict[0])
        if paper.id in owners.get(k, ()):
            own[paper.id].add(k)
            return f"{k}#{paper.id}"
        return k

    drafts: list[tuple[Paper, Entity, list[tuple[str, str]]]] = []
    for paper in papers:
        for entity in entities.get(paper.id, ()):
            names = list(dict.fromkeys(p for s in (entity.name, *entity.aliases) for p in parts(s) if key(p)))
            nodes = [(s, local_node(paper, s)) for i, s in enumerate(names) if i == 0 or not generic(key(s))]
            if nodes:
                drafts.append((paper, entity, nodes))
    split = _split_by_case(drafts)
    meanings = [
        Meaning(
            p,
            e,
            tuple((s, f"{node}@{case(s)}" if node in split else node) for s, node in nodes),
        )
        for p, e, nodes in drafts
    ]
    types: dict[str, Counter[EntityType]] = defaultdict(Counter)
    for meaning in meanings:
        for _, node in meaning.nodes:
            types[node][meaning.entity.type] += 1
    senses = Senses(meanings, Union(types), dict(own))
    if rulings:
        rulings.part(senses.union, types)
    _join_table(senses.union, lexicon, acronyms, split)
    _join_acronyms(senses, acronyms, types)
    _join_writings(senses.union, meanings)
    _join_aliases(senses.union, meanings)
    if rulings:
        rulings.merge(senses)
    return senses


def _split_by_case(
    drafts: Iterable[tuple[Paper, Entity, list[tuple[str, str]]]],
) -> set[str]:
    """Keys that are a data set where written like a name and none where written like a word (MATH, math)."""
    count: dict[str, dict[str, Counter[bool]]] = defaultdict(lambda: defaultdict(Counter))
    for _, entity, nodes in drafts:
        surface, node = nodes[0]
        count[node][case(surface)][entity.type is EntityType.BENCHMARK] += 1
    return {
        node
        for node, cases in count.items()
        if len(cases) == 2
        and cases["name"][True] > cases["name"][False]
        and cases["word"][False] > cases["word"][True]
    }


def _join_table(union: Union, lexicon: Lexicon, acronyms: _Acronyms, split: set[str]) -> None:
    """Joins the names of each row, but for a short form that most papers read in another way."""
    for row in lexicon.rows:
        keys = [k for k in lexicon.keys(row) if acronyms.winner.get(k, f"={row.name}") == f"={row.name}"]
        nodes = [f"{k}@{case(row.name)}" if k in split else k for k in keys]
        if union.any_parted:  # of parted names the one written more like the row's own stays with it
            nodes[1:] = sorted(nodes[1:], key=lambda node: -_likeness(node, row))
        for other in nodes[1:]:
            union.join(nodes[0], other)


def _likeness(node: str, row: OriginRow) -> float:
    return float(fuzz.ratio(node, key(row.name)))


def _join_acronyms(senses: Senses, acronyms: _Acronyms, types: Mapping[str, Counter[EntityType]]) -> None:
    for short, winner in sorted(acronyms.winner.items()):
        if short not in types or generic(short):
            continue
        for long in sorted(acronyms.longs[short][winner]):
            if not generic(key(long)) and senses.union.join(short, key(long)):
                senses.long_forms[long] = short


def _join_writings(union: Union, meanings: Sequence[Meaning]) -> None:
    """Joins inflected forms, and names with and without a generic word at their ends."""
    stems: dict[tuple[str, str], str] = {}
    for node, surface in sorted({(node, s) for m in meanings for s, node in m.nodes if node == key(s)}):
        loose = stem(surface)
        if not generic(loose):
            union.join(stems.setdefault((case(surface), loose), node), node)
    names = sorted({(m.node, m.nodes[0][0]) for m in meanings if m.node == key(m.nodes[0][0])})
    known = {(node, case(surface)) for node, surface in names}
    for node, surface in names:
        short = tail_stripped(surface)
        if short and not generic(key(short)) and (key(short), case(short)) in known:
            union.join(key(short), node)


def _join_aliases(union: Union, meanings: Sequence[Meaning]) -> None:
    """Joins a name and an alias that an extraction gave it, where no other thing goes by that alias."""
    named = Counter(union.find(m.node) for m in meanings)
    pairs: dict[str, Counter[str]] = defaultdict(Counter)
    for m in meanings:
        surface = m.nodes[0][0]
        if not generic(m.node):
            for alias, node in m.nodes[1:]:
                if union.find(node) != union.find(m.node) and numbers(alias) == numbers(surface):
                    pairs[union.find(node)][union.find(m.node)] += 1
    for alias_root, count in sorted(pairs.items()):
        if len(count) == 1 and named[alias_root] == 0:
            union.join(alias_root, min(count))
