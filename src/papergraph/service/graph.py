"""The neighbourhood graph: a picture, a table in step with it, and a panel with the evidence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Literal, TypedDict
from urllib.parse import urlencode

from flask import Flask, jsonify, request, url_for

from papergraph import questions
from papergraph.errors import NotFoundError
from papergraph.model import ROLE_WORDS, Role
from papergraph.questions.catalogue import kept, read_in
from papergraph.questions.links import Kind
from papergraph.questions.neighbourhood import Edge, Node
from papergraph.service.figure import Figure, drawn_kind, figure, group, words
from papergraph.service.pages import Data, declare, page, store
from papergraph.service.picture import SIZES, Picture, compose
from papergraph.service.take import FORMATS, as_cypher
from papergraph.service.view import KIND_WORDS, TAKES, View, read_view
from papergraph.store import GraphStore
from papergraph.text import plural, readable

MOST_NAMED = 20  # concepts asked for whose roles are said
KINDS = {
    "stated": "builds on, stated in the text",
    "inferred": "builds on, inferred",
    "corrected": "builds on, said by a reader",
    "cites": "cites",
    "similar": "similar",
    "shares": "both name a rare concept",
    "introduces": "introduces",
    "builds_on": "extends",
    "evaluates_on": "evaluates on",
    "uses": "uses",
    "compares_with": "compares with",
    "mentions": "mentions",
    "variant_of": "is a variant of",
}
GROUPS = {
    "system": "system",
    "resource": "resource",
    "analysis": "analysis",
    "survey": "survey",
    "position": "position",
    "report": "report",
    "paper": "paper",
    "outside": "outside the listings",
    "Method": "method",
    "Model": "model",
    "Benchmark": "benchmark",
    "Task": "task",
}
SPARSE = (
    "Nothing is near: no paper here builds on this one or is built on by it, and none is close enough in its "
    "text to draw a line. That is common where abstracts name few things."
)
_VERBS = {
    "builds_on": "builds on",
    "similar": "is similar to",
    "cites": "cites",
    "shares": "shares a rare concept with",
}
_STRENGTH = {"corrected": 3, "stated": 3, "inferred": 2, "cites": 2, "similar": 1}


def _reasons(found: Picture) -> dict[str, tuple[int, str]]:
    """By node: the number of its edges here, and its strongest edge towards a centre in words."""
    titles = {n.id: readable(n.title) for n in found.nodes}
    distance = {n.id: n.distance for n in found.nodes}
    best: dict[str, tuple[tuple[int, float], str]] = {}
    degree: dict[str, int] = dict.fromkeys(titles, 0)
    for e in found.edges:
        rank = _STRENGTH.get(drawn_kind(e), 1), e.weight
        for end, other in ((e.source, e.target), (e.target, e.source)):
            degree[end] += 1
            nearer = distance[other] < distance[end] or distance[end] == 0
            if nearer and (end not in best or rank > best[end][0]):
                verb = _VERBS.get(e.kind, e.kind.replace("_", " "))
                if end == e.source or e.kind in ("similar", "shares"):
                    text = f"{verb} {titles[other]}"
                else:
                    text = f"{titles[other]} {verb} it"
                best[end] = rank, text
    return {n: (degree[n], best[n][1] if n in best else "") for n in titles}


def _roles(view: View, found: Picture) -> dict[str, dict[str, list[Role]]]:
    """By paper shown, the concepts asked for that it names (ids), and in which roles."""
    shown, cat, held = {n.id for n in found.nodes}, questions.catalogue(store()), questions.names(store())
    roles: dict[str, dict[str, list[Role]]] = {}
    for asked in view.concepts[:MOST_NAMED]:
        concept = asked if asked in cat.concepts else held.resolve(asked).concept.id
        for row in read_in(store(), "papers_of", "concepts", [concept]):
            if row["paper"] in shown:
                roles.setdefault(row["paper"], {}).setdefault(concept, []).append(Role(row["role"]))
    return roles


def _named(roles: dict[str, list[Role]]) -> str:
    cat = questions.catalogue(store())
    return "; ".join(
        f"{', '.join(ROLE_WORDS[r] for r in sorted(set(held), key=lambda r: r.rank))} "
        f"{readable(cat.concepts[concept].ref.name)}"
        for concept, held in roles.items()
    )


@kept
def _listings(store: GraphStore) -> dict[str, list[str]]:
    """By paper, the listings that hold it."""
    found: dict[str, list[str]] = {}
    for listing in questions.listings(store):
        for paper in questions.listing(store, listing["id"]).papers:
            if listing["id"] not in found.setdefault(paper.id, []):
                found[paper.id].append(listing["id"])
    return found


def _row(node: Node, degree: int, why: str, roles: dict[str, list[Role]]) -> Data:
    concept = node.kind == "concept"
    named = _named(roles) if roles else ""
    return {
        "id": node.id,
        "title": node.title,
        "type": node.type if concept else None,
        "paper_kind": None if concept else node.type,
        "group": group(node),
        "year": node.year,
        "outside": not node.listed,
        "centre": node.centre,
        "why": "the centre" if node.centre and not named else "; ".join(filter(None, (named, why))),
        "degree": degree,
        "roles": sorted({r for held in roles.values() for r in held}),
        "listings": [] if concept else _listings(store()).get(node.id, []),
    }


def _centres(found: Picture, view: View) -> list[dict[str, Any]]:
    """What the view is about, also where it is not drawn: a concept as a reason, a centre that was hidden."""
    centres = [{"id": n.id, "kind": n.kind, "title": n.title} for n in found.nodes if n.centre]
    shown = {c["id"] for c in centres}
    cat, held = questions.catalogue(store()), questions.names(store())
    for asked in view.concepts:
        if asked not in shown:
            ref = cat.concepts[asked].ref if asked in cat.concepts else held.resolve(asked).concept
            centres.append({"id": ref.id, "kind": "concept", "title": ref.name})
    for asked in view.centres:
        if asked in cat.papers and asked not in shown:
            centres.append({"id": asked, "kind": "paper", "title": cat.papers[asked].ref.title})
    if not centres:
        raise NotFoundError("nothing here has that name", "the search box finds the nearest names")
    return centres


def _heading(centres: list[dict[str, Any]], view: View) -> str:
    if view.depth == 0 and len(centres) > 3:
        count = Counter(c["kind"] for c in centres)
        return " and ".join(plural(count[kind], kind) for kind in ("paper", "concept") if count[kind])
    more = f" and {plural(len(centres) - 3, 'other')}" if len(centres) > 3 else ""
    return " and ".join(readable(c["title"]) for c in centres[:3]) + more


def _address(endpoint: str = "graph", /, form: str | None = None, **changes: Any) -> str:
    """This picture's address with some parameters changed; None takes one away."""
    kept = {**request.args.to_dict(flat=False), **changes}
    path = url_for(endpoint, form=form) if form else url_for(endpoint)
    return f"{path}?{urlencode({k: v for k, v in kept.items() if v is not None}, doseq=True)}"


