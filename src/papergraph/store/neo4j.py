"""The Neo4j store: a graph that `papergraph load` brought into a database, read over Bolt."""

from __future__ import annotations

import os
import re
import threading
import time
from typing import Any

import numpy as np

from papergraph.errors import GraphError, StoreUnavailableError
from papergraph.guard import check
from papergraph.model import Label
from papergraph.queries import Dialect, bind, find, statements
from papergraph.settings import Settings
from papergraph.store.base import GraphInfo, QueryResult, Row, Vectors
from papergraph.store.bolt import Client
from papergraph.store.workers import Workers

_OWN_LABEL = re.compile(r"\((\w*):(Paper|Concept|Listing)\b")
_LOOK_EVERY = 1.0  # seconds for which the state of the database is taken as known


def owned(text: str) -> str:
    """The text with the label Papergraph on every node, so that another application's papers stay out."""
    return _OWN_LABEL.sub(rf"(\1:{Label.PAPERGRAPH}&\2", text)


def read_meta(client: Client, *, wait: float | None = None) -> Row | None:
    """The row of the meta node; None where the database holds no graph of ours."""
    (text,) = statements(Dialect.NEO4J, "meta")
    rows = client.read(text, wait=wait)
    return rows[0] if rows else None


class Neo4jStore:
    """The graph in a database. Reconnects after the server was away; safe to use from several threads."""

    def __init__(self, location: str, settings: Settings) -> None:
        self._settings = settings
        user, password = os.environ.get("NEO4J_USER", "neo4j"), os.environ.get("NEO4J_PASSWORD", "")
        wait = settings.store_timeout
        self._client = Client(location, user, password, database=None, wait=wait)
        setup = {"uri": self._client.uri, "user": user, "password": password, "wait": wait}
        self._workers = Workers({**setup, "database": self._client.database}, grace=wait + 1)
        self._lock = threading.Lock()
        self._looked = 0.0
        self._meta: Row = {}
        self._counts: tuple[str, dict[str, int]] = ("", {})
        try:
            self._client.connect()
            self._check()
        except BaseException:
            self._client.close()
            raise

    def _check(self) -> Row:
        """The meta node, looked at once a second. Raises StoreUnavailableError while a load is under way."""
        from papergraph.tables import FORMAT_VERSION

        with self._lock:
            if time.monotonic() - self._looked < _LOOK_EVERY:
                return self._meta
        meta = read_meta(self._client)
        uri = self._client.uri
        if meta is None:
            raise StoreUnavailableError(
                f"{uri} holds no papergraph graph",
                f"`papergraph load DIR --uri {uri}` brings one",
            )
        if meta["format_version"] > FORMAT_VERSION:
            raise GraphError(
                f"{uri} holds format {meta['format_version']}, newer than this program's {FORMAT_VERSION}",
                "update papergraph",
            )
        if meta["format_version"] < FORMAT_VERSION:
            raise GraphError(
                f"{uri} holds format {meta['format_version']}, older than this program's {FORMAT_VERSION}",
                f"build the graph anew, then `papergraph load DIR --uri {uri}`",
            )
        if meta["state"] != "ready":
            raise StoreUnavailableError(
                f"a load into {uri} is under way",
                "try again when it is done; if it was cut off, run it again to resume",
            )
        with self._lock:
            self._meta, self._looked = meta, time.monotonic()
        return meta

    def run(self, query: str, /, **parameters: Any) -> list[Row]:
        self._check()
        text, values = bind(find(query), Dialect.NEO4J, parameters)
        return self._client.read(owned(text), values)

    def run_text(
        self,
        cypher: str,
        parameters: dict[str, Any],
        *,
        timeout: float,
        rows: int,
        size: int,
    ) -> QueryResult:
        self._check()
        text = check(cypher, Dialect.NEO4J)
        return self._workers.run(text, parameters, timeout=timeout, rows=rows, size=size)

    def info(self) -> GraphInfo:
        meta = self._check()
        generation = meta["generation"]
        if self._counts[0] != generation:
            self._counts = (
                generation,
                {row["name"]: row["count"] for row in self.run("counts")},
            )
        database = f"/{self._client.database}" if self._client.database else ""
        return GraphInfo(
            kind="neo4j",
            location=self._client.uri + database,
            graph_id=meta["graph_id"],
            generation=generation,
            format_version=meta["format_version"],
            embedder=meta["embedder"],
            counts=dict(self._counts[1]),
        )

    def vectors(self) -> Vectors:
        self._check()
        (text,) = statements(Dialect.NEO4J, "vectors")
        rows = self._client.read(text)
        matrix = np.array([row["embedding"] for row in rows], dtype=np.float32)
        return Vectors([row["id"] for row in rows], matrix.reshape(len(rows), -1 if rows else 0))

    def close(self) -> None:
        self._workers.close()
        self._client.close()
