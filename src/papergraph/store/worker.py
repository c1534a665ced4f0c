"""The child process in which a user's own query runs: limited in memory, processor time and files, killed
when late.

Run as `python -m papergraph.store.worker`. It reads one JSON line that says what to open ({"file"}, or
{"uri", "user", "password", "database", "wait"}) and how much memory it may take ("memory"), then requests
{"text", "parameters", "timeout", "rows", "size"}, and answers each with one line: {"columns", "rows",
"truncated"} or {"error", "message", "hint"}. The text has passed papergraph.guard. For Neo4j the child is
there for its memory: the driver holds a whole record, which can be any size.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import resource
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from papergraph.errors import PapergraphError, QueryFailedError, QueryRefusedError, StoreUnavailableError
from papergraph.store.values import plain
from papergraph.text import plural

Answer = dict[str, Any]
ASK_LESS = "ask for less: fewer or shorter paths, a LIMIT early on"
TOO_MUCH_MEMORY = "the query needs more memory than it may use"
Run = Callable[[str, dict[str, Any], float, int, int], Answer]

# What Ladybug's plan of a reading query is made of; anything else (COPY_TO, a table function on a file, ...)
# is refused.
_READING = re.compile(
    r"\w*SCAN\w*|\w*JOIN\w*|\w*AGGREGATE\w*|ORDER_BY\w*|TOP_K\w*|RESULT_COLLECTOR|FILTER|PROJECTION|FLATTEN"
    r"|UNWIND\w*|LIMIT|SKIP|CROSS_PRODUCT|INTERSECT\w*|PATH_PROPERTY_PROBE|SEMI_MASKER|MULTIPLICITY_REDUCER|EMPTY_RESULT"
    r"|DUMMY_\w+|UNION_ALL\w*|QUERY_PRIMARY_KEY_LOOKUP|\w*COUNT\w*|LIMIT_\w+|\w*EXTEND\w*|\w*ACCUMULATE\w*"
)


class Capped:
    """Rows as JSON values, up to `most` rows and `size` bytes; `truncated` says which of them cut."""

    def __init__(self, most: int, size: int) -> None:
        self.rows: list[list[Any]] = []
        self.truncated = ""
        self._most = most
        self._left = self._size = size

    def add(self, row: Iterable[Any]) -> bool:
        """Takes a row; False when it was one too many."""
        shown = f"only the first {plural(len(self.rows), 'row')} are shown"
        if len(self.rows) == self._most:
            self.truncated = shown
            return False
        values = [plain(v) for v in row]
        self._left -= len(json.dumps(values, ensure_ascii=False).encode())
        if self._left < 0:
            self.truncated = f"{shown}: the answer is larger than {self._size:,} bytes"
            return False
        self.rows.append(values)
        return True


def ladybug_runner(path: Path) -> Run:
    """Runs queries on a Ladybug file, opened read-only, one thread."""
    import ladybug

    from papergraph.store.embedded import open_database

    connection = ladybug.Connection(open_database(path, read_only=True, buffer=256 << 20), num_threads=1)

    def one(text: str, parameters: dict[str, Any]) -> Any:
        # Given a text, `execute` edits it first: the value of $p for to_json($p), even within a string.
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            prepared = connection.prepare(text, parameters)
        if not prepared.is_success():
            raise RuntimeError(prepared.get_error_message())
        result = connection.execute(prepared, parameters)
        if isinstance(result, list):
            raise QueryRefusedError("only one statement at a time is allowed")
        return result

    def rows(result: Any) -> Iterator[list[Any]]:
        while result.has_next():
            yield result.get_next()

    def run(text: str, parameters: dict[str, Any], timeout: float, most: int, size: int) -> Answer:
        connection.set_query_timeout(int(timeout * 1000))
        try:
            plan = "\n".join(str(row[0]) for row in rows(one("EXPLAIN " + text, parameters)))
            for operator in re.findall(r"([A-Z_]+)\[\d+\]", plan):
                if not _READING.fullmatch(operator) and not (
                    operator == "TABLE_FUNCTION_CALL" and _harmless(plan)
                ):
                    raise QueryRefusedError(
                        f"the plan of the query holds {operator}, which does more than read"
                    )
            result = one(text, parameters)
            columns = list(result.get_column_names())
            found = Capped(most, size)
            all(map(found.add, rows(result)))
            result.close()
        except RuntimeError as error:
            raise QueryFailedError(_message(str(error), timeout)) from None
        return {"columns": columns, "rows": found.rows, "truncated": found.truncated}

    return run


def neo4j_runner(setup: dict[str, Any]) -> Run:
    """Runs queries in read transactions that the server ends at the time limit."""
    from neo4j import AsyncSession

    from papergraph.store.bolt import Client

    client = Client(
        setup["uri"], setup["user"], setup["password"], database=setup["database"], wait=setup["wait"]
    )

    async def hello(session: AsyncSession, limit: Any) -> None:
        await (await session.run("RETURN 1")).consume()

    def answers(wait: float) -> bool:
        try:
            client.call(hello, wait=wait)
        except StoreUnavailableError:
            return False
        return True

    def run(text: str, parameters: dict[str, Any], timeout: float, most: int, size: int) -> Answer:
        begun = False

        async def work(session: AsyncSession, limit: Any) -> Answer:
            plan = await (await session.run("EXPLAIN " + text, parameters)).consume()
            if plan.query_type != "r" or "LoadCSV" in str(plan.plan):
                raise QueryRefusedError("the plan of the query does more than read")
            found = Capped(most, size)
            nonlocal begun
            begun = True
            async with await session.begin_transaction(timeout=timeout) as transaction:
                result = await transaction.run(text, parameters)
                columns = list(result.keys())
                async for record in result:
                    if not found.add(record.values()):
                        break
                await transaction.rollback()
            return {"columns": columns, "rows": found.rows, "truncated": found.truncated}

        try:
            return client.call(work, wait=max(timeout, setup["wait"]) + 0.5)
        except QueryFailedError as error:
            if "TransactionTimedOut" in (getattr(error.__cause__, "code", None) or ""):
                raise QueryFailedError(f"the query ran longer than {timeout:g} seconds", ASK_LESS) from None
            raise
        except StoreUnavailableError as error:
            if not begun:
                raise
            if answers(min(timeout, setup["wait"])):  # within the grace that papergraph.store.workers gives
                raise QueryFailedError(
                    f"the server answered others, but not this query within {timeout:g} seconds", ASK_LESS
                ) from None
            raise StoreUnavailableError(
                f"{error.message}, after this query had begun",
                "the query may have used up the server's memory: see in its log whether it still runs, "
                "then ask for less",
            ) from None

    return run


def _harmless(plan: str) -> bool:
    functions = re.findall(r"Function: (\w+)", plan)
    return bool(functions) and all(f == "READ_FTABLE" for f in functions)


def _message(text: str, timeout: float) -> str:
    if "Interrupted" in text:
        return f"the query ran longer than {timeout:g} seconds"
    if "buffer pool is full" in text or "bad_alloc" in text:
        return TOO_MUCH_MEMORY
    return text.strip()[:2000]


def limit_memory(more: int) -> None:
    """Lets this process grow by `more` bytes of address space, write no file and leave no core."""
    with contextlib.suppress(FileNotFoundError):  # elsewhere than on Linux, Ladybug's own limit has to do
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_seconds(timeout: float) -> None:
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + timeout) + 2, hard))


def serve() -> None:
    """Answers requests until standard input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    sys.stdout = sys.stderr  # nothing else may write into the answers
    setup = json.loads(sys.stdin.readline())
    run = ladybug_runner(Path(setup["file"])) if "file" in setup else neo4j_runner(setup)
    limit_memory(int(setup["memory"]))
    answers.write("{}\n")
    answers.flush()
    for line in sys.stdin:
        request = json.loads(line)
        _limit_seconds(request["timeout"])
        try:
            answer = run(
                request["text"], request["parameters"], request["timeout"], request["rows"], request["size"]
            )
        except MemoryError:
            answer = {"error": "query_failed", "message": TOO_MUCH_MEMORY, "hint": ""}
        except PapergraphError as error:
            answer = {"error": error.code, "message": error.message, "hint": error.hint}
        answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve()
