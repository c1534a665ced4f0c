"""Stores: projections of a graph on disk that answer Cypher."""

from papergraph.store.base import GraphInfo, GraphStore, QueryResult, Vectors

__all__ = ["GraphInfo", "GraphStore", "QueryResult", "Vectors"]
