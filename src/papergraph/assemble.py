"""From papers, their entities and vectors to the graph: concepts, links, and what people corrected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from papergraph import corpus, link, resolve
from papergraph.corrections import Correction, Outcome
from papergraph.corrections.edges import EdgeCorrections
from papergraph.corrections.papers import PaperFinder
from papergraph.link import Statistics
from papergraph.model import Entity, Graph, Paper
from papergraph.registry import Registry
from papergraph.settings import Settings


@dataclass(frozen=True, slots=True)
class Assembled:
    """The graph but for its listings, the statistics that it rests on, and what became of the corrections."""

    graph: Graph
    statistics: Statistics
    outcomes: list[Outcome]


def assemble(
    papers: Sequence[Paper],
    entities: dict[str, tuple[Entity, ...]],
    vectors: np.ndarray,
    views: np.ndarray,
    registry: Registry,
    settings: Settings,
    corrections: Sequence[Correction],
    *,
    statistics: Statistics | None,
    progress: Callable[[str, int, int], None],
) -> Assembled:
    """The graph of the listed `papers`; `vectors` and `statistics` as in link.similar, `views` as in
    link.Views, `entities` by id.

    The registry learns what it would learn without the corrections, so that undoing these gives every concept
    the id that it had.
    """
    progress("linking", 0, 3)
    resolution = resolve.resolve(papers, entities, registry)
    cited, cites = corpus.cited([*papers, *resolution.origin_papers], registry)
    if any(not c.problem for c in corrections):
        registry = Registry.from_json(registry.to_json())
        resolution = resolve.resolve(papers, entities, registry, corrections=corrections)
        cited, cites = corpus.cited([*papers, *resolution.origin_papers], registry)
    everyone = [*papers, *resolution.origin_papers, *cited]
    edges = EdgeCorrections(corrections, PaperFinder(everyone, registry))
    progress("linking", 1, 3)
    similar, statistics = link.similar(
        papers,
        vectors,
        resolution.paper_concepts,
        resolution.concepts,
        k=settings.similar_k,
        floor=settings.similar_floor,
        statistics=statistics,
    )
    seen = link.Views([p.id for p in papers], views, statistics.views)
    statistics = replace(statistics, views=seen.centre)
    similar, alike = edges.near(seen.scored(similar), seen.alike(settings.similar_k))
    progress("linking", 2, 3)
    builds_on = link.builds_on(
        everyone,
        resolution.concepts,
        resolution.paper_concepts,
        resolution.variants,
        similar,
        cites,
        min_confidence=settings.builds_on_min_confidence,
    )
    builds_on = edges.builds_on(builds_on)
    progress("linking", 3, 3)
    graph = Graph(
        papers=sorted(everyone, key=lambda p: p.id),
        concepts=sorted(resolution.concepts, key=lambda c: c.id),
        paper_concepts=sorted(resolution.paper_concepts, key=lambda e: (e.paper, e.concept, e.role.rank)),
        builds_on=sorted(builds_on, key=lambda e: (e.source, e.target)),
        similar=sorted(similar, key=lambda e: (e.source, e.rank)),
        alike=alike,
        variants=sorted(resolution.variants, key=lambda e: (e.source, e.target)),
        cites=sorted(cites, key=lambda e: (e.source, e.target)),
        entities=entities,
    )
    outcomes = [
        *(Outcome.wrong(c) for c in corrections if c.problem),
        *resolution.outcomes,
        *edges.outcomes(),
    ]
    return Assembled(graph, statistics, sorted(outcomes, key=lambda o: o.correction.number))
