"""The whole graph as one HTML file: search, pages of papers and concepts, and the map, without a server.

Template, style and scripts lie in web/; the data travels deflated in the file and a strict policy with hashes
of its own style and script lets nothing else run and no request leave. Same graph, same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from papergraph import assets
from papergraph.export.map import drawing, heading
from papergraph.export.whole import read_graph
from papergraph.model import CONCEPT_ROLE_WORDS, ROLE_WORDS, EntityType, Evidence, Graph, Paper, PaperConcept
from papergraph.questions import index
from papergraph.questions.catalogue import catalogue, kept
from papergraph.questions.clusters import Clusters, clusters
from papergraph.questions.highlight import pieces
from papergraph.questions.links import rounded
from papergraph.questions.search import EXACT_LABEL, EXACT_NAME, FIELDS, KNOWN_SHARE, NAMES
from papergraph.questions.stats import stats
from papergraph.store.base import GraphStore
from papergraph.text import plural, readable

MOST_BYTES = 5_000_000  # with more, abstracts stay out: mail servers refuse large attachments
STYLES = ("style.css", "drawing.css", "portable.css")
SCRIPTS = ("portable-search.js", "portable-pages.js", "portable.js")


@dataclass(frozen=True, slots=True)
class Portable:
    """The file's text, and whether the abstracts are in it."""

    html: str
    abstracts: bool


@kept
def portable(store: GraphStore) -> Portable:
    """The graph of a store as one file of HTML, with the abstracts unless that makes it larger than
    MOST_BYTES.
    """
    graph, found, rules = read_graph(store), clusters(store), _search_rules(store)
    whole = Portable(_page(store, _document(graph, found, rules, abstracts=True)), True)
    if len(whole.html.encode()) <= MOST_BYTES:
        return whole
    return Portable(_page(store, _document(graph, found, rules, abstracts=False)), False)


