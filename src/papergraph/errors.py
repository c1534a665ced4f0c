"""Every error that papergraph raises on purpose.

The message says what is wrong and where; the hint, what to do next.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence


class PapergraphError(Exception):
    """Root. `code` is one in logs, pages and JSON; `exit_code` is the command line's; `status` is HTTP's."""

    code = "error"
    exit_code = 1
    status = 500

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def as_json(self) -> dict[str, dict[str, str]]:
        return {"error": {"code": self.code, "message": self.message, "hint": self.hint}}


class InputError(PapergraphError):
    """A file that cannot be read as what it should be; names file and, where it can, line."""

    code = "bad_input"
    status = 400


class UsageError(PapergraphError):
    """An option or parameter with a value that cannot be; names it."""

    code = "bad_usage"
    exit_code = 2
    status = 400


class NotFoundError(PapergraphError):
    """A paper, concept, listing, query or page that the graph does not hold; the hint names the nearest.

    `asked` is the text that was looked up; `nearest` are what it may mean: what to ask instead, and its name.
    """

    code = "not_found"
    status = 404

    def __init__(
        self, message: str, hint: str = "", *, asked: str = "", nearest: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(message, hint)
        self.asked = asked
        self.nearest = tuple(nearest)


class GraphError(PapergraphError):
    """A graph folder that is missing, locked, of another format, or something else."""

    code = "bad_graph"


class StateError(PapergraphError):
    """The file of collections, marks and notes cannot be read or written, or is something else."""

    code = "bad_state"


class QueryRefusedError(PapergraphError):
    """A query that the read-only guard does not let through; says which word and why."""

    code = "query_refused"
    status = 403


class QueryFailedError(PapergraphError):
    """A query that the store could not answer: wrong Cypher, over the time limit, or out of memory."""

    code = "query_failed"
    status = 400


class StoreUnavailableError(PapergraphError):
    """The store cannot be reached, refuses the credentials, or a load is under way."""

    code = "store_unavailable"
    exit_code = 3
    status = 503


_FULL = (errno.ENOSPC, errno.EDQUOT)


def disk_is_full(error: Exception) -> bool:
    """Whether an error says that a disk, or a user's share of it, is full; libraries only say it in words."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    return any(os.strerror(code) in str(error) for code in _FULL)
