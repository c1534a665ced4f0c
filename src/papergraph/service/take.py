"""What a picture shows, as files to take away, and as Cypher to ask elsewhere."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from flask import Flask, Response

from papergraph.errors import UsageError
from papergraph.export import networkx, references, whole
from papergraph.export.portable import portable
from papergraph.model import Graph
from papergraph.queries import internal_queries
from papergraph.service.pages import declare, store
from papergraph.service.picture import Picture, compose
from papergraph.service.view import TAKES, read_view

FORMATS = {"graphml": "GraphML", "bibtex": "BibTeX", "ris": "RIS", "csv": "CSV"}
PAPER_FORMATS = {form: FORMATS[form] for form in ("bibtex", "ris", "csv")}
PAPER_COLUMNS = ("id", "title", "kind", "year", "date", "authors", "venue", "doi", "arxiv_id", "listed")
_SUFFIX = {"graphml": "graphml", "bibtex": "bib", "ris": "ris", "csv": "csv"}
_TYPE = {
    "graphml": "application/xml",
    "bibtex": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csv": "text/csv",
}
PAPER_TYPES = tuple(_TYPE[form] for form in PAPER_FORMATS)


def shown_graph(graph: Graph, picture: Picture) -> Graph:
    """The part of a graph that a picture shows: its papers, its concepts, and all edges between those."""
    ids = {n.id for n in picture.nodes if n.kind == "paper"}
    concepts = {n.id for n in picture.nodes if n.kind == "concept"}
    return Graph(
        papers=[p for p in graph.papers if p.id in ids],
        concepts=[c for c in graph.concepts if c.id in concepts],
        paper_concepts=[e for e in graph.paper_concepts if e.paper in ids and e.concept in concepts],
        builds_on=[e for e in graph.builds_on if e.source in ids and e.target in ids],
        similar=[e for e in graph.similar if e.source in ids and e.target in ids],
        variants=[e for e in graph.variants if e.source in concepts and e.target in concepts],
        cites=[e for e in graph.cites if e.source in ids and e.target in ids],
    )


def as_cypher(picture: Picture) -> dict[str, Any]:
    """{"text", "parameters"}: a query for the edges between the papers of a picture."""
    papers = sorted(n.id for n in picture.nodes if n.kind == "paper")
    return {"text": internal_queries()["edges_between"].cypher.strip(), "parameters": {"papers": papers}}


def _csv(things: Iterable[Any], columns: tuple[str, ...]) -> str:
    from papergraph.cli.output import write_csv

    buffer = io.StringIO()
    write_csv([{c: getattr(thing, c) for c in columns} for thing in things], buffer, columns)
    return buffer.getvalue()


def _file(text: str, form: str) -> Response:
    answer = Response(text, content_type=f"{_TYPE[form]}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="papergraph.{_SUFFIX[form]}"'
    return answer


def papers_file(papers: Iterable[str], form: str) -> Response:
    """Some papers, given by id, as a file: one of PAPER_FORMATS."""
    found = whole.read_papers(store(), papers)
    if form == "csv":
        return _file(_csv(found, PAPER_COLUMNS), form)
    return _file(references.bibtex(found) if form == "bibtex" else references.ris(found), form)


@declare(takes=TAKES, path={"form": "the format"}, types=tuple(_TYPE.values()))
def graph_file(form: str) -> Response:
    """The picture of the same address as a file: graphml, bibtex, ris or csv."""
    view = read_view()
    if not view.centres and not view.concepts:
        raise UsageError("nothing is shown, so there is nothing to take away", "give a centre or a concept")
    picture = compose(store(), view)
    if form == "csv":
        text = _csv(picture.nodes, ("id", "kind", "type", "title", "year", "listed"))
    else:
        shown = shown_graph(whole.read_graph(store()), picture)
        text = {
            "graphml": lambda: networkx.graphml(shown),
            "bibtex": lambda: references.bibtex(shown.papers),
            "ris": lambda: references.ris(shown.papers),
        }[form]()
    return _file(text, form)


@declare(types=("text/html",))
def whole_file() -> Response:
    """The whole graph as one HTML file that works offline."""
    answer = Response(portable(store()).html, content_type="text/html; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="papergraph.html"'
    return answer


def add_files(app: Flask) -> None:
    """Adds the addresses that give files."""
    app.add_url_rule("/graph.<any(graphml,bibtex,ris,csv):form>", "graph_file", graph_file)
    app.add_url_rule("/papergraph.html", "whole_file", whole_file)