def _page(store: GraphStore, document: dict[str, Any]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    web = assets.folder("web")
    style, script = (
        "\n".join((web / "static" / name).read_text(encoding="utf-8") for name in names)
        for names in (STYLES, SCRIPTS)
    )
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    environment = Environment(
        loader=FileSystemLoader(web / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["plural"] = plural
    return environment.get_template("portable.html").render(
        policy=policy,
        icon=base64.b64encode((web / "static" / "icon.svg").read_bytes()).decode(),
        style=Markup(style),
        script=Markup(script),
        data=base64.b64encode(zlib.compress(text.encode(), 9)).decode(),
        stats=stats(store),
        drawing=drawing(store) if clusters(store).clusters else None,
        kinds=sorted({p["kind"] or "paper" for p in document["papers"] if p["listed"]}),
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _document(graph: Graph, found: Clusters, rules: dict[str, Any], *, abstracts: bool) -> dict[str, Any]:
    """Everything that the file's script reads; papers and concepts refer to each other by their numbers."""
    at = {p.id: i for i, p in enumerate(graph.papers)}
    concept_at = {c.id: i for i, c in enumerate(graph.concepts)}
    named: dict[str, list[PaperConcept]] = defaultdict(list)
    for edge in sorted(graph.paper_concepts, key=lambda e: (e.role.rank, -e.confidence, e.concept)):
        named[edge.paper].append(edge)
    near: dict[str, list[Any]] = defaultdict(list)
    for s in graph.similar:
        shared = [concept_at[c] for c in s.shared if c in concept_at]
        views = {
            "problem": rounded(s.problem),
            "approach": rounded(s.approach),
        }
        link = {"paper": at[s.target], "score": s.score, "mutual": s.mutual, "shared": shared}
        near[s.source].append(link | views)
    bases: dict[str, list[int]] = defaultdict(list)
    for v in graph.variants:
        bases[v.source].append(concept_at[v.target])
    by_id = {p.id: p for p in graph.papers}
    return {
        "abstracts": abstracts,
        "words": {"roles": ROLE_WORDS, "concept_roles": CONCEPT_ROLE_WORDS, "types": list(EntityType)},
        "search": rules,
        "papers": [
            _paper(p, named[p.id], concept_at, abstracts) | {"near": near[p.id]} for p in graph.papers
        ],
        "concepts": [
            {
                "id": c.id,
                "name": readable(c.name),
                "aliases": [readable(a) for a in c.aliases],
                "type": c.type,
                "count": c.paper_count,
                "origin": {"title": c.origin.title, "year": c.origin.year} if c.origin else None,
                "origin_paper": at.get(c.origin_paper or ""),
                "bases": bases[c.id],
            }
            for c in graph.concepts
        ],
        "builds_on": [
            {
                "from": at[e.source],
                "to": at[e.target],
                "basis": e.basis,
                "confidence": e.confidence,
                "reason": readable(e.reason),
                "evidence": _quotes(by_id[e.source], e.evidence, abstracts),
            }
            for e in graph.builds_on
        ],
        "cites": [[at[e.source], at[e.target]] for e in graph.cites],
        "listings": [
            {
                "name": listing.name,
                "added": listing.added_at[:10],
                "papers": list(dict.fromkeys(at[e.paper] for e in graph.lists if e.listing == listing.id)),
            }
            for listing in graph.listings
        ],
        "clusters": [
            {"key": str(c.number), "name": heading(c), "papers": [at[p.id] for p in c.papers]}
            for c in found.clusters
        ],
        "alone": [at[p.id] for p in found.alone],
    }


def _paper(
    p: Paper, named: Sequence[PaperConcept], concept_at: dict[str, int], abstracts: bool
) -> dict[str, Any]:
    addresses = [
        f"https://arxiv.org/abs/{p.arxiv_id}" if p.arxiv_id else "",
        f"https://doi.org/{p.doi}" if p.doi else "",
        p.url or "",
        *p.urls,
    ]
    return {
        "id": p.id,
        "title": readable(p.title),
        "short": readable(p.short),
        "kind": p.kind,
        "year": p.year,
        "date": p.date,
        "listed": p.listed,
        "authors": [readable(a) for a in p.authors],
        "venue": readable(p.venue or ""),
        "links": list(dict.fromkeys(a for a in addresses if a.startswith(("https://", "http://")))),
        "sources": list(p.sources),
        "gist": next(iter(_quotes(p, [p.gist] if p.gist else [], abstracts)), None),
        "claims": _quotes(p, p.claims, abstracts),
        "has_abstract": bool(p.abstract),
        "abstract": _marked(p, named, concept_at) if abstracts else [],
        "named": [
            {
                "concept": concept_at[e.concept],
                "name": readable(e.name),
                "type": e.type,
                "role": e.role,
                "confidence": e.confidence,
                "evidence": _quotes(p, e.evidence, abstracts),
            }
            for e in named
        ],
    }


def _marked(p: Paper, named: Sequence[PaperConcept], concept_at: dict[str, int]) -> list[Any]:
    """The abstract in pieces: a text, or [text, concept, role] where it names one."""
    spans = [
        {"spans": [str(s) for s in e.spans], "concept": concept_at[e.concept], "role": e.role} for e in named
    ]
    return [
        [x["text"], x["named"]["concept"], x["named"]["role"]] if x["named"] else x["text"]
        for x in pieces(p.abstract, "abstract", spans)
    ]


def _quotes(p: Paper, evidence: Iterable[Evidence], abstracts: bool) -> list[dict[str, Any]]:
    """Evidence as text, and where it stands in the abstract, counted as JavaScript counts (UTF-16)."""
    out = []
    for e in evidence:
        quote: dict[str, Any] = {"text": readable(e.text)}
        if abstracts and e.at.field == "abstract":
            quote["at"] = [_units(p.abstract[: e.at.start]), _units(p.abstract[: e.at.end])]
        out.append(quote)
    return out


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _search_rules(store: GraphStore) -> dict[str, Any]:
    """The weights and word lists of papergraph.questions.search, for the same search in the file."""
    return {
        "k1": index.K1,
        "b": index.B,
        "beginning": index.BEGINNING,
        "misspelt": index.MISSPELT,
        "least": index.LEAST_SIMILARITY,
        "expansions": index.EXPANSIONS,
        "stop": sorted(index.STOP),
        "endings": list(index.ENDINGS),
        "fields": FIELDS,
        "names": NAMES,
        "known_share": KNOWN_SHARE,
        "exact_name": EXACT_NAME,
        "exact_label": EXACT_LABEL,
        "hub": catalogue(store).hub,
    }
