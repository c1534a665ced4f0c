"""The project's Cypher: found in cypher/, its header read, its markers rendered; the named queries for
researchers.

A query for researchers is one file, cypher/queries/NAME.cypher, that begins with a header of comments:

    // title: Papers of a concept
    // description: One line or more;
    //   further lines are indented.
    // parameter concept (concept), e.g. BERT: What to look for
    // parameter limit (int, default 25), e.g. 10: Most rows

A query that papergraph itself asks is cypher/internal/NAME.cypher; its comment says what it gives, its
parameters are those that its text names. Where one text cannot serve both stores, the one for the other store
stands in cypher/<dialect>/variants/NAME.cypher.

Values travel as query parameters. What Cypher does not take as one (a path length, relationship types, a
table) stands in the text as {{name}} and is rendered from an integer within bounds or from words of
papergraph.model, by `render`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from papergraph import assets
from papergraph.errors import NotFoundError, UsageError
from papergraph.model import Basis, EntityType, Label, PaperKind, Rel, Role

if TYPE_CHECKING:
    from papergraph.store.base import GraphStore, Row

MAX_HOPS = 6
_PARAMETER = re.compile(r"parameter (\w+) \((\w+)(?:, default (.*?))?\)(?:, e\.g\. (.*))?: (.+)")
_MARKER = re.compile(r"\{\{(\w+)\}\}")


class Dialect(StrEnum):
    """The Cypher that a store speaks."""

    LADYBUG = "ladybug"
    NEO4J = "neo4j"


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """A parameter; `default` is None where a value must be given, `example` works on the bundled listing."""

    name: str
    type: str  # one of PARAMETER_TYPES
    help: str
    example: str = ""
    default: str | None = None


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query and what its header says of it. `cypher` is the shared text, without the header."""

    name: str
    title: str
    description: str
    parameters: tuple[QueryParameter, ...]
    cypher: str
    variants: Mapping[Dialect, str] = field(default_factory=dict)

    def text(self, dialect: Dialect) -> str:
        """The text for a store, its markers not yet rendered."""
        return self.variants.get(dialect, self.cypher)


# How a value that a person typed is read, by parameter type; `run_named` resolves the last four to ids.
def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("some text")
    return value.strip()


