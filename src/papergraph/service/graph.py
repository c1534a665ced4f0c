"""The neighbourhood graph: a picture, a table in step with it, and a panel with the evidence."""

from __future__ import annotations

from flask import request

from papergraph import questions
from papergraph.errors import NotFoundError
from papergraph.questions.neighbourhood import Neighbourhood, Node
from papergraph.service.figure import drawn_kind, figure, words
from papergraph.service.pages import Data, page, settings, store, whole_number
from papergraph.text import plural, readable

KINDS = {
    "stated": "builds on, stated in the text",
    "inferred": "builds on, inferred",
    "cites": "cites",
    "similar": "similar",
    "introduces": "introduces",
    "builds_on": "extends",
    "evaluates_on": "evaluates on",
    "uses": "uses",
    "compares_with": "compares with",
    "mentions": "mentions",
}
SIZES = (30, 60, 150, 300, 500)


def _reasons(found: Neighbourhood) -> dict[str, tuple[int, str]]:
    """By node: the number of its edges here, and its strongest edge towards a centre in words."""
    titles = {n.id: readable(n.title) for n in found.nodes}
    distance = {n.id: n.distance for n in found.nodes}
    strength = {"stated": 3, "inferred": 2, "cites": 2, "similar": 1}
    best: dict[str, tuple[tuple[int, float], str]] = {}
    degree: dict[str, int] = dict.fromkeys(titles, 0)
    for e in found.edges:
        rank = strength.get(drawn_kind(e), 1), e.weight
        for end, other in ((e.source, e.target), (e.target, e.source)):
            degree[end] += 1
            nearer = distance[other] < distance[end] or distance[end] == 0
            if nearer and (end not in best or rank > best[end][0]):
                verb = {
                    "builds_on": "builds on",
                    "similar": "is similar to",
                    "cites": "cites",
                }.get(e.kind, e.kind.replace("_", " "))
                if end == e.source or e.kind == "similar":
                    text = f"{verb} {titles[other]}"
                else:
                    text = f"{titles[other]} {verb} it"
                best[end] = rank, text
    return {n: (degree[n], best[n][1] if n in best else "") for n in titles}


def _row(node: Node, degree: int, why: str) -> Data:
    concept = node.kind == "concept"
    return {
        "id": node.id,
        "title": node.title,
        "type": node.type if concept else None,
        "paper_kind": None if concept else node.type,
        "year": node.year,
        "outside": not node.listed,
        "centre": node.centre,
        "why": "the centre" if node.centre else why,
        "degree": degree,
    }


@page("/graph", "graph.html")
def graph() -> Data:
    papers = [c.strip()[:300] for c in request.args.getlist("centre") if c.strip()][:50]
    concepts = [c.strip()[:300] for c in request.args.getlist("concept") if c.strip()][
        :8
    ]
    depth = whole_number("depth", 1, 1, 2)
    most = whole_number("max", settings().max_nodes, 1, 500)
    as_nodes = whole_number("concepts", 0, 0, 1) == 1
    data: Data = {
        "centres": [],
        "depth": depth,
        "most": most,
        "sizes": sorted({*SIZES, most}),
        "concepts": as_nodes,
        "heading": "",
        "nodes": [],
        "edges": [],
        "notes": [],
        "figure": None,
        "kinds": KINDS,
        "edge_kinds": [],
        "sparse": "",
    }
    if not papers and not concepts:
        return data
    found = questions.neighbourhood(
        store(), [*papers, *concepts], depth=depth, max_nodes=most, concepts=as_nodes
    )
    reasons = _reasons(found)
    names = {n.id: n.title for n in found.nodes}
    centres = [
        {"id": n.id, "kind": n.kind, "title": n.title} for n in found.nodes if n.centre
    ]
    shown = {c["id"] for c in centres}
    for asked in concepts:
        if asked not in shown:
            ref = questions.concept(store(), asked).concept
            centres.append({"id": ref.id, "kind": "concept", "title": ref.name})
    if not centres:
        raise NotFoundError(
            "nothing here has that name", "the search box finds the nearest names"
        )
    data |= {
        "centres": centres,
        "heading": " and ".join(readable(c["title"]) for c in centres[:3])
        + (f" and {plural(len(centres) - 3, 'other')}" if len(centres) > 3 else ""),
        "nodes": [_row(n, *reasons[n.id]) for n in found.nodes],
        "edges": [
            {**e.as_dict(), "kind": drawn_kind(e), "words": words(e, names)}
            for e in found.edges
        ],
        "notes": list(found.notes),
        "edge_kinds": [
            k for k in KINDS if any(drawn_kind(e) == k for e in found.edges)
        ],
    }
    if len(found.nodes) > 1:
        data["figure"] = figure(found)
    else:
        data["sparse"] = (
            "Nothing is near: no paper here builds on this one or is built on by it, and none is close enough in its text to "
            "draw a line. That is common where abstracts name few things."
        )
    return data
