"""The map of the listings: all papers in one picture, in clusters that open as lists."""

from __future__ import annotations

from typing import TypedDict

from papergraph.errors import NotFoundError
from papergraph.export.map import ALONE, ALONE_NAME, Drawing, drawing, heading
from papergraph.questions.answers import PaperRef
from papergraph.questions.clusters import clusters
from papergraph.questions.stats import stats
from papergraph.service.pages import Data, page, store
from papergraph.service.parameters import Text


class ClusterHead(TypedDict):
    """A cluster without its papers."""

    number: int
    name: str
    terms: list[str]
    size: int


class OpenedCluster(TypedDict):
    """A cluster, its papers best connected first."""

    cluster: str
    name: str
    papers: list[PaperRef]


class MapAnswer(TypedDict):
    """All clusters and the drawing of them, or one with its papers."""

    chosen: OpenedCluster | None
    clusters: list[ClusterHead]
    alone: int  # papers in no cluster
    unlike: int  # of those, papers without any SIMILAR_TO edge, as the figures of the graph count them
    drawing: Drawing | None


CLUSTER = Text(name="cluster", help=f"number of a cluster to open, or {ALONE}", most=20)


@page("/map", "map.html", takes=(CLUSTER,), answer=MapAnswer)
def overview() -> Data:
    """The papers in clusters, as a drawing and as a list; or those of one cluster."""
    found, asked = clusters(store()), CLUSTER.read()
    chosen: Data | None = None
    if asked == ALONE:
        chosen = _opened(ALONE, ALONE_NAME, found.alone)
    elif asked:
        here = [c for c in found.clusters if str(c.number) == asked]
        if not here:
            raise NotFoundError(f"there is no cluster {asked!r}", "the map at /map shows which there are")
        chosen = _opened(asked, heading(here[0]), here[0].papers)
    return {
        "chosen": chosen,
        "clusters": [
            {"number": c.number, "name": heading(c), "terms": list(c.terms), "size": len(c.papers)}
            for c in found.clusters
        ],
        "alone": len(found.alone),
        "unlike": stats(store()).without_neighbour,
        "drawing": None if chosen or not found.clusters else drawing(store()),
    }


def _opened(key: str, name: str, papers: tuple[PaperRef, ...]) -> Data:
    return {"cluster": key, "name": name, "papers": [p.as_dict() for p in papers]}