def _number(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        raise ValueError("a number") from None
    if not abs(number) <= 2**53:
        raise ValueError("a number")
    return number


def _count(value: str) -> int:
    if not value.strip().isdecimal() or int(value) > 2**53:
        raise ValueError("a whole number, 0 or more")
    return int(value)


def _hops(value: str) -> int:
    if not value.strip().isdecimal() or not 1 <= int(value) <= MAX_HOPS:
        raise ValueError(f"a whole number from 1 to {MAX_HOPS}")
    return int(value)


def _words(words: type[StrEnum]) -> Callable[[str], list[str]]:
    def read(value: str) -> list[str]:
        given = [v.strip() for v in value.split(",") if v.strip()]
        known = {str(w).casefold(): str(w) for w in words}
        if not given or any(v.casefold() not in known for v in given):
            raise ValueError("one or more of " + ", ".join(words) + " (joined by commas)")
        return list(dict.fromkeys(known[v.casefold()] for v in given))

    return read


def _list(value: str) -> list[str]:
    given = [v.strip() for v in value.split(";") if v.strip()]
    if not given:
        raise ValueError("one or more names joined by semicolons")
    return list(dict.fromkeys(given))


WORD_LISTS: Mapping[str, type[StrEnum]] = {
    "roles": Role,
    "kinds": Rel,
    "types": EntityType,
    "bases": Basis,
    "paper_kinds": PaperKind,
}
PARAMETER_TYPES: Mapping[str, Callable[[str], Any]] = {
    "text": _text,
    "int": _count,
    "number": _number,
    "hops": _hops,
    **{name: _words(words) for name, words in WORD_LISTS.items()},
    "concept": _text,
    "concepts": _list,
    "paper": _text,
    "papers": _list,
    "listing": _text,
}
RENDERED_TYPES = frozenset({"hops", "kinds"})
_RESOLVED = {
    "concept": "concept",
    "concepts": "concept",
    "paper": "paper",
    "papers": "paper",
    "listing": "listing",
}


def parse(name: str, text: str) -> NamedQuery:
    """A query for researchers from a file's text. Raises ValueError where the header is not as it must be."""
    entries: list[str] = []
    for line in text.splitlines():
        if not line.startswith("//"):
            break
        if line.startswith("//   "):
            entries[-1] += " " + line[2:].strip()
        else:
            entries.append(line[2:].strip())
    fields: dict[str, str] = {}
    parameters: list[QueryParameter] = []
    for entry in entries:
        if entry.startswith("parameter "):
            match = _PARAMETER.fullmatch(entry)
            if not match or match[2] not in PARAMETER_TYPES:
                raise ValueError(f"{name}: not a parameter line: {entry}")
            parameters.append(QueryParameter(match[1], match[2], match[5], match[4] or "", match[3]))
        else:
            key, _, value = entry.partition(": ")
            fields[key] = value
    if set(fields) != {"title", "description"}:
        raise ValueError(
            f"{name}: the header needs title and description, and may hold parameters, nothing else"
        )
    return NamedQuery(name, fields["title"], fields["description"], tuple(parameters), _body(text))


def _parse_internal(name: str, text: str) -> NamedQuery:
    lines = [line[2:].strip() for line in text.splitlines() if line.startswith("//")]
    body = _body(text)
    parameters = [QueryParameter(n, "any", "") for n in dict.fromkeys(re.findall(r"\$(\w+)", body))]
    markers = [QueryParameter(n, "kinds", "") for n in dict.fromkeys(_MARKER.findall(body))]
    return NamedQuery(name, " ".join(lines), "", (*parameters, *markers), body)


def _load(folder: str, read: Callable[[str, str], NamedQuery]) -> dict[str, NamedQuery]:
    root = assets.folder("cypher")
    out: dict[str, NamedQuery] = {}
    for path in sorted((root / folder).glob("*.cypher")):
        variants = {
            d: _body(v.read_text(encoding="utf-8"))
            for d in Dialect
            if (v := root / d / "variants" / path.name).is_file()
        }
        out[path.stem] = replace(read(path.stem, path.read_text(encoding="utf-8")), variants=variants)
    return out


def _body(text: str) -> str:
    lines = [line for line in text.splitlines() if not line.startswith("//")]
    return "\n".join(lines).strip().removesuffix(";")


@cache
def named_queries() -> dict[str, NamedQuery]:
    """The queries for researchers, by name."""
    return _load("queries", parse)


@cache
def internal_queries() -> dict[str, NamedQuery]:
    """The queries that papergraph itself asks, by name."""
    return _load("internal", _parse_internal)


def find(name: str, among: Mapping[str, NamedQuery] | None = None) -> NamedQuery:
    """A query by name, of either kind unless told. Raises NotFoundError with the nearest name."""
    query = (among or {**internal_queries(), **named_queries()}).get(name)
    if query is None:
        hint = _nearest(name, named_queries()) or "`papergraph query --list` shows them"
        raise NotFoundError(f"there is no named query {name!r}", hint)
    return query


def statements(dialect: Dialect, name: str) -> list[str]:
    """The statements of cypher/<dialect>/<name>.cypher; each ends with a semicolon at the end of a line."""
    body = _body((assets.folder("cypher") / dialect / f"{name}.cypher").read_text(encoding="utf-8"))
    return [s.strip() for s in re.split(r";[ \t]*(?:\n|\Z)", body) if s.strip()]


_WORDS = frozenset({*Label, *Rel})


def render(text: str, values: Mapping[str, int | str | Sequence[str]]) -> str:
    """`text` with each {{marker}} replaced by an integer from 1 to MAX_HOPS, or by labels or types joined by
    "|".

    Raises UsageError on any other value, and on a marker without one.
    """

    def one(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            raise UsageError(f"the query needs a value for {name}")
        value = values[name]
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_HOPS:
            return str(value)
        if isinstance(value, str | list | tuple):
            words = [value] if isinstance(value, str) else list(value)
            if words and all(w in _WORDS for w in words):
                return "|".join(words)
        raise UsageError(
            f"{name} is {value!r}, but must be from 1 to {MAX_HOPS}, or labels or relationship types"
        )

    return _MARKER.sub(one, text)


def bind(query: NamedQuery, dialect: Dialect, values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The text to send to a store and the parameters to send with it; defaults fill what is not given.

    Raises UsageError on a parameter that the query does not have or that is missing.
    """
    known = {p.name: p for p in query.parameters}
    if unknown := sorted(set(values) - set(known)):
        raise _unknown(query, unknown[0])
    full: dict[str, Any] = {}
    for p in query.parameters:
        if values.get(p.name) is not None:
            full[p.name] = values[p.name]
        elif p.default is not None:
            full[p.name] = _read(query, p, p.default)
        else:
            example = f", for example {p.name}={p.example}" if p.example else ""
            raise UsageError(
                f"{query.name} needs a value for {p.name}{example}",
                f"{p.name}: {p.help}",
            )
    text = render(
        query.text(dialect),
        {n: v for n, v in full.items() if known[n].type in RENDERED_TYPES},
    )
    return text, {n: v for n, v in full.items() if known[n].type not in RENDERED_TYPES}


def _unknown(query: NamedQuery, name: str) -> UsageError:
    has = ", ".join(p.name for p in query.parameters) or "none"
    return UsageError(f"{query.name} has no parameter {name!r}", f"its parameters: {has}")


def _read(query: NamedQuery, p: QueryParameter, value: str) -> Any:
    if value == "" and p.default == "":
        return ""
    if p.type in WORD_LISTS and value == "all":
        return [str(w) for w in WORD_LISTS[p.type]]
    try:
        return PARAMETER_TYPES[p.type](value)
    except ValueError as error:
        raise UsageError(
            f"{query.name}: {p.name} is {value!r}, but must be {error}",
            f"{p.name}: {p.help}",
        ) from None


def run_named(store: GraphStore, name: str, values: Mapping[str, str]) -> list[Row]:
    """The rows of a named query, with values as a person types them: names and titles are resolved to ids.

    Raises NotFoundError for a query, concept, paper or listing that is not there, with the nearest name, and
    UsageError for a value that cannot be.
    """
    query = find(name, named_queries())
    return store.run(name, **_typed(store, query, values))


def named_as_asked(store: GraphStore, name: str, values: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The Cypher and the parameters that run_named sends to a store. Raises as run_named does."""
    query = find(name, named_queries())
    dialect = Dialect.LADYBUG if store.info().kind == "embedded" else Dialect.NEO4J
    return bind(query, dialect, _typed(store, query, values))


def _typed(store: GraphStore, query: NamedQuery, values: Mapping[str, str]) -> dict[str, Any]:
    """Values as typed, read, and with names and titles resolved."""
    known = {p.name: p for p in query.parameters}
    read: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            raise _unknown(query, key)
        kind = known[key].type
        found = _read(query, known[key], value)
        if kind in _RESOLVED and found != "":
            found = [
                _resolve(store, _RESOLVED[kind], v) for v in ([found] if isinstance(found, str) else found)
            ]
            found = found if kind.endswith("s") else found[0]
        read[key] = found
    return read


def _resolve(store: GraphStore, kind: str, text: str) -> str:
    """The id of the concept, paper or listing that `text` names: its id, name, title or alias in any case."""
    rows = store.run(f"{kind}_by_name", name=text)
    if rows:
        return str(rows[0]["id"])
    names = [n for row in store.run(f"{kind}_names") for n in (row["name"], *row["aliases"])]
    raise NotFoundError(f"the graph holds no {kind} {text!r}", _nearest(text, names))


def _nearest(text: str, names: Iterable[str]) -> str:
    from rapidfuzz import fuzz, process, utils

    found = process.extract(
        text,
        list(names),
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=3,
        score_cutoff=60,
    )
    return "did you mean " + ", ".join(dict.fromkeys(n for n, _, _ in found)) + "?" if found else ""
