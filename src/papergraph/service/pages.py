"""The pages. Each view returns plain data, which is rendered as HTML, or as JSON at the view's .json twin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any, Literal, TypedDict, TypeVar
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
from papergraph.questions.answers import Explanation, Found, Hit, Statistics
from papergraph.questions.concepts import ConceptView, Together
from papergraph.questions.corrections import CorrectionRow, about
from papergraph.questions.highlight import pieces
from papergraph.questions.listings import ListingView
from papergraph.questions.meaning import QueryEmbedder
from papergraph.service.handle import StoreHandle
from papergraph.service.keeper import PaperKept, kept_of
from papergraph.service.parameters import Choice, Flag, Number, Parameter, Text, several
from papergraph.settings import Settings
from papergraph.store import GraphStore
from papergraph.text import plural, readable

Data = dict[str, Any]
View = Callable[..., Data | Response]
Takes = tuple[Parameter[Any], ...] | Callable[[], tuple[Parameter[Any], ...]]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Declared:
    """What an address takes and answers: what papergraph.service.openapi documents."""

    takes: Takes = ()
    path: Mapping[str, str] = field(default_factory=dict)  # what the parts of the path are
    answer: Any = None  # the type of the answer, or several whose fields are one object together
    types: tuple[str, ...] = ("application/json",)

    def parameters(self) -> tuple[Parameter[Any], ...]:
        """What it takes."""
        return self.takes() if callable(self.takes) else self.takes


@dataclass(frozen=True, slots=True)
class Page:
    """A view, where it is found as a page and as JSON, and the template of the page."""

    rule: str
    twin: str
    template: str
    view: View
    methods: tuple[str, ...]


_PAGES: list[Page] = []


def declare(**parts: Any) -> Callable[[F], F]:
    """Says what an address takes and answers; the parts are those of Declared."""

    def decorate(view: F) -> F:
        view.declared = Declared(**parts)  # type: ignore[attr-defined]
        return view

    return decorate


def page(
    rule: str,
    template: str,
    *,
    twin: str | None = None,
    methods: tuple[str, ...] = ("GET",),
    takes: Takes = (),
    path: Mapping[str, str] | None = None,
    answer: Any = None,
) -> Callable[[View], View]:
    """Registers a view as a page at `rule` and as JSON at `rule`.json (or `twin`), and declares it.

    The template may be "" where the view answers with a redirect.
    """

    def decorate(view: View) -> View:
        _PAGES.append(Page(rule, twin or f"{rule}.json", template, view, methods))
        return declare(takes=takes, path=path or {}, answer=answer)(view)

    return decorate


def register(app: Flask) -> None:
    """Adds all pages, their twins, and what templates need to an app."""
    from papergraph.service import (  # noqa: F401  (they register their pages)
        add,
        collections,
        console,
        corrections,
        graph,
        help,
        keep,
        lineage,
        map,
        near,
        news,
        openapi,
        take,
        work,
    )

    for p in _PAGES:
        app.add_url_rule(p.twin, f"{p.view.__name__}_json", _as_json(p.view), methods=p.methods)
        app.add_url_rule(p.rule, p.view.__name__, _as_html(p.view, p.template), methods=p.methods)
    work.add_files(app)
    take.add_files(app)
    graph.add_texts(app)
    collections.add_files(app)
    keep.add_forms(app)
    add.add_words(app)
    corrections.add_words(app)
    openapi.add_words(app)
    app.add_url_rule("/healthz", "health", health)
    app.jinja_env.filters.update(readable=readable, plural=plural, ucfirst=_ucfirst, percent=_percent)
    app.jinja_env.globals.update(
        twin_url=_twin_url, pieces=pieces, ROLE_WORDS=ROLE_WORDS, CONCEPT_ROLE_WORDS=CONCEPT_ROLE_WORDS,
        ENTITY_TYPES=list(EntityType), ROLES=list(Role), KINDS=list(PaperKind), VIEWS=near.VIEWS,
        KEY_GROUPS=help.KEY_GROUPS, url_for=_url_for,
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


def _url_for(endpoint: str, **parts: Any) -> str:
    """Flask's url_for, remembered: a page holds hundreds of links, and building them would take most of its
    time.
    """
    if all(isinstance(v, str | int) for v in parts.values()):
        return _built(request.script_root, endpoint, tuple(parts.items()))
    return url_for(endpoint, **parts)


@lru_cache(maxsize=20_000)
def _built(root: str, endpoint: str, parts: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(parts))


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
    return handle().get()


def handle() -> StoreHandle:
    """What holds the store."""
    found: StoreHandle = current_app.config["PAPERGRAPH_STORE"]
    return found


def embedder() -> QueryEmbedder | None:
    """What embeds a free text as the papers were embedded, where that can be; loads it if need be."""
    return handle().embedder()


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


class Health(TypedDict):
    """That the graph can be read."""

    status: Literal["ok"]
    generation: str


@declare(answer=Health)
def health() -> Any:
    """For health checks: 200 where the graph can be read, else the error."""
    return jsonify({"status": "ok", "generation": store().info().generation})


class ListingRow(TypedDict):
    """A listing, and how many papers and entries it has."""

    id: str
    name: str
    file: str
    added_at: str
    papers: int
    entries: int


class Home(TypedDict):
    """The graph in figures, and its listings."""

    stats: Statistics
    listings: list[ListingRow]


@page("/", "home.html", twin="/index.json", answer=Home)
def home() -> Data:
    """The graph in figures."""
    s = store()
    return {
        "stats": questions.stats(s).as_dict(),
        "listings": [dict(r) for r in questions.listings(s)],
    }


@dataclass(frozen=True, slots=True)
class FoundReadable(Found):
    """What a search found, with its title as plain text."""

    plain: str


class SearchAnswer(TypedDict):
    """What was found, best first; `meaning` says whether vectors took part."""

    query: str
    found: list[FoundReadable]
    limit: int
    meaning: Literal["yes", "loading", "no"]


Q = Text(name="q", help="words, a name, or the beginning of a title", most=1000)
LIMIT = Number(name="limit", help="results at most", low=1, high=100, default=30)
QUICK = Flag(name="quick", help="1: do not wait for the search by meaning to load")


@page("/search", "search.html", takes=(Q, LIMIT, QUICK), answer=SearchAnswer)
def search() -> Data:
    """What fits a text by its words and by its meaning."""
    text, limit = Q.read(), LIMIT.read()
    by_meaning = handle().embedder(wait=not QUICK.read()) if text else None
    hits = questions.search(store(), text, limit, embedder=by_meaning) if text else []
    found = [{**f.as_dict(), "plain": readable(f.title)} for f in hits]
    meaning = "yes" if by_meaning else "loading" if handle().embedder_loads() else "no"
    return {"query": text, "found": found, "limit": limit, "meaning": meaning}


class Extras(TypedDict):
    """What people corrected about it."""

    corrections: list[CorrectionRow]


class PaperExtras(Extras):
    """Also what the reader keeps of a paper; null where nothing is kept here."""

    kept: PaperKept | None


def _corrections(id_: str) -> list[CorrectionRow]:
    return about(handle().location, store(), id_)


@page(
    "/papers/<path:paper>",
    "paper.html",
    path={"paper": "id, DOI, arXiv id, title or label of a paper"},
    answer=(Explanation, PaperExtras),
)
def paper(paper: str) -> Data:
    """What was extracted from a paper and why, and its edges."""
    found = questions.explain(store(), paper)
    extras: PaperExtras = {"kept": kept_of(found.paper.id), "corrections": _corrections(found.paper.id)}
    return {**found.as_dict(), **extras}


@page(
    "/concepts/<path:concept>",
    "concept.html",
    path={"concept": "id or name"},
    answer=(ConceptView, Extras),
)
def concept(concept: str) -> Data:
    """A method, model, benchmark or task, and the papers that name it, by role."""
    found = questions.concept(store(), concept)
    return {**found.as_dict(), "corrections": _corrections(found.concept.id)}


class ConnectedAnswer(TypedDict):
    """The papers that are connected to what was asked for, and what was asked for."""

    names: list[str]
    about: str
    roles: list[Role]
    mode: Literal["all", "any"]
    hits: list[Hit]
    by_match: dict[str, int]  # how many of the hits
    by_role: dict[Role, int]  # how many have it, where one name was asked for
    narrower: dict[str, tuple[Together, ...]]  # by type: what else the hits name, and how many would stay


NAMES = several(Text(name="name", help="name of a method, model, benchmark or task", most=200), 8)
ABOUT = Text(name="about", help="words that the papers are also to be about", most=1000)
ROLE = several(Choice(name="role", help="only connections in these roles", allowed=ROLE_WORDS), len(Role))
MODE = Choice(
    name="mode",
    help="which of several names",
    allowed={"all": "connected to every one", "any": "to at least one"},
    default="all",
)


@page("/connected", "connected.html", takes=(NAMES, ABOUT, ROLE, MODE), answer=ConnectedAnswer)
def connected() -> Data:
    """Papers that are connected to methods, models, benchmarks or tasks."""
    names, about, roles, mode = NAMES.read(), ABOUT.read(), ROLE.read(), MODE.read()
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
        "by_match": Counter(h.match for h in hits),
        "by_role": _by_role(hits) if len(names) == 1 else {},
        "narrower": _narrower(hits) if mode == "all" and not roles and not about else {},
    }


def _by_role(hits: list[Hit]) -> dict[str, int]:
    return Counter(role for h in hits for role in {c.role for c in h.connections})


def _narrower(hits: list[Hit]) -> dict[str, list[Data]]:
    """What else at least two of the papers found by name name, and how many do."""
    named = [h for h in hits if h.match != "meaning"]
    asked = {c.concept_id for h in named for c in h.connections}
    found = questions.named_together(store(), [h.id for h in named], asked) if named else {}
    return {type_: [t.as_dict() for t in rows if t.together < len(named)] for type_, rows in found.items()}


class ListingHead(TypedDict):
    """The listing itself."""

    listing: ListingRow


@page(
    "/listings/<listing>", "listing.html", path={"listing": "id or name"}, answer=(ListingView, ListingHead)
)
def listing(listing: str) -> Data:
    """A listing, its papers in the order of the file."""
    return questions.listing(store(), listing).as_dict()


__all__ = ["Data", "page", "redirect", "register", "settings", "store", "whole_number"]
