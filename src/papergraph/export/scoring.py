"""Lines for scoring a graph against labels: papers by title, one JSON object a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from papergraph.model import Concept, Graph, Paper, PaperConcept, Role, Span

if TYPE_CHECKING:
    from papergraph.tables import Generation

Line = dict[str, Any]


def entities(graph: Graph) -> Iterator[Line]:
    """A listed paper a line with the things it names: the form that `papergraph build --entities` takes."""
    concepts = {c.id: c for c in graph.concepts}
    by_paper: dict[str, dict[str, list[PaperConcept]]] = defaultdict(lambda: defaultdict(list))
    for edge in graph.paper_concepts:
        by_paper[edge.paper][edge.concept].append(edge)
    for paper in graph.papers:
        if paper.listed:
            found = by_paper[paper.id]
            rows = [
                _entity(paper, concepts[c], sorted(e, key=lambda x: x.role.rank)) for c, e in found.items()
            ]
            yield {"title": paper.title, "entities": rows}


def _entity(paper: Paper, concept: Concept, edges: list[PaperConcept]) -> Line:
    first = edges[0]
    spans = dict.fromkeys(s for e in edges for s in e.spans)
    surfaces = dict.fromkeys([*(e.name for e in edges), *(_at(paper, s) for s in spans)])
    names = [s for s in surfaces if s in paper.title or s in paper.abstract] or [first.name]
    evidence = first.evidence or next((e.evidence for e in edges if e.evidence), ())
    return {
        "name": names[0],
        "aliases": names[1:],
        "type": first.type.value,
        "concept": concept.name,
        "concept_type": concept.type.value,
        "role": first.role.value,
        "roles": [e.role.value for e in edges],
        "confidence": round(first.confidence, 4),
        "evidence": evidence[0].text if evidence else "",
    }


def _at(paper: Paper, span: Span) -> str:
    return (paper.title if span.field == "title" else paper.abstract)[span.start : span.end]


def concepts(graph: Graph) -> Iterator[Line]:
    """A concept a line with what it is a variant of and the papers that name it, each with its strongest
    role.
    """
    names = {c.id: c.name for c in graph.concepts}
    titles = {p.id: p.title for p in graph.papers}
    bases: dict[str, list[str]] = defaultdict(list)
    for v in graph.variants:
        bases[v.source].append(names[v.target])
    roles: dict[str, dict[str, Role]] = defaultdict(dict)
    for e in graph.paper_concepts:
        held = roles[e.concept].get(e.paper)
        if held is None or e.role.rank < held.rank:
            roles[e.concept][e.paper] = e.role
    for c in graph.concepts:
        yield {
            "name": c.name,
            "aliases": list(c.aliases),
            "type": c.type.value,
            "variant_of": bases[c.id][0] if bases[c.id] else None,
            "papers": [{"title": titles[p], "role": r.value} for p, r in sorted(roles[c.id].items())],
        }


def builds_on(graph: Graph) -> Iterator[Line]:
    """A BUILDS_ON edge a line."""
    titles = {p.id: p.title for p in graph.papers}
    names = {c.id: c.name for c in graph.concepts}
    for e in graph.builds_on:
        yield {
            "from": titles[e.source],
            "to": titles[e.target],
            "score": round(e.confidence, 4),
            "basis": e.basis.value,
            "via": [names.get(c, c) for c in e.via],
            "evidence": [q.text for q in e.evidence],
            "reason": e.reason,
        }


def all_builds_on(generation: Generation, least: float) -> Iterator[Line]:
    """Like builds_on, with edges down to the confidence `least`: those below the graph's own floor are worked
    out anew.
    """
    from papergraph import link

    graph = generation.read()
    graph.builds_on = link.builds_on(
        graph.papers,
        graph.concepts,
        graph.paper_concepts,
        graph.variants,
        graph.similar,
        graph.cites,
        min_confidence=least,
    )
    return builds_on(graph)


def similar(generation: Generation, k: int) -> Iterator[Line]:
    """A listed paper a line with its `k` nearest; `drawn` says how many of them are edges."""
    from papergraph import link

    graph = generation.read()
    drawn: dict[str, int] = defaultdict(int)
    for e in graph.similar:
        drawn[e.source] += 1
    listed = [p for p in graph.papers if p.listed]
    titles = {p.id: p.title for p in graph.papers}
    ranked: dict[str, list[str]] = defaultdict(list)
    statistics = link.Statistics.load(generation.path)
    vectors = generation.vectors().matrix
    edges, _ = link.similar(
        listed, vectors, graph.paper_concepts, graph.concepts, k=k, floor=0.0, statistics=statistics
    )
    for e in edges:
        ranked[e.source].append(titles[e.target])
    for p in listed:
        yield {"query": p.title, "ranked": ranked[p.id], "drawn": min(drawn[p.id], len(ranked[p.id]))}
