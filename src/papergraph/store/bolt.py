"""A connection to Neo4j whose every wait is bounded, and its errors in words.

The driver's asynchronous half runs on one background thread, because only there can a wait be given up: a
server that takes connections and then says nothing would hold a blocking call for minutes. Callers stay
synchronous, on any thread. Driver: https://neo4j.com/docs/api/python-driver/current/
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from papergraph.errors import (
    PapergraphError,
    QueryFailedError,
    StoreUnavailableError,
    UsageError,
)

if TYPE_CHECKING:
    from neo4j import AsyncDriver, AsyncManagedTransaction, AsyncSession

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # its errors are told in our words

T = TypeVar("T")
Row = dict[str, Any]
_FETCH = 1000  # records that travel at once; the wait starts anew with each


def split_uri(location: str, database: str | None = None) -> tuple[str, str | None]:
    """The address without credentials or path, and the database: the given one, else the path of the URI.

    Raises UsageError where the URI has no host or holds a password, which would end up in logs.
    """
    try:
        parts = urlsplit(location)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"not a Neo4j address: {error}", "for example bolt://127.0.0.1:7687") from None
    if parts.username or parts.password:
        raise UsageError(
            "the Neo4j address holds credentials",
            "give them in NEO4J_USER and NEO4J_PASSWORD",
        )
    if not host:
        raise UsageError(f"{location}: the address has no host", "for example bolt://127.0.0.1:7687")
    return urlunsplit((parts.scheme, parts.netloc, "", parts.query, "")), database or parts.path.strip(
        "/"
    ) or None


class Client:
    """Reads and writes in one database. `wait` is how many seconds the server may be silent."""

    def __init__(
        self,
        location: str,
        user: str,
        password: str,
        *,
        database: str | None,
        wait: float,
    ) -> None:
        from neo4j import AsyncGraphDatabase  # takes a while: here, before any wait is measured

        self.uri, self.database = split_uri(location, database)
        self._make_driver = AsyncGraphDatabase.driver
        self._auth = (user, password) if user and password else None
        self._user = user
        self._wait = wait
        self._driver: AsyncDriver | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="papergraph-neo4j", daemon=True)
        self._thread.start()

    def connect(self) -> None:
        """Says hello, without a query: a server that has just started takes seconds to plan one."""

        async def work(session: AsyncSession, limit: asyncio.Timeout) -> None:
            await (await self._connected()).verify_connectivity()

        self.call(work)

    def read(
        self,
        text: str,
        parameters: dict[str, Any] | None = None,
        *,
        wait: float | None = None,
    ) -> list[Row]:
        """The rows of a statement in a read transaction, tried again within the wait where that can help."""

        async def work(session: AsyncSession, limit: asyncio.Timeout) -> list[Row]:
            async def once(transaction: AsyncManagedTransaction) -> list[Row]:
                result = await transaction.run(text, parameters)
                rows: list[Row] = []
                async for record in result:
                    rows.append(record.data())
                    if len(rows) % _FETCH == 0:
                        limit.reschedule(self._loop.time() + (wait or self._wait))
                return rows

            return await session.execute_read(once)

        return self.call(work, wait=wait)

    def write(
        self,
        statements: Sequence[tuple[str, dict[str, Any]]],
        *,
        wait: float | None = None,
    ) -> list[Row]:
        """Runs statements in one write transaction; the rows of the last."""

        async def work(session: AsyncSession, limit: asyncio.Timeout) -> list[Row]:
            async def once(transaction: AsyncManagedTransaction) -> list[Row]:
                rows: list[Row] = []
                for text, parameters in statements:
                    rows = await (await transaction.run(text, parameters)).data()
                return rows

            return await session.execute_write(once)

        return self.call(work, write=True, wait=wait)

    def call(
        self,
        work: Callable[[AsyncSession, asyncio.Timeout], Awaitable[T]],
        *,
        write: bool = False,
        wait: float | None = None,
    ) -> T:
        """What `work` gives, within `wait` seconds from the last time that it rescheduled its limit.

        Raises StoreUnavailableError where the server cannot be reached or is silent, QueryFailedError where
        it answers with an error.
        """
        if not self._thread.is_alive():
            raise StoreUnavailableError(f"the connection to {self.uri} is closed")
        wait = wait or self._wait

        async def bounded() -> T:
            try:
                async with asyncio.timeout(wait) as limit:
                    driver = await self._connected()
                    async with driver.session(
                        database=self.database,
                        default_access_mode="WRITE" if write else "READ",
                        fetch_size=_FETCH,
                    ) as session:
                        return await work(session, limit)
            except TimeoutError:
                raise StoreUnavailableError(
                    f"{self.uri} did not answer within {wait:g} seconds",
                    "is Neo4j running there? PAPERGRAPH_STORE_TIMEOUT sets how long to wait",
                ) from None
            except PapergraphError:
                raise
            except Exception as error:
                raise self._in_words(error) from error

        return asyncio.run_coroutine_threadsafe(bounded(), self._loop).result()

    async def _connected(self) -> AsyncDriver:
        if self._driver is None:
            self._driver = self._make_driver(
                self.uri,
                auth=self._auth,
                connection_timeout=self._wait,
                connection_acquisition_timeout=self._wait,
                max_transaction_retry_time=self._wait
                / 2,  # so that its error comes before our own time is up
                initial_retry_delay=min(1.0, self._wait / 20),
                liveness_check_timeout=60,
                notifications_min_severity="OFF",
                user_agent="papergraph",
            )
        return self._driver

    def close(self) -> None:
        """Closes the connections; further calls raise StoreUnavailableError."""
        if not self._thread.is_alive():
            return

        async def end() -> None:
            if self._driver is not None:
                async with asyncio.timeout(self._wait):
                    await self._driver.close()

        with contextlib.suppress(Exception):  # the connections die with the loop
            asyncio.run_coroutine_threadsafe(end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _in_words(self, error: Exception) -> PapergraphError:
        from neo4j import exceptions as e

        code = getattr(error, "code", None) or ""
        if isinstance(error, e.AuthError) or "AuthenticationRateLimit" in code:
            return StoreUnavailableError(
                f"{self.uri} refuses the user {self._user or '(none)'} with this password",
                "set NEO4J_USER and NEO4J_PASSWORD to the ones of the server",
            )
        if "DatabaseNotFound" in code:
            return StoreUnavailableError(
                f"{self.uri} has no database {self.database}",
                "name another, or create it on the server",
            )
        if isinstance(error, e.Forbidden):
            return StoreUnavailableError(
                f"{self.uri}: the user {self._user} may not do this: {error.message}"
            )
        if "OutOfMemory" in code:  # of one transaction, of all, or of the server's heap
            return QueryFailedError(
                "the query needs more memory than the server gives it",
                "ask for less (a LIMIT before what collects or sorts), or raise "
                "dbms.memory.transaction.total.max or db.memory.transaction.max on the server",
            )
        if "TransactionTimedOut" in code:
            return QueryFailedError(
                "the server ended the query at its time limit",
                "ask for less, or raise db.transaction.timeout on the server",
            )
        if code.endswith("Terminated"):
            return QueryFailedError(
                f"the server ended the query: {_first_line(error.message or '')}",  # type: ignore[attr-defined]
                "somebody stopped it, or the server is shutting down: try again",
            )
        if isinstance(error, e.Neo4jError) and not isinstance(error, e.DatabaseUnavailable):
            return QueryFailedError(_first_line(error.message or str(error)))
        if _caused_by(error, MemoryError):
            return QueryFailedError("the answer needs more memory than it may use")
        if _caused_by(error, ssl.SSLError):
            return StoreUnavailableError(
                f"{self.uri}: the TLS handshake failed: {_first_line(str(error))}",
                "bolt:// is without TLS, bolt+s:// wants a trusted certificate, bolt+ssc:// takes any",
            )
        return StoreUnavailableError(
            f"{self.uri} cannot be reached: {_first_line(str(error))}",
            "is Neo4j running there, and is it the Bolt port (7687), with or without TLS (bolt+s://)?",
        )


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0][:500]


def _caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False
