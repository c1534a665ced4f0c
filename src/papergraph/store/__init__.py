"""Stores: projections of a graph on disk that answer Cypher."""

from __future__ import annotations

from papergraph.errors import UsageError
from papergraph.settings import Settings
from papergraph.store.base import GraphInfo, GraphStore, QueryResult, Vectors

__all__ = ["GraphInfo", "GraphStore", "QueryResult", "Vectors", "open_store"]

NEO4J_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


def open_store(location: str, settings: Settings | None = None) -> GraphStore:
    """The store of a graph folder, or of a Neo4j (user and password from NEO4J_USER and NEO4J_PASSWORD).

    Raises GraphError where a folder holds no graph, StoreUnavailableError where Neo4j does not answer or
    holds none.
    """
    settings = settings or Settings()
    scheme, separator, _ = location.partition("://")
    if separator:
        if scheme not in NEO4J_SCHEMES:
            raise UsageError(
                f"{location}: not a graph folder and not a Neo4j URI",
                "URIs begin with " + ", ".join(NEO4J_SCHEMES),
            )
        from papergraph.store.neo4j import Neo4jStore

        return Neo4jStore(location, settings)
    from papergraph.store.embedded import EmbeddedStore
    from papergraph.tables import open_graph

    return EmbeddedStore(open_graph(location), settings)
