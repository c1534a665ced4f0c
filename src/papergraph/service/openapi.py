"""The JSON API as OpenAPI 3.1, made of the routes and of what each declares; and the same as a page.

https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any, TypedDict, get_type_hints

from flask import Flask, Response, current_app
from werkzeug.routing import Rule

from papergraph.service.pages import Data, Declared, page
from papergraph.service.parameters import Parameter, Upload, in_words
from papergraph.service.shapes import Schema, Shapes

_PART = re.compile(r"<(?:(?P<converter>\w+)(?:\((?P<values>[^)]*)\))?:)?(?P<name>\w+)>")
_ERROR = {"$ref": "#/components/responses/Error"}
_PAGE_ERROR = {"$ref": "#/components/responses/ErrorPage"}
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_ABOUT = (
    "Every page of the explorer is also there as JSON, at its address with .json behind the path. "
    "A value that is left empty counts as not given. "
    "What writes must come from the service itself: a program sends its address in the header Origin. "
    "Whatever goes wrong is said in one shape, the same everywhere."
)


class ErrorAnswer(TypedDict):
    """What went wrong."""

    error: ErrorParts


class ErrorParts(TypedDict):
    """A code for programs, and a message and the next step for people."""

    code: str
    message: str
    hint: str


class Document(TypedDict):
    """An OpenAPI document."""

    openapi: str
    info: dict[str, str]
    servers: list[dict[str, str]]
    paths: dict[str, dict[str, Any]]
    components: dict[str, dict[str, Any]]


def document(app: Flask) -> Data:
    """The OpenAPI document of an app."""
    shapes = Shapes()
    paths: dict[str, dict[str, Any]] = {}
    for rule, view, declared in documented(app):
        operations = paths.setdefault(_PART.sub(r"{\g<name>}", rule.rule), {})
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            operations[method.lower()] = _operation(rule, method, view, declared, shapes)
    error = shapes.of(ErrorAnswer)
    return {
        "openapi": "3.1.0",
        "info": {"title": "papergraph", "version": version("papergraph"), "description": _ABOUT},
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(shapes.named.items())),
            "responses": {
                "Error": {
                    "description": "What went wrong: a code, a message, and the next step.",
                    "content": {"application/json": {"schema": error}},
                },
                "ErrorPage": {
                    "description": "What went wrong, as a page.",
                    "content": {"text/html": {"schema": {"type": "string"}}},
                },
            },
        },
    }


def documented(app: Flask) -> Iterator[tuple[Rule, Any, Declared]]:
    """The routes for programs: JSON twins, and files and checks that no page stands beside."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        declared = getattr(view, "declared", None)
        if declared is not None and f"{rule.endpoint}_json" not in app.view_functions:
            yield rule, view, declared


def _operation(rule: Rule, method: str, view: Any, declared: Declared, shapes: Shapes) -> Schema:
    summary = (inspect.getdoc(view) or "").split("\n\n")[0]
    out: Schema = {
        "operationId": f"{rule.endpoint}_{method.lower()}",
        "summary": " ".join(summary.split()),
        "parameters": [_path_part(m, declared) for m in _PART.finditer(rule.rule)],
    }
    given = declared.parameters()
    out["parameters"] += [
        _query_part(p) for p in given if p.place == "query" or (p.place == "both" and method == "GET")
    ]
    form = [p for p in given if p.place != "query"]
    if method == "POST" and form:
        kinds = _FORMS[1:] if any(isinstance(p, Upload) for p in form) else _FORMS
        out["requestBody"] = {"content": {kind: {"schema": _form(form)} for kind in kinds}}
    out["responses"] = _responses(rule, method, view, declared, shapes)
    return out


def _path_part(part: re.Match[str], declared: Declared) -> Schema:
    schema: Schema = {"type": "string", "minLength": 1}
    if part["values"]:
        schema = {"type": "string", "enum": [v.strip() for v in part["values"].split(",")]}
    out: Schema = {"name": part["name"], "in": "path", "required": True, "schema": schema}
    said = declared.path.get(part["name"])
    return out | {"description": said} if said else out


def _query_part(p: Parameter[Any]) -> Schema:
    return {
        "name": p.name,
        "in": "query",
        "description": in_words(p),
        "allowEmptyValue": True,
        "schema": _value(p),
    }


def _value(p: Parameter[Any]) -> Schema:
    """The schema of a parameter, with its default where it has one."""
    default = p.value_left_out()
    return p.schema() | {"default": default} if default else p.schema()


def _form(parameters: list[Parameter[Any]]) -> Schema:
    properties = {p.name: _value(p) | {"description": in_words(p)} for p in parameters}
    required = [p.name for p in parameters if isinstance(p, Upload)]
    return {"type": "object", "properties": properties} | ({"required": required} if required else {})


def _responses(rule: Rule, method: str, view: Any, declared: Declared, shapes: Shapes) -> Schema:
    json = "application/json" in declared.types
    schema: Schema = {"type": "object"} if json else {"type": "string"}
    if isinstance(declared.answer, tuple):
        schema = shapes.merged(declared.answer)
    elif declared.answer is not None:
        schema = shapes.of(declared.answer)
    good: Schema = {"description": "The answer.", "content": {t: {"schema": schema} for t in declared.types}}
    out: Schema = {"200": good}
    if method == "POST" and Response in getattr(_returns(view), "__args__", ()):
        out["303"] = {"description": "Done; what it leads to is at the address in Location."}
    error = _ERROR if rule.rule.endswith(".json") else _PAGE_ERROR
    return out | {"4XX": error, "5XX": error}


def _returns(view: Any) -> Any:
    return get_type_hints(inspect.unwrap(view)).get("return")


def type_words(schema: Schema) -> str:
    """A schema in a few words: "list of PaperRef", "text or null", "whole number from 1 to 100"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(map(type_words, schema["anyOf"]))
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    kinds = schema.get("type", [])
    if isinstance(kinds, list):
        return " or ".join(type_words({"type": k}) for k in kinds) or "any value"
    if kinds == "array":
        most = f"up to {schema['maxItems']:,}, each " if "maxItems" in schema else "list of "
        return most + type_words(schema["items"])
    if kinds == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {type_words(schema['additionalProperties'])}"
    if kinds == "integer" and "minimum" in schema:
        return f"whole number from {schema['minimum']:,} to {schema['maximum']:,}"
    if kinds == "string" and "maxLength" in schema:
        return f"text of at most {schema['maxLength']:,} characters"
    words = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    return "file" if schema.get("format") == "binary" else words.get(str(kinds), str(kinds))


def type_pieces(schema: Schema) -> list[dict[str, Any]]:
    """A schema in words, cut at the named types in it: {"text", "named"}."""
    names = dict.fromkeys(re.findall(r"#/components/schemas/(\w+)", repr(schema)))
    pattern = rf"\b({'|'.join(map(re.escape, names))})\b" if names else r"(?!)()"
    return [{"text": x, "named": x in names} for x in re.split(pattern, type_words(schema)) if x]


@page("/api", "api.html", twin="/openapi.json", answer=Document)
def api() -> Data:
    """This documentation, as OpenAPI 3.1."""
    return document(current_app)


def add_words(app: Flask) -> None:
    """Adds what the page needs."""
    app.jinja_env.filters.update(type_words=type_words, type_pieces=type_pieces)
