"""The nearest papers of a paper: its SIMILAR_TO edges."""

from __future__ import annotations

from papergraph.questions.answers import Neighbour
from papergraph.questions.catalogue import Catalogue, catalogue
from papergraph.questions.links import Link
from papergraph.questions.links import similar as edges
from papergraph.questions.names import names
from papergraph.store.base import GraphStore


def similar(store: GraphStore, paper: str, k: int = 10) -> list[Neighbour]:
    """At most `k` neighbours of a paper (as Names.resolve_paper takes it), nearest first; none where none is
    near.
    """
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
        )
        for rank, link in enumerate(links, 1)
    ]