class Centre(TypedDict):
    """What a picture is about."""

    id: str
    kind: Literal["paper", "concept"]
    title: str


class Row(TypedDict):
    """A node of the picture, as a row of the table."""

    id: str
    title: str
    type: str | None  # of a concept
    paper_kind: str | None
    group: str
    year: int | None
    outside: bool
    centre: bool
    why: str
    degree: int
    roles: list[Role]  # in the concepts that were asked for
    listings: list[str]  # ids of the listings that hold it


@dataclass(frozen=True, slots=True)
class DrawnEdge(Edge):
    """An edge of the picture, with its reason in a sentence."""

    words: str


class Asked(TypedDict):
    """Cypher with its parameters."""

    text: str
    parameters: dict[str, list[str]]


class GraphAnswer(TypedDict):
    """A neighbourhood: its nodes and edges in words, and the figure that vis-network draws."""

    centres: list[Centre]
    depth: int
    most: int
    sizes: list[int]
    concepts: bool
    kind_choices: dict[str, str]
    chosen_kinds: list[Kind]
    heading: str
    roles: list[Role]
    listings: dict[str, str]
    nodes: list[Row]
    edges: list[DrawnEdge]
    notes: list[str]
    raise_to: int | None
    raise_url: str | None
    show_all_url: str | None
    take: dict[str, str]
    cypher: Asked | None
    figure: Figure | None
    edge_kinds: dict[str, str]
    groups: dict[str, str]
    sparse: str


