"""A whole graph read from a store, so that every export works on both stores."""

from __future__ import annotations

from collections.abc import Iterable

from papergraph import schema
from papergraph.model import Graph, Paper
from papergraph.questions.catalogue import catalogue, read, read_in
from papergraph.store.base import GraphStore, Row

_LISTS = {f.name for t in schema.TABLES for f in t.schema if f.type == schema.TEXTS}


def read_graph(store: GraphStore) -> Graph:
    """All nodes and edges as records, sorted as in the tables; `entities` stays empty, for stores do not hold
    them.
    """
    cat = catalogue(store)
    papers = list(cat.papers)
    edges = read_in(store, "concepts_of", "papers", papers)
    rows = {
        "papers": read_in(store, "papers_by_id", "papers", papers),
        "concepts": read(store, "catalogue_concepts"),
        "listings": read(store, "listings"),
        "paper_concepts": [{**r, "name": r["named"], "type": r["named_type"]} for r in edges],
        "builds_on": read_in(store, "builds_on_from", "papers", papers),
        "similar": read_in(store, "similar_from", "papers", papers),
        "alike": read_in(store, "alike_from", "papers", papers),
        "variants": read(store, "catalogue_variants"),
        "lists": read_in(store, "lists_of", "papers", papers),
        "cites": read_in(store, "cites_from", "papers", papers),
    }
    graph = Graph()
    for table in schema.TABLES:
        setattr(graph, table.name, [table.from_row(r) for r in _only(table, rows[table.name])])
    graph.paper_concepts.sort(key=lambda e: (e.paper, e.concept, e.role.rank))
    graph.lists.sort(key=lambda e: (e.listing, e.rank, e.paper))
    return graph


def read_papers(store: GraphStore, papers: Iterable[str]) -> list[Paper]:
    """Some papers as records, those that the store holds, sorted by id."""
    rows = read_in(store, "papers_by_id", "papers", papers)
    return [schema.PAPERS.from_row(r) for r in _only(schema.PAPERS, rows)]


def _only(table: schema.Table, rows: Iterable[Row]) -> Iterable[Row]:
    """Rows with just the columns of a table, an absent list as an empty one."""
    for row in rows:
        yield {c: row.get(c) if row.get(c) is not None or c not in _LISTS else [] for c in table.schema.names}
