"""From clusters of meanings to concepts (name, aliases, type, id) and their edges to the papers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from papergraph.model import (
    Concept,
    Entity,
    EntityType,
    Paper,
    PaperConcept,
    Role,
    RoleClaim,
    Span,
)
from papergraph.origins import OriginRow
from papergraph.registry import Registry
from papergraph.resolve import mentions
from papergraph.resolve.keys import generic, key, proper, tail_stripped
from papergraph.resolve.lexicon import Lexicon, surfaces
from papergraph.resolve.mentions import TextMention
from papergraph.resolve.senses import Meaning, Senses, case, compatible, majority
from papergraph.text import readable

MENTION_FLOOR = 0.4  # least confidence of a mention that stands in the text alone


@dataclass(frozen=True, slots=True)
class Cluster:
    """Everything that means one thing. `row` is its entry in the tables of well-known names.

    Without meanings it is a well-known concept that extraction found in no paper.
    """

    meanings: tuple[Meaning, ...]
    concept: Concept
    row: OriginRow | None
    names: tuple[str, ...]  # every surface that may stand for it in any paper
    keys: tuple[str, ...]  # by which the registry knows it


def clusters(senses: Senses, lexicon: Lexicon) -> dict[str, Cluster]:
    """The concepts by the root of their nodes, still without ids, and all others that the tables know."""
    by_root: dict[str, list[Meaning]] = defaultdict(list)
    for meaning in senses.meanings:
        by_root[senses.root(meaning.node)].append(meaning)
    long_forms: dict[str, list[str]] = defaultdict(list)
    for long, node in sorted(senses.long_forms.items()):
        long_forms[senses.root(node)].append(long)
    out = {
        root: _cluster(root, meanings, long_forms[root], senses, lexicon)
        for root, meanings in sorted(by_root.items())
    }
    named = {id(c.row) for c in out.values()}
    for row in lexicon.rows:
        root = senses.root(key(row.name))
        if id(row) not in named and root not in out and root not in senses.orders.gone:
            out[root] = _unnamed(root, row, senses, lexicon)
    return out


def _unnamed(root: str, row: OriginRow, senses: Senses, lexicon: Lexicon) -> Cluster:
    """A well-known concept that extraction found in no paper."""
    names, aliases = list(surfaces(row)), row.aliases
    if merged := senses.orders.merged.get(root):
        row = next((r for k in sorted(merged.kept) if (r := lexicon.by_key.get(k))), row)
        names = list(dict.fromkeys((*surfaces(row), *_known(merged.nodes, lexicon))))
        aliases = tuple(n for n in names if n != row.name)
    kind = senses.orders.types.get(root, row.type)
    keys = tuple(k for k in dict.fromkeys(map(key, names)) if senses.root(k) == root)
    return Cluster((), Concept("", row.name, aliases, kind, 0, row.origin), row, tuple(names), keys)


def _known(nodes: Iterable[str], lexicon: Lexicon) -> list[str]:
    """The names that the tables have for some nodes."""
    return [s for n in sorted(nodes) if (row := lexicon.by_key.get(n)) for s in surfaces(row)]


def identified(
    found: Mapping[str, Cluster],
    hits: Iterable[TextMention],
    registry: Registry,
    *,
    parted: bool = False,
) -> dict[str, Cluster]:
    """Those clusters that a paper names, with the ids of their concepts and the number of their papers.

    Where names that were one concept are kept apart (`parted`), its id stays with the part whose name it is
    made of, else with the larger one.
    """
    papers: dict[str, set[str]] = {r: {m.paper.id for m in c.meanings} for r, c in found.items()}
    for hit in hits:
        papers[hit.root].add(hit.paper)
    out = {}
    order = sorted(found)
    if parted:
        order.sort(
            key=lambda r: (not registry.has_slug(found[r].concept.name, found[r].keys), -len(papers[r]))
        )
    for root in order:
        cluster = found[root]
        if papers[root]:
            concept = replace(
                cluster.concept,
                id=registry.concept_id(cluster.concept.name, cluster.keys),
                paper_count=len(papers[root]),
            )
            out[root] = replace(cluster, concept=concept)
    return out


def _cluster(
    root: str,
    meanings: Sequence[Meaning],
    long_forms: Sequence[str],
    senses: Senses,
    lexicon: Lexicon,
) -> Cluster:
    kind = majority(Counter(kind for _, kind in {(m.paper.id, m.entity.type) for m in meanings}))
    assert kind is not None
    named = {(s, n) for m in meanings for s, n in m.nodes if senses.root(n) == root}
    nodes = {n for _, n in named}
    count = _count(meanings, {s for s, _ in named})
    if merged := senses.orders.merged.get(root):
        nodes |= merged.nodes
        row = _row(root, merged.kept, None, senses, lexicon)
        kept = {s for s, n in named if n in merged.kept}
        name = row.name if row else _best_name({s: n for s, n in count.items() if s in kept} or count)
        row = row or _row(root, nodes, None, senses, lexicon)
    else:
        row = _row(root, nodes, kind, senses, lexicon)
        name = row.name if row else _best_name(count)
    shared = {s for s, n in named if "#" not in n}
    known = {s for s in (surfaces(row) if row else ()) if not senses.union.parted(root, key(s))}
    known |= set(_known(merged.nodes, lexicon)) if merged else set()
    keys = nodes | {f"{n}@{case(s)}" for s, n in named if "@" not in n and "#" not in n}
    others = {readable(s) for s in (*count, *known)} | set(count)
    concept = Concept(
        id="",
        name=name,
        aliases=tuple(sorted(others - {name}, key=lambda s: (-count[s], s))),
        type=senses.orders.types.get(root) or (row.type if row else kind),
        paper_count=0,
        origin=row.origin if row else None,
    )
    names_of = tuple(sorted(shared | known | set(long_forms)))
    return Cluster(tuple(meanings), concept, row, names_of, tuple(sorted(keys)))


def _row(
    root: str, nodes: Iterable[str], kind: EntityType | None, senses: Senses, lexicon: Lexicon
) -> OriginRow | None:
    """The entry of the tables for these nodes: one whose name is among them, or would be."""
    for node in sorted(nodes):
        bare, at, written = node.partition("@")
        row = lexicon.by_key.get(bare)
        if row and compatible(row.type, kind):
            own = key(row.name) + at + (written and case(row.name))
            if senses.root(own) == root:
                return row
    return None


def _count(meanings: Iterable[Meaning], mine: set[str]) -> Counter[str]:
    """How often each surface stands for it: a name counts twice as much as an alias, each once a paper."""
    seen: dict[tuple[str, str], int] = {}
    for m in meanings:
        for i, (surface, _) in enumerate(m.nodes):
            if surface in mine:
                place = (m.paper.id, surface)
                seen[place] = max(seen.get(place, 0), 1 if i else 2)
    out: Counter[str] = Counter()
    for (_, surface), weight in seen.items():
        out[surface] += weight
    return out


def _best_name(count: Mapping[str, int]) -> str:
    """The most frequent name; of its writings the most frequent, then the one that is better written.

    Better written: singular, capitals where it is a name of its own, lower case where it only stood in a
    title.
    """
    by_key: Counter[str] = Counter()
    for surface, n in count.items():
        by_key[key(surface)] += n
    best = min(by_key, key=lambda k: (generic(k), -by_key[k], -len(k), k))
    return readable(
        min(
            (s for s in count if key(s) == best),
            key=lambda s: (-count[s], *_flaws(s), s),
        )
    )


def _flaws(surface: str) -> tuple[bool, bool, int]:
    own = proper(surface) and not surface.istitle()
    capitals = sum(c.isupper() for c in surface)
    return (
        surface.endswith("s"),
        tail_stripped(surface) is not None,
        -capitals if own else capitals,
    )


def entity_edges(found: Mapping[str, Cluster]) -> list[PaperConcept]:
    """One edge per paper, concept and role, with the highest confidence and all evidence of its entities."""
    out = []
    for _, cluster in sorted(found.items()):
        by_paper: dict[str, list[Entity]] = defaultdict(list)
        for meaning in cluster.meanings:
            by_paper[meaning.paper.id].append(meaning.entity)
        for paper, entities in by_paper.items():
            out += _paper_edges(paper, cluster.concept, entities)
    return out


def _paper_edges(paper: str, concept: Concept, entities: Sequence[Entity]) -> list[PaperConcept]:
    claims: dict[Role, list[tuple[Entity, RoleClaim]]] = defaultdict(list)
    for entity in entities:
        for claim in entity.roles:
            claims[claim.role].append((entity, claim))
    if len(claims) > 1:
        claims.pop(Role.MENTIONS, None)  # background, and more than that: not background
    out = []
    for role, found in claims.items():
        entity, best = min(found, key=lambda f: (-f[1].confidence, f[0].name))
        evidence = {e.at: e for _, claim in found for e in claim.evidence}
        spans = {s for e, _ in found for s in e.spans}
        out.append(
            PaperConcept(
                paper=paper,
                concept=concept.id,
                role=role,
                name=entity.name,
                type=entity.type,
                confidence=best.confidence,
                evidence=tuple(evidence[at] for at in sorted(evidence, key=_place)),
                spans=tuple(sorted(spans, key=_place)),
            )
        )
    return out


def _place(span: Span) -> tuple[bool, int, int]:
    return span.field != "title", span.start, span.end


def text_mentions(
    papers: Sequence[Paper],
    entities: Mapping[str, Sequence[Entity]],
    found: Mapping[str, Cluster],
    senses: Senses,
) -> list[TextMention]:
    """Where a paper's text names a concept that extraction passed over there.

    Only concepts that extraction found in two papers or that the tables know are looked for.
    """
    known: dict[str, set[str]] = defaultdict(set)
    for root, cluster in found.items():
        for meaning in cluster.meanings:
            known[meaning.paper.id].add(root)
    return mentions.find(
        papers,
        {root: [n for n in c.names if not generic(key(n))] for root, c in found.items()},
        {r for r, c in found.items() if c.row or len({m.paper.id for m in c.meanings}) > 1},
        {r for r, c in found.items() if c.concept.origin},
        known,
        {p: [s for e in of_paper for s in e.spans] for p, of_paper in entities.items()},
        senses.own,
        MENTION_FLOOR,
    )


# The likeliest role of a known thing in a paper that names it, and how often it is that (counted on 6,300
# labelled entities that their papers do not introduce). A model's is too open: used, built on or compared.
TEXT_ROLES = {
    EntityType.TASK: (Role.EVALUATES_ON, 0.81),
    EntityType.BENCHMARK: (Role.EVALUATES_ON, 0.91),
    EntityType.METHOD: (Role.USES, 0.48),
    EntityType.MODEL: (Role.MENTIONS, 1.0),
}


def text_edges(found: Mapping[str, Cluster], hits: Iterable[TextMention]) -> list[PaperConcept]:
    """The mentions in the texts as edges in the likeliest role, with the modest confidence that they have."""
    out = []
    for hit in hits:
        concept = found[hit.root].concept
        role, share = TEXT_ROLES[concept.type]
        out.append(
            PaperConcept(
                paper=hit.paper,
                concept=concept.id,
                role=role,
                name=hit.surface,
                type=concept.type,
                confidence=hit.confidence * share,
                evidence=(hit.evidence,),
                spans=(hit.span,),
            )
        )
    return out
