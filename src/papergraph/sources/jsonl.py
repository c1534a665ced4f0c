"""JSON Lines: an object a line, its keys the columns."""

from __future__ import annotations

import json
from typing import Any

from papergraph.errors import InputError
from papergraph.sources.fields import by_column
from papergraph.sources.opening import Text
from papergraph.sources.result import ReadResult, take


def read(text: Text) -> ReadResult:
    """Records of a JSON Lines file. A line that is no object with a title is rejected.

    Raises InputError where the file is one JSON value over several lines.
    """
    result = ReadResult("jsonl", [], text.rejected, [], text.digest)
    for number, line in enumerate(text.lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            if not result.records and line.strip() in ("[", "{", "[{"):
                raise InputError(
                    f"{text.name}:{number}: one JSON value over several lines, not an object a line",
                    "bring it to JSON Lines: jq -c '.[]' FILE (an array) or jq -c . FILE (objects)",
                ) from None
            text.reject(number, f"not JSON: {_reason(error)}", line)
            continue
        except RecursionError:
            text.reject(number, "not JSON that can be read: nested too deeply", line)
            continue
        for entry in value if isinstance(value, list) and len(text.lines) < 3 else [value]:
            _take(entry, number, line, text, result)
    return result


def _take(value: Any, number: int, line: str, text: Text, result: ReadResult) -> None:
    if not isinstance(value, dict):
        kind = {
            list: "a list",
            str: "text",
            bool: "true or false",
            type(None): "null",
        }.get(type(value), "a number")
        text.reject(number, f"{kind}, not an object with a title and an abstract", line)
        return
    take(by_column(value), number, line, text, result)


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (character {error.pos + 1})"
    return "a number with too many digits"
