"""Names to concepts: what extraction found in each paper becomes nodes that papers share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from papergraph import labels
from papergraph.corrections import Correction, Outcome
from papergraph.corrections.papers import PaperFinder
from papergraph.model import Concept, Entity, EntityType, Paper, PaperConcept, Role, Variant
from papergraph.registry import Registry
from papergraph.resolve import concepts, senses, variants
from papergraph.resolve.lexicon import Lexicon
from papergraph.resolve.rulings import Rulings
from papergraph.text import fold_title, readable

__all__ = ["Resolution", "resolve"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Every list is sorted by its key. `origin_papers` are papers that no listing holds."""

    concepts: list[Concept]
    paper_concepts: list[PaperConcept]
    variants: list[Variant]
    origin_papers: list[Paper]
    outcomes: list[Outcome] = field(default_factory=list)


def resolve(
    papers: Sequence[Paper],
    entities: Mapping[str, tuple[Entity, ...]],
    registry: Registry,
    lexicon: Lexicon | None = None,
    corrections: Sequence[Correction] = (),
) -> Resolution:
    """The concepts that the listed papers name. Linear in the mentions, whatever the order of the papers.

    `entities` is by paper id. Ids come from the registry, which remembers them by the keys of the names.
    `lexicon` replaces the tables of well-known names that travel with the package. Of the `corrections` those
    of names and entities are applied, and `outcomes` says what became of them.
    """
    lexicon = lexicon or Lexicon.load()
    listed = sorted((p for p in papers if p.listed), key=lambda p: p.id)
    rulings = Rulings(corrections, PaperFinder(listed, registry), registry, lexicon)
    grouped = senses.group(listed, entities, lexicon, rulings)
    grouped, entities = rulings.amend(grouped, entities)
    candidates = concepts.clusters(grouped, lexicon)
    hits = rulings.heard(concepts.text_mentions(listed, entities, candidates, grouped))
    found = concepts.identified(candidates, hits, registry, parted=grouped.orders.parted)
    outcomes = rulings.outcomes(found, hits)
    edges = [*concepts.entity_edges(found), *concepts.text_edges(found, hits)]
    edges.sort(key=lambda e: (e.paper, e.concept, e.role.rank))
    nodes = [c.concept for c in found.values()]
    taken = {k for c in found.values() for k in c.keys} | grouped.no_concepts(lexicon)
    families = variants.families(nodes, taken, lexicon, registry)
    nodes, origin_papers = _origins([*nodes, *families], edges, listed, registry)
    return Resolution(nodes, edges, variants.derive(nodes, lexicon), origin_papers, outcomes)


def _origins(
    nodes: Sequence[Concept],
    edges: Sequence[PaperConcept],
    listed: Sequence[Paper],
    registry: Registry,
) -> tuple[list[Concept], list[Paper]]:
    """Concepts with the paper that introduced them, and those of these papers that no listing holds.

    A paper that is not listed becomes a node only where a listed paper does more than mention the concept.
    """
    by_title = {fold_title(p.title): p.id for p in listed}
    by_arxiv = {p.arxiv_id: p.id for p in listed if p.arxiv_id}
    rested_on = {e.concept for e in edges if e.role is not Role.MENTIONS}
    outside: dict[str, list[Concept]] = defaultdict(list)
    out = []
    for concept in sorted(nodes, key=lambda c: c.id):
        paper_id, origin = None, concept.origin
        if origin:
            paper_id = by_title.get(fold_title(origin.title)) or by_arxiv.get(origin.arxiv_id or "")
            if paper_id is None and concept.id in rested_on:
                paper_id = registry.paper_id(origin.title, year=origin.year, arxiv_id=origin.arxiv_id)
                outside[paper_id].append(concept)
        out.append(replace(concept, origin_paper=paper_id))
    return out, [_origin_paper(i, outside[i]) for i in sorted(outside)]


def _origin_paper(paper_id: str, introduced: Sequence[Concept]) -> Paper:
    """The paper that introduced these concepts, labelled by the one that it is known for.

    That is one in its title, else the name that its title begins with ("PAL: ..."), else a model of its own.
    """
    origin = introduced[-1].origin
    assert origin is not None
    head, colon, _ = origin.title.partition(":")
    named = [
        (
            name.casefold() not in origin.title.casefold(),
            c.type is not EntityType.MODEL,
            -c.paper_count,
            len(name),
            name,
        )
        for c in introduced
        if len(name := readable(c.name)) <= labels.SHORT
    ]
    own = bool(named) and not min(named)[0]
    coined = bool(colon) and " " not in head
    return Paper(
        id=paper_id,
        title=origin.title,
        abstract="",
        short=min(named)[-1] if own or (named and not coined) else labels.from_title(origin.title),
        year=origin.year,
        arxiv_id=origin.arxiv_id,
        listed=False,
    )
