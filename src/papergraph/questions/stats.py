"""A graph in figures."""

from __future__ import annotations

from collections import Counter

from papergraph.model import EntityType
from papergraph.questions.answers import Statistics
from papergraph.questions.catalogue import catalogue, kept, read
from papergraph.store.base import GraphStore

TOP = 10  # most named concepts of a type


@kept
def stats(store: GraphStore) -> Statistics:
    """Counts of nodes and edges, kinds and years of papers, and the concepts that most papers name."""
    info = store.info()
    cat = catalogue(store)
    refs = [p.ref for p in cat.papers.values()]
    kinds = Counter(p.kind or "unknown" for p in refs if p.listed)
    years = Counter(str(p.year) if p.year else "unknown" for p in refs if p.listed)
    concepts = [c.ref for c in cat.concepts.values()]
    links = {r["basis"]: r["n"] for r in read(store, "statistics_links")}
    near = read(store, "statistics_near")
    ranked = sorted(concepts, key=lambda c: (-c.paper_count, c.name, c.id))
    return Statistics(
        graph_id=info.graph_id,
        generation=info.generation,
        embedder=info.embedder,
        counts=info.counts,
        papers_listed=cat.listed,
        papers_outside=len(refs) - cat.listed,
        kinds=dict(sorted(kinds.items(), key=lambda k: (-k[1], k[0]))),
        years=dict(sorted(years.items())),
        concept_types={t.value: sum(c.type == t for c in concepts) for t in EntityType},
        named_once=sum(c.paper_count == 1 for c in concepts),
        without_neighbour=cat.listed - (near[0]["n"] if near else 0),
        stated=links.get("stated", 0),
        inferred=links.get("inferred", 0),
        corrected=links.get("corrected", 0),
        top={t.value: [c for c in ranked if c.type == t][:TOP] for t in EntityType},
    )
