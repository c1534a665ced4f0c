"""Work with a set of papers: side by side, by benchmark, what to read first, between two sets, claims."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request

from papergraph.export.comparison import FORMATS
from papergraph.questions.benchmarks import benchmark_table
from papergraph.questions.bridges import MOST, between
from papergraph.questions.claims import claims_about
from papergraph.questions.comparison import ASPECTS, NONE_NAMED, compare
from papergraph.questions.listings import listings
from papergraph.questions.route import COVERING, SECTIONS, route
from papergraph.questions.sets import PaperSet, paper_set
from papergraph.service.pages import Data, page, store, whole_number

MOST_COMPARED = 12  # papers side by side before the rest is cut, which the page says
MOST_ROWS, MOST_COLUMNS = 200, 30  # papers and shared benchmarks of the table, likewise


def read_set(prefix: str = "") -> PaperSet:
    """The set of papers that the address names; with a prefix, one of two sets."""
    args = request.args
    return paper_set(
        store(),
        args.getlist(f"{prefix}paper"),
        titles=args.get(f"{prefix}titles", ""),
        concept=args.get(f"{prefix}concept", ""),
        listing_id=args.get(f"{prefix}listing", ""),
    )


def set_data(found: PaperSet, prefix: str = "") -> Data:
    """A set for a page: its papers, what is unknown, and the parameters that name it again."""
    address: dict[str, Any] = {
        f"{prefix}paper": list(found.chosen),
        f"{prefix}concept": found.concept.id if found.concept else None,
        f"{prefix}listing": found.listing,
    }
    return {**found.as_dict(), "prefix": prefix, "address": {k: v for k, v in address.items() if v}}


def _form() -> Data:
    """What the form of a set offers."""
    return {"listings": [{"id": r["id"], "name": r["name"]} for r in listings(store())]}


@page("/compare", "compare.html")
def compare_papers() -> Data:
    """Papers side by side, every cell quoted."""
    found = read_set()
    most = whole_number("max", MOST_COMPARED, 1, 100)
    return {
        "set": set_data(found),
        **_form(),
        "aspects": ASPECTS,
        "none_named": NONE_NAMED,
        "max": most,
        "papers": [c.as_dict() for c in compare(store(), found.ids[:most])],
    }


def compare_file(form: str) -> Response:
    """The comparison as a file: Markdown, LaTeX or CSV."""
    ids = read_set().ids[: whole_number("max", MOST_COMPARED, 1, 100)]
    kind, write = FORMATS[form]
    body = write(compare(store(), ids))
    name = {"Content-Disposition": f'attachment; filename="comparison.{form}"'}
    return Response(body, content_type=f"{kind}; charset=utf-8", headers=name)


@page("/benchmarks", "benchmarks.html")
def benchmarks() -> Data:
    """Papers by the benchmarks that they share."""
    found = read_set()
    most = whole_number("max", MOST_ROWS, 1, 5000)
    table = benchmark_table(store(), found.ids[:most])
    return {
        "set": set_data(found),
        **_form(),
        **table.as_dict(),
        "shared": [b.as_dict() for b in table.shared[:MOST_COLUMNS]],
        "shared_count": len(table.shared),
        "none_named": NONE_NAMED,
    }


@page("/route", "route.html")
def reading_route() -> Data:
    """What to read first of a set."""
    found = read_set()
    covering = whole_number("k", COVERING, 1, 20)
    return {
        "set": set_data(found),
        **_form(),
        "k": covering,
        "sections": SECTIONS,
        **route(store(), found.ids, covering).as_dict(),
    }


@page("/between", "between.html")
def between_sets() -> Data:
    """How two concepts or two sets connect."""
    a, b = read_set("a_"), read_set("b_")
    most = whole_number("max", MOST, 1, 500)
    found = between(store(), a, b, most).as_dict() if a.papers and b.papers else None
    return {"a": set_data(a, "a_"), "b": set_data(b, "b_"), **_form(), "max": most, "found": found}


@page("/claims", "claims.html")
def claims() -> Data:
    """What papers claim about a thing, quoted."""
    name = request.args.get("name", "").strip()[:200]
    found = claims_about(store(), name).as_dict() if name else None
    return {"name": name, "found": found}


@page("/work", "work.html")
def work() -> Data:
    """The forms of all these."""
    return {"set": set_data(read_set()), **_form()}


def add_files(app: Flask) -> None:
    """Adds the addresses that give files."""
    app.add_url_rule("/compare.<any(md,tex,csv):form>", "compare_file", compare_file)
