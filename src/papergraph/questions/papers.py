"""What was extracted from a paper, and why, with its edges: what a reader needs to judge them."""

from __future__ import annotations

from collections import defaultdict

from papergraph.model import Role, Span
from papergraph.questions.answers import Explanation, Named, Relation, quotes
from papergraph.questions.catalogue import Catalogue, catalogue, read_in
from papergraph.questions.lineage import strength
from papergraph.questions.links import Kind, Link, builds_on, cites, similar
from papergraph.questions.names import names
from papergraph.questions.similar import neighbours
from papergraph.store.base import GraphStore


def explain(store: GraphStore, paper: str) -> Explanation:
    """Everything that the graph says of one paper. Raises NotFoundError for a paper that is not here."""
    cat = catalogue(store)
    ref = names(store).resolve_paper(paper).paper
    (row,) = read_in(store, "papers_by_id", "papers", [ref.id])
    gist = quotes([row["gist"]], [row["gist_at"]]) if row["gist"] else ()
    return Explanation(
        paper=ref,
        abstract=row["abstract"] or "",
        gist=gist[0] if gist else None,
        claims=quotes(row["claims"], row["claims_at"]),
        authors=tuple(row["authors"] or ()),
        venue=row["venue"],
        date=row["date"],
        url=row["url"],
        doi=row["doi"],
        arxiv_id=row["arxiv_id"],
        urls=tuple(row["urls"] or ()),
        sources=tuple(row["sources"] or ()),
        listings=tuple(dict.fromkeys(r["name"] for r in read_in(store, "lists_of", "papers", [ref.id]))),
        named=tuple(named(store, cat, [ref.id]).get(ref.id, ())),
        relations=_relations(store, cat, ref.id),
        neighbours=tuple(neighbours(cat, similar(store, cat, [ref.id]))),
    )


def named(store: GraphStore, cat: Catalogue, papers: list[str]) -> dict[str, list[Named]]:
    """What papers name, by paper: one entry a concept and role, the strongest role first."""
    found: dict[str, list[Named]] = defaultdict(list)
    for r in read_in(store, "concepts_of", "papers", papers):
        found[r["paper"]].append(
            Named(
                name=r["named"],
                surfaces=surfaces(cat, r["paper"], r["named"], r["spans"] or ()),
                type=r["named_type"],
                role=r["role"],
                confidence=round(r["confidence"], 4),
                evidence=quotes(r["evidence"], r["evidence_at"]),
                spans=tuple(r["spans"] or ()),
                concept=r["name"],
                concept_id=r["concept"],
                concept_type=r["type"],
                papers=r["paper_count"],
            )
        )
    for rows in found.values():
        rows.sort(key=lambda n: (Role(n.role).rank, -n.confidence, n.concept_id))
    return found


def surfaces(cat: Catalogue, paper: str, name: str, spans: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Every way in which a thing is written in a paper, `name` first."""
    p = cat.papers[paper]
    texts = {"title": p.ref.title, "abstract": p.abstract}
    parsed = [Span.parse(s) for s in spans]
    return tuple(dict.fromkeys([name, *(texts[s.field][s.start : s.end] for s in parsed)]))


def _relations(store: GraphStore, cat: Catalogue, paper: str) -> tuple[Relation, ...]:
    """BUILDS_ON and CITES in both directions: what it builds on first, then what builds on it."""
    out: list[Relation] = []
    for back in (False, True):
        links = builds_on(store, cat, [paper], back=back) + cites(store, [paper], back=back)
        out += [_relation(cat, link, back) for link in sorted(links, key=strength)]
    return tuple(out)


def _relation(cat: Catalogue, link: Link, back: bool) -> Relation:
    cited = link.kind == Kind.CITES
    word = ("cited_by" if back else "cites") if cited else ("built_on_by" if back else "builds_on")
    return Relation(
        **cat.paper(link.source if back else link.target).as_dict(),
        relation=word,
        basis=link.basis,
        confidence=None if cited else link.weight,
        via=cat.names(link.via),
        reason=link.reason,
        evidence=link.evidence,
    )
