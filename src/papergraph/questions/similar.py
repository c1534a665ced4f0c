"""The nearest papers of a paper: its SIMILAR_TO edges, or its ALIKE edges of one view."""

from __future__ import annotations

from papergraph.model import View
from papergraph.questions.alike import alike
from papergraph.questions.answers import Neighbour
from papergraph.questions.catalogue import Catalogue, catalogue
from papergraph.questions.links import Link
from papergraph.questions.links import similar as edges
from papergraph.questions.names import names
from papergraph.store.base import GraphStore


def similar(store: GraphStore, paper: str, k: int = 10, by: View | None = None) -> list[Neighbour]:
    """At most `k` neighbours of a paper (as Names.resolve_paper takes it), nearest first; none where none is
    near. `by` ranks by problem or approach instead of overall, as in questions.alike.
    """
    if by is not None:
        return [
            Neighbour(
                **a.paper.as_dict(),
                score=a.score,
                rank=a.rank,
                mutual=a.mutual,
                shared=tuple(s.concept.name for s in a.shared),
                problem=a.problem,
                approach=a.approach,
            )
            for a in alike(store, paper, by, k).papers
        ]
    cat = catalogue(store)
    return neighbours(cat, edges(store, cat, [names(store).resolve_paper(paper).paper.id]))[:k]


def neighbours(cat: Catalogue, links: list[Link]) -> list[Neighbour]:
    """SIMILAR_TO edges that leave one paper, in the order of their rank."""
    return [
        Neighbour(
            **cat.paper(link.target).as_dict(),
            score=link.weight,
            rank=rank,
            mutual=link.mutual,
            shared=cat.names(link.via),
            problem=link.problem,
            approach=link.approach,
        )
        for rank, link in enumerate(links, 1)
    ]
