"""The pages. Each view returns plain data, which is rendered as HTML, or as JSON at the view's .json twin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import (
    Flask,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)

from papergraph import questions
from papergraph.errors import UsageError
from papergraph.model import CONCEPT_ROLE_WORDS, ROLE_WORDS, EntityType, PaperKind, Role
from papergraph.questions.answers import Hit
from papergraph.questions.highlight import pieces
from papergraph.questions.meaning import QueryEmbedder
from papergraph.service.handle import StoreHandle
from papergraph.service.keeper import kept_of
from papergraph.settings import Settings
from papergraph.store import GraphStore
from papergraph.text import plural, readable

Data = dict[str, Any]
View = Callable[..., Data | Response]
_PAGES: list[tuple[str, str, str, View, tuple[str, ...]]] = []


def page(
    rule: str,
    template: str,
    *,
    twin: str | None = None,
    methods: tuple[str, ...] = ("GET",),
) -> Callable[[View], View]:
    """Registers a view as a page at `rule` and as JSON at `rule`.json (or `twin`).

    The template may be "" where the view answers with a redirect.
    """

    def decorate(view: View) -> View:
        _PAGES.append((rule, twin or f"{rule}.json", template, view, methods))
        return view

    return decorate


def register(app: Flask) -> None:
    """Adds all pages, their twins, and what templates need to an app."""
    from papergraph.service import (  # noqa: F401  (they register their pages)
        collections,
        console,
        graph,
        keep,
        lineage,
        map,
        take,
        work,
    )

    for rule, twin, template, view, methods in _PAGES:
        app.add_url_rule(twin, f"{view.__name__}_json", _as_json(view), methods=methods)
        app.add_url_rule(rule, view.__name__, _as_html(view, template), methods=methods)
    work.add_files(app)
    take.add_files(app)
    collections.add_files(app)
    keep.add_forms(app)
    app.add_url_rule("/healthz", "health", health)
    app.jinja_env.filters.update(readable=readable, plural=plural, ucfirst=_ucfirst, percent=_percent)
    app.jinja_env.globals.update(
        twin_url=_twin_url, pieces=pieces, ROLE_WORDS=ROLE_WORDS, CONCEPT_ROLE_WORDS=CONCEPT_ROLE_WORDS,
        ENTITY_TYPES=list(EntityType), ROLES=list(Role), KINDS=list(PaperKind),
    )  # fmt: skip


def _as_json(view: View) -> View:
    @wraps(view)
    def answer(**parts: Any) -> Any:
        data = view(**parts)
        return jsonify(data) if isinstance(data, dict) else data

    return answer


def _as_html(view: View, template: str) -> View:
    @wraps(view)
    def answer(**parts: Any) -> Any:
        data = view(**parts)
        return render_template(template, **data) if isinstance(data, dict) else data

    return answer


def _twin_url() -> str:
    parts: Mapping[str, Any] = request.view_args or {}
    # Not by url_for, which takes names such as _scheme and endpoint for its own.
    query = urlencode(request.args.to_dict(flat=False), doseq=True)
    return url_for(f"{request.endpoint}_json", **parts) + (f"?{query}" if query else "")


def _ucfirst(text: str) -> str:
    return text[:1].upper() + text[1:]


def _percent(value: float) -> str:
    return f"{value:.0%}"


def store() -> GraphStore:
    """The store of the generation in force."""
    found: GraphStore = current_app.config["PAPERGRAPH_STORE"].get()
    return found


def embedder() -> QueryEmbedder | None:
    """What embeds a free text as the papers were embedded, where that can be."""
    handle: StoreHandle = current_app.config["PAPERGRAPH_STORE"]
    return handle.embedder()


def settings() -> Settings:
    """The settings that the service was started with."""
    found: Settings = current_app.config["PAPERGRAPH_SETTINGS"]
    return found


def whole_number(name: str, default: int, low: int, high: int) -> int:
    """An integer from the query string. Raises UsageError where it is none or out of range."""
    text = request.args.get(name, "").strip()
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise UsageError(f"{name} is {text[:40]!r}, but must be a whole number from {low} to {high}")
    return value


def choices(name: str, allowed: type[Role | PaperKind]) -> list[str]:
    """The values of a repeated parameter. Raises UsageError on one that is not allowed."""
    values = [v for v in request.args.getlist(name) if v]
    for value in values:
        if value not in list(allowed):
            raise UsageError(f"{name} is {value[:40]!r}, but must be one of {', '.join(allowed)}")
    return values


def health() -> Any:
    """For health checks: 200 where the graph can be read, else the error."""
    return jsonify({"status": "ok", "generation": store().info().generation})


@page("/", "home.html", twin="/index.json")
def home() -> Data:
    s = store()
    return {
        "stats": questions.stats(s).as_dict(),
        "listings": [dict(r) for r in questions.listings(s)],
    }


@page("/search", "search.html")
def search() -> Data:
    text = request.args.get("q", "").strip()[:300]
    limit = whole_number("limit", 30, 1, 100)
    by_meaning = None if request.args.get("quick") else embedder()
    hits = questions.search(store(), text, limit, embedder=by_meaning) if text else []
    found = [{**f.as_dict(), "plain": readable(f.title)} for f in hits]
    return {"query": text, "found": found, "limit": limit}


@page("/papers/<path:paper>", "paper.html")
def paper(paper: str) -> Data:
    found = questions.explain(store(), paper)
    return {**found.as_dict(), "kept": kept_of(found.paper.id)}


@page("/concepts/<path:concept>", "concept.html")
def concept(concept: str) -> Data:
    return questions.concept(store(), concept).as_dict()


@page("/connected", "connected.html")
def connected() -> Data:
    names = [n.strip()[:200] for n in request.args.getlist("name") if n.strip()][:8]
    about = request.args.get("about", "").strip()[:300]
    roles = choices("role", Role)
    mode = "any" if request.args.get("mode") == "any" else "all"
    hits: list[Hit] = []
    if names or about:
        hits = questions.connected(
            store(),
            names,
            mode=mode,
            roles=[Role(r) for r in roles],
            about=about or None,
            embedder=embedder() if about else None,
        )
    return {
        "names": names,
        "about": about,
        "roles": roles,
        "mode": mode,
        "hits": [h.as_dict() for h in hits],
    }


@page("/listings/<listing>", "listing.html")
def listing(listing: str) -> Data:
    return questions.listing(store(), listing).as_dict()


__all__ = ["Data", "page", "redirect", "register", "settings", "store", "whole_number"]
