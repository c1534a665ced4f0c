"""Work with a set of papers: side by side, by benchmark, what to read first, between two sets, claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict

from flask import Flask, Response

from papergraph.export.comparison import FORMATS
from papergraph.questions.benchmarks import Benchmark, BenchmarkRow, benchmark_table
from papergraph.questions.bridges import MOST, Between, between
from papergraph.questions.claims import Claims, claims_about
from papergraph.questions.comparison import ASPECTS, NONE_NAMED, Compared, compare
from papergraph.questions.listings import listings
from papergraph.questions.route import COVERING, SECTIONS, Stop, route
from papergraph.questions.sets import PaperSet, paper_set
from papergraph.service import keeper
from papergraph.service.keeper import SHELVES
from papergraph.service.pages import Data, declare, page, store
from papergraph.service.parameters import Number, Text, several

MOST_COMPARED = 12  # papers side by side before the rest is cut, which the page says
MOST_ROWS, MOST_COLUMNS = 200, 30  # papers and shared benchmarks of the table, likewise


PAPERS = several(Text(name="paper", help="id, DOI, arXiv id, title or label of a paper", most=1000), 1000)
TITLES = Text(name="titles", help="further papers, one a line", most=100_000)
CONCEPT = Text(name="concept", help="all papers that name this concept", most=200)
LISTING = Text(name="listing", help="all papers of the listing with this id", most=200)
COLLECTION = Text(
    name="collection", help=f"all papers of the collection with this number, or {', '.join(SHELVES)}", most=20
)
SET = (PAPERS, TITLES, CONCEPT, LISTING, COLLECTION)
SETS = tuple(p.prefixed(prefix) for prefix in ("a_", "b_") for p in SET)
COMPARED = Number(name="max", help="papers at most", low=1, high=100, default=MOST_COMPARED)


def read_set(prefix: str = "") -> PaperSet:
    """The set of papers that the address names; with a prefix, one of two sets."""
    collection = COLLECTION.prefixed(prefix).read()
    name, papers = keeper.shelf(collection) if collection else ("", {})
    return paper_set(
        store(),
        PAPERS.prefixed(prefix).read(),
        titles=TITLES.prefixed(prefix).read(),
        concept=CONCEPT.prefixed(prefix).read(),
        listing_id=LISTING.prefixed(prefix).read(),
        collected={f"collection {name}": list(papers)} if collection else None,
    )


@dataclass(frozen=True, slots=True)
class NamedSet(PaperSet):
    """A set of papers, and the parameters that name it again."""

    prefix: str
    address: dict[str, str | list[str]]


class ListingName(TypedDict):
    """A listing that a form offers."""

    id: str
    name: str


class WorkAnswer(TypedDict):
    """A set of papers, and what the form of a set offers."""

    set: NamedSet
    listings: list[ListingName]


class CompareAnswer(WorkAnswer):
    """Papers side by side; the cells of each are named by `aspects`."""

    aspects: dict[str, str]
    none_named: str
    max: int
    papers: list[Compared]


class BenchmarksAnswer(WorkAnswer):
    """Papers by benchmarks; `shared` are those that several of them name."""

    benchmarks: list[Benchmark]
    rows: list[BenchmarkRow]
    without: int
    shared: list[Benchmark]
    shared_count: int
    none_named: str


class RouteAnswer(WorkAnswer):
    """What to read first, in sections."""

    k: int
    sections: dict[str, str]
    stops: list[Stop]
    notes: list[str]


class BetweenAnswer(TypedDict):
    """How two sets of papers connect; found is null until both are named."""

    a: NamedSet
    b: NamedSet
    listings: list[ListingName]
    max: int
    found: Between | None


class ClaimsAnswer(TypedDict):
    """What papers claim about a thing."""

    name: str
    found: Claims | None


def set_data(found: PaperSet, prefix: str = "") -> Data:
    """A set for a page: its papers, what is unknown, and the parameters that name it again."""
    address: dict[str, Any] = {
        f"{prefix}paper": list(found.chosen),
        f"{prefix}concept": found.concept.id if found.concept else None,
        f"{prefix}listing": found.listing,
        f"{prefix}collection": COLLECTION.prefixed(prefix).read(),
    }
    return {**found.as_dict(), "prefix": prefix, "address": {k: v for k, v in address.items() if v}}


def _form() -> Data:
    """What the form of a set offers."""
    return {"listings": [{"id": r["id"], "name": r["name"]} for r in listings(store())]}


@page("/compare", "compare.html", takes=(*SET, COMPARED), answer=CompareAnswer)
def compare_papers() -> Data:
    """Papers side by side, every cell quoted."""
    found = read_set()
    most = COMPARED.read()
    return {
        "set": set_data(found),
        **_form(),
        "aspects": ASPECTS,
        "none_named": NONE_NAMED,
        "max": most,
        "papers": [c.as_dict() for c in compare(store(), found.ids[:most])],
    }


@declare(
    takes=(*SET, COMPARED), path={"form": "the format"}, types=tuple(kind for kind, _ in FORMATS.values())
)
def compare_file(form: str) -> Response:
    """The comparison as a file: Markdown, LaTeX or CSV."""
    ids = read_set().ids[: COMPARED.read()]
    kind, write = FORMATS[form]
    body = write(compare(store(), ids))
    name = {"Content-Disposition": f'attachment; filename="comparison.{form}"'}
    return Response(body, content_type=f"{kind}; charset=utf-8", headers=name)


ROWS = Number(name="max", help="papers at most", low=1, high=5000, default=MOST_ROWS)


@page("/benchmarks", "benchmarks.html", takes=(*SET, ROWS), answer=BenchmarksAnswer)
def benchmarks() -> Data:
    """Papers by the benchmarks that they share."""
    found = read_set()
    table = benchmark_table(store(), found.ids[: ROWS.read()])
    return {
        "set": set_data(found),
        **_form(),
        **table.as_dict(),
        "shared": [b.as_dict() for b in table.shared[:MOST_COLUMNS]],
        "shared_count": len(table.shared),
        "none_named": NONE_NAMED,
    }


COVER = Number(name="k", help="papers that cover the line", low=1, high=20, default=COVERING)


@page("/route", "route.html", takes=(*SET, COVER), answer=RouteAnswer)
def reading_route() -> Data:
    """What to read first of a set."""
    found = read_set()
    covering = COVER.read()
    return {
        "set": set_data(found),
        **_form(),
        "k": covering,
        "sections": SECTIONS,
        **route(store(), found.ids, covering).as_dict(),
    }


EACH = Number(name="max", help="findings of each kind at most", low=1, high=500, default=MOST)


@page("/between", "between.html", takes=(*SETS, EACH), answer=BetweenAnswer)
def between_sets() -> Data:
    """How two concepts or two sets connect."""
    a, b = read_set("a_"), read_set("b_")
    most = EACH.read()
    found = between(store(), a, b, most).as_dict() if a.papers and b.papers else None
    return {"a": set_data(a, "a_"), "b": set_data(b, "b_"), **_form(), "max": most, "found": found}


ABOUT = Text(name="name", help="name of a method, model, benchmark or task", most=200)


@page("/claims", "claims.html", takes=(ABOUT,), answer=ClaimsAnswer)
def claims() -> Data:
    """What papers claim about a thing, quoted."""
    name = ABOUT.read()
    found = claims_about(store(), name).as_dict() if name else None
    return {"name": name, "found": found}


@page("/work", "work.html", takes=SET, answer=WorkAnswer)
def work() -> Data:
    """The forms of all these."""
    return {"set": set_data(read_set()), **_form()}


def add_files(app: Flask) -> None:
    """Adds the addresses that give files."""
    app.add_url_rule("/compare.<any(md,tex,csv):form>", "compare_file", compare_file)
