"""The map of the listings: all papers in one picture, in clusters that open as lists."""

from __future__ import annotations

from flask import request

from papergraph.errors import NotFoundError
from papergraph.export.map import ALONE, drawing, heading
from papergraph.questions.answers import PaperRef
from papergraph.questions.clusters import clusters
from papergraph.service.pages import Data, page, store


@page("/map", "map.html")
def overview() -> Data:
    """All clusters; with ?cluster=NUMBER, or alone, the papers of one."""
    found = clusters(store())
    asked = request.args.get("cluster", "").strip()[:20]
    chosen: Data | None = None
    if asked == ALONE:
        chosen = _opened(ALONE, "Papers without a close neighbour", found.alone)
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
        "drawing": None if chosen or not found.clusters else drawing(store()),
    }


def _opened(key: str, name: str, papers: tuple[PaperRef, ...]) -> Data:
    return {"cluster": key, "name": name, "papers": [p.as_dict() for p in papers]}
