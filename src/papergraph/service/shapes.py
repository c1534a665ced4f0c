"""Shapes of answers as JSON Schema, from the dataclasses and typed dictionaries that declare them."""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import (
    Any,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

Schema = dict[str, Any]
_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    Any: {},
}


class Shapes:
    """Makes schemas; those of named types are collected in `named` and referred to."""

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {}

    def of(self, declared: Any) -> Schema:
        """The schema of a type as JSON. Raises TypeError for a type that says nothing of its shape."""
        if declared in _PLAIN:
            return dict(_PLAIN[declared])
        if is_dataclass(declared) or is_typeddict(declared):
            return self._reference(declared)
        if isinstance(declared, type) and issubclass(declared, Enum):
            return {"type": "string", "enum": [member.value for member in declared]}
        origin, arguments = get_origin(declared), get_args(declared)
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin in (NotRequired, Required):
            return self.of(arguments[0])
        if origin in (Union, types.UnionType):
            return self._either([self.of(a) for a in arguments])
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if isinstance(origin, type) and issubclass(origin, Sequence):
            return {"type": "array", "items": self.of(arguments[0])}
        raise TypeError(f"{declared!r} has no shape")

    def merged(self, parts: Sequence[Any]) -> Schema:
        """The schema of one object with the fields of several types; later ones win."""
        properties: dict[str, Schema] = {}
        required: dict[str, None] = {}
        for part in parts:
            found = self._object(part)
            properties |= found["properties"]
            required |= dict.fromkeys(found["required"])
        return _closed(properties, list(required))

    def _reference(self, declared: type) -> Schema:
        name = declared.__name__
        if name not in self.named:
            self.named[name] = {}  # holds the place of a type that holds itself
            self.named[name] = self._object(declared) | _description(declared)
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, declared: Any) -> Schema:
        hints = get_type_hints(declared, include_extras=True)
        if is_dataclass(declared):
            names = [f.name for f in fields(declared)]
            return _closed({n: self.of(hints[n]) for n in names}, names)
        return _closed(
            {n: self.of(h) for n, h in hints.items()}, [n for n in hints if n in declared.__required_keys__]
        )

    @staticmethod
    def _either(schemas: list[Schema]) -> Schema:
        if all(set(s) == {"type"} and isinstance(s["type"], str) for s in schemas):
            return {"type": [s["type"] for s in schemas]}
        return {"anyOf": schemas}


def _closed(properties: dict[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _description(declared: type) -> Schema:
    text = inspect.getdoc(declared) if declared.__dict__.get("__doc__") else None
    return {"description": " ".join(text.split())} if text else {}
