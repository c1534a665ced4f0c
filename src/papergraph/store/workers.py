"""Runs users' own queries in child processes (papergraph.store.worker), kept warm, and killed when late."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from typing import Any

from papergraph.errors import PapergraphError, QueryFailedError, QueryRefusedError, StoreUnavailableError
from papergraph.store.base import QueryResult

WORKERS = 2  # queries beside each other
MEMORY_BYTES = 1 << 30  # that a query may take
START_SECONDS = 30.0
QUERIES_PER_WORKER = 200  # a fresh one then: what a store keeps of each text adds up
_ERRORS: dict[str, type[PapergraphError]] = {
    e.code: e for e in (QueryRefusedError, QueryFailedError, StoreUnavailableError)
}


class _Worker:
    def __init__(self, setup: dict[str, Any]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "papergraph.store.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(os.path.abspath(p) for p in sys.path if p),
                "RUST_BACKTRACE": "0",  # out of memory, the driver's Rust half would hang while it writes one
            },
        )
        self.queries = 0
        self._buffer = b""
        try:
            self.ask({**setup, "memory": MEMORY_BYTES}, START_SECONDS, 1000)
        except PapergraphError:
            self.kill()
            raise StoreUnavailableError("the process for own queries did not start") from None

    def ask(self, request: dict[str, Any], seconds: float, size: int) -> dict[str, Any]:
        """The answer; QueryFailedError when there is none within the time, or one larger than `size`."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self.queries += 1
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise QueryFailedError("the process of the query ended") from None
        end = time.monotonic() + seconds
        pipe = self._process.stdout.fileno()
        pieces: list[bytes] = []
        length = 0
        while not pieces or not pieces[-1].endswith(b"\n"):
            left = end - time.monotonic()
            if left <= 0 or not select.select([pipe], [], [], left)[0]:
                raise QueryFailedError(
                    f"the query ran longer than {request.get('timeout', seconds):g} seconds"
                )
            piece = os.read(pipe, 1 << 16)
            length += len(piece)
            if not piece:
                raise QueryFailedError("the query needs more memory or time than it may use")
            if length > size:
                raise QueryFailedError("the answer is larger than it may be")
            pieces.append(piece)
        answer: dict[str, Any] = json.loads(b"".join(pieces))
        return answer

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]


class Workers:
    """A few worker processes on one store, started when first needed. Safe to use from several threads.

    `setup` is the first line of papergraph.store.worker; `grace` how many seconds past its limit a query may
    answer.
    """

    def __init__(self, setup: dict[str, Any], grace: float = 1.0) -> None:
        self._setup = setup
        self._grace = grace
        self._places = threading.BoundedSemaphore(WORKERS)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._closed = False

    def run(
        self, text: str, parameters: dict[str, Any], *, timeout: float, rows: int, size: int
    ) -> QueryResult:
        """Runs a text that has passed the guard.

        Raises QueryFailedError, QueryRefusedError or StoreUnavailableError.
        """
        if not self._places.acquire(timeout=timeout):
            raise QueryFailedError("other queries are running", "try again in a few seconds")
        try:
            worker = self._take()
            try:
                request = {
                    "text": text,
                    "parameters": parameters,
                    "timeout": timeout,
                    "rows": rows,
                    "size": size,
                }
                answer = worker.ask(request, timeout + self._grace, 2 * size + (1 << 20))
            except BaseException:
                worker.kill()
                raise
            self._give_back(worker)
        finally:
            self._places.release()
        if "error" in answer:
            raise _ERRORS.get(answer["error"], QueryFailedError)(answer["message"], answer["hint"])
        return QueryResult(answer["columns"], answer["rows"], answer["truncated"])

    def _take(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise StoreUnavailableError("the store is closed")
            if self._idle:
                return self._idle.pop()
        return _Worker(self._setup)

    def _give_back(self, worker: _Worker) -> None:
        with self._lock:
            if not self._closed and worker.queries < QUERIES_PER_WORKER:
                self._idle.append(worker)
                return
        worker.kill()

    def close(self) -> None:
        """Ends the idle workers; one that still runs a query ends when it is done."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.kill()
