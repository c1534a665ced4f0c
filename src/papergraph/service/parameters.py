"""What pages take from an address or a form: declared once, read and checked by it, documented from it.

A value that is left empty counts as not given, because forms send every field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

from flask import request
from werkzeug.datastructures import FileStorage, MultiDict

from papergraph.errors import UsageError
from papergraph.text import plural

T = TypeVar("T")
P = TypeVar("P", bound="Parameter[Any]")
Place = Literal["query", "form", "both"]
_SHOWN = 40  # characters of a wrong value that a message repeats


@dataclass(frozen=True, kw_only=True)
class Parameter(Generic[T]):
    """A value by name. `default` may be a function, called when a request lacks the value."""

    name: str
    help: str
    default: T | Callable[[], T]
    place: Place = "query"

    def read(self) -> T:
        """The value of this request. Raises UsageError where it cannot be."""
        given = self._given().get(self.name, "").strip()
        return self.parse(given) if given else self.value_left_out()

    def value_left_out(self) -> T:
        """The default."""
        return self.default() if callable(self.default) else self.default

    def parse(self, text: str) -> T:
        """A value as typed, never empty. Raises UsageError."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the value."""
        raise NotImplementedError

    def prefixed(self: P, prefix: str) -> P:
        """The same parameter under a longer name."""
        return replace(self, name=prefix + self.name)

    def _given(self) -> MultiDict[str, str]:
        return {"query": request.args, "form": request.form, "both": request.values}[self.place]

    def _wrong(self, text: str, must: str) -> UsageError:
        return UsageError(f"{self.name} is {text[:_SHOWN]!r}, but must be {must}")


@dataclass(frozen=True, kw_only=True)
class Text(Parameter[str]):
    """A text of at most `most` characters."""

    most: int
    default: str | Callable[[], str] = ""

    def parse(self, text: str) -> str:
        if len(text) > self.most:
            raise UsageError(
                f"{self.name} has {plural(len(text), 'character')}, but at most {self.most:,} are read",
                "shorten it",
            )
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.most}


@dataclass(frozen=True, kw_only=True)
class Number(Parameter[int]):
    """A whole number from `low` to `high`."""

    low: int
    high: int

    def parse(self, text: str) -> int:
        value = int(text) if re.fullmatch(r"[+-]?[0-9]{1,12}", text) else self.low - 1
        if not self.low <= value <= self.high:
            raise self._wrong(text, f"a whole number from {self.low} to {self.high}")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter[str]):
    """One of a few values; a mapping says in words what each means."""

    allowed: Collection[str] | Callable[[], Collection[str]]
    default: str | Callable[[], str] = ""

    def values(self) -> Collection[str]:
        """All allowed values."""
        return self.allowed() if callable(self.allowed) else self.allowed

    def parse(self, text: str) -> str:
        allowed = [str(v) for v in self.values()]
        if text not in allowed:
            raise self._wrong(text, f"one of {', '.join(allowed)}")
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [str(v) for v in self.values()]}


@dataclass(frozen=True, kw_only=True)
class Flag(Parameter[bool]):
    """Yes where it is 1."""

    default: bool | Callable[[], bool] = False

    def parse(self, text: str) -> bool:
        if text not in ("0", "1"):
            raise self._wrong(text, "1 or 0")
        return text == "1"

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": ["0", "1"]}


@dataclass(frozen=True, kw_only=True)
class Upload(Parameter[FileStorage | None]):
    """A file of a form; None where none was chosen."""

    default: FileStorage | Callable[[], FileStorage | None] | None = None
    place: Place = "form"

    def read(self) -> FileStorage | None:
        file = request.files.get(self.name)
        return file if file is not None and file.filename else None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "binary"}


@dataclass(frozen=True, kw_only=True)
class Several(Parameter[list[T]]):
    """A parameter that may be repeated, at most `most` times; doubles are dropped."""

    each: Parameter[T]
    most: int

    def read(self) -> list[T]:
        given = [v.strip() for v in self._given().getlist(self.name)]
        values = list(dict.fromkeys(self.each.parse(v) for v in given if v))
        if len(values) > self.most:
            raise UsageError(
                f"{self.name} is given {len(values):,} times, but at most {self.most:,} are read",
                "give fewer",
            )
        return values

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.each.schema(), "maxItems": self.most}


def several(each: Parameter[T], most: int) -> Several[T]:
    """A parameter that may be repeated."""
    return Several(name=each.name, help=each.help, default=list, place=each.place, each=each, most=most)


def in_words(parameter: Parameter[Any]) -> str:
    """The help of a parameter, and what its values mean where that is said."""
    each = parameter.each if isinstance(parameter, Several) else parameter
    values = each.values() if isinstance(each, Choice) else ()
    if not isinstance(values, Mapping):
        return parameter.help
    return f"{parameter.help}: " + "; ".join(f"{value}: {words}" for value, words in values.items())