@page("/graph", "graph.html", takes=TAKES, answer=GraphAnswer)
def graph() -> Data:
    """The view that the address asks for; without a centre, a form that asks for one."""
    view = read_view()
    data: Data = {
        "centres": [],
        "depth": view.depth,
        "most": view.most,
        "sizes": sorted({*SIZES, view.most}),
        "concepts": view.as_nodes,
        "kind_choices": KIND_WORDS,
        "chosen_kinds": list(view.kinds),
        "heading": "",
        "roles": [],
        "listings": {},
        "nodes": [],
        "edges": [],
        "notes": [],
        "raise_to": None,
        "raise_url": None,
        "show_all_url": None,
        "take": {},
        "cypher": None,
        "figure": None,
        "edge_kinds": {},
        "groups": {},
        "sparse": "",
    }
    if not view.centres and not view.concepts:
        return data
    found = compose(store(), view)
    centres = _centres(found, view)
    if view.depth == 0:  # nothing but centres, so none stands out
        found = replace(found, nodes=tuple(replace(n, centre=False) for n in found.nodes))
    reasons, roles = _reasons(found), _roles(view, found)
    names = {n.id: readable(n.title) for n in found.nodes}
    drawn = {drawn_kind(e) for e in found.edges}
    groups = {group(n) for n in found.nodes}
    data |= {
        "centres": centres,
        "heading": _heading(centres, view),
        "roles": [r for r in Role if any(r in h for held in roles.values() for h in held.values())],
        "listings": {r["id"]: r["name"] for r in questions.listings(store())},
        "nodes": [_row(n, *reasons[n.id], roles.get(n.id, {})) for n in found.nodes],
        "edges": [{**e.as_dict(), "kind": drawn_kind(e), "words": words(e, names)} for e in found.edges],
        "notes": list(found.notes),
        "raise_to": found.raised,
        "raise_url": _address(max=found.raised) if found.raised else None,
        "show_all_url": _address(hide=None) if view.hidden else None,
        "take": {label: _address("graph_file", form) for form, label in FORMATS.items()}
        | {"JSON": _address("graph_json")},
        "cypher": as_cypher(found),
        "edge_kinds": {k: label for k, label in KINDS.items() if k in drawn},
        "groups": {g: label for g, label in GROUPS.items() if g in groups},
    }
    if len(found.nodes) > 1 or view.hidden:
        data["figure"] = figure(found.nodes, found.edges, found.places, view.pins)
    else:
        data["sparse"] = SPARSE
    return data


class Abstracts(TypedDict):
    """By the id of a paper, its abstract."""

    abstracts: dict[str, str]


@declare(takes=TAKES, answer=Abstracts)
def graph_abstracts() -> Any:
    """The abstracts of the papers that the picture of the same address shows, for the filter of its table."""
    view, cat = read_view(), questions.catalogue(store())
    nodes = compose(store(), view).nodes if view.centres or view.concepts else ()
    return jsonify({"abstracts": {n.id: cat.papers[n.id].abstract for n in nodes if n.id in cat.papers}})


def add_texts(app: Flask) -> None:
    """Adds the address of the abstracts."""
    app.add_url_rule("/graph/abstracts.json", "graph_abstracts", graph_abstracts)
