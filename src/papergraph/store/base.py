"""What the rest of papergraph knows of a store: named reads, guarded own queries, vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GraphInfo:
    """Which graph a store holds. `counts` maps a label or relationship type to its number."""

    kind: str  # "embedded" or "neo4j"
    location: str  # folder or URI, never with credentials
    graph_id: str
    generation: str
    format_version: int
    embedder: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Rows of a user's own query. `truncated` says in words which cap cut it, or is empty."""

    columns: list[str]
    rows: list[
        list[Any]
    ]  # plain JSON values; nodes and relationships as {"_id", "_labels"/"_type", properties}
    truncated: str


@dataclass(frozen=True, slots=True)
class Vectors:
    """Embeddings of the listed papers: matrix is float32, (n, dim), rows of length 1, in the order of ids."""

    ids: Sequence[str]
    matrix: np.ndarray


class GraphStore(Protocol):
    """A read-only view of one generation of one graph. Safe to use from several threads.

    Raises StoreUnavailableError where it cannot be reached or a load is under way, QueryFailedError where a
    query cannot be answered. Both stores give equal answers to every named query.
    """

    def info(self) -> GraphInfo: ...

    def run(self, query: str, /, **parameters: Any) -> list[Row]:
        """The rows of the query cypher/queries/<query>.cypher, or of its variant for this store."""
        ...

    def run_text(
        self,
        cypher: str,
        parameters: dict[str, Any],
        *,
        timeout: float,
        rows: int,
        size: int,
    ) -> QueryResult:
        """A user's own read-only query, through the guard, capped in seconds, rows and bytes.

        Raises QueryRefusedError where the guard does not let it through.
        """
        ...

    def vectors(self) -> Vectors: ...

    def close(self) -> None: ...
