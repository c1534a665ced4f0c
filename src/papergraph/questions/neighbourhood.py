"""The part of the graph around some papers or concepts, small enough to be looked at.

Papers only by default, with shared concepts as the reasons on edges. What a cap leaves out is said in words.
The same question gives the same nodes and edges in the same order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from papergraph.errors import NotFoundError, UsageError
from papergraph.model import Role
from papergraph.questions.answers import Answer, Quote, quotes
from papergraph.questions.catalogue import Catalogue, catalogue, read_in
from papergraph.questions.links import Kind, Link, builds_on, cites, shares, similar
from papergraph.questions.names import names
from papergraph.store.base import GraphStore, Row
from papergraph.text import plural, readable

DEFAULT_KINDS = (Kind.BUILDS_ON, Kind.SIMILAR, Kind.CITES)
DEEPEST = 3
CONCEPT_SHARE = 3  # one node in so many is kept for concepts, where they are asked for
LEAST_NODES, MOST_NODES = 1, 500


@dataclass(frozen=True, slots=True)
class Node(Answer):
    """A node of a picture. `size`: papers naming a concept; edges of a paper within the picture."""

    id: str
    kind: str  # paper or concept
    type: str | None  # a paper's kind, a concept's type
    label: str  # short, readable
    title: str  # a paper's title as given, a concept's name
    year: int | None
    listed: bool
    centre: bool
    distance: int  # steps from the nearest centre
    size: int


@dataclass(frozen=True, slots=True)
class Edge(Answer):
    """An edge of a picture. `kind`: builds_on, similar, cites, shares, or the role of a paper in a concept,
    or variant_of.
    """

    source: str
    target: str
    kind: str
    basis: str | None
    weight: float
    mutual: bool
    via: tuple[str, ...]  # concept ids
    via_names: tuple[str, ...]
    reason: str
    evidence: tuple[Quote, ...]
    problem: float | None = field(default=None, kw_only=True)  # of similar: as in alike.Alike
    approach: float | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Neighbourhood(Answer):
    """Nodes in the order of distance, then edges; `notes` says in words what is not shown and why."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    notes: tuple[str, ...]
    papers_total: int  # papers within reach, shown or not
    hidden: int  # of them, not shown


def neighbourhood(
    store: GraphStore,
    centres: Sequence[str],
    *,
    depth: int = 1,
    kinds: Collection[str] = DEFAULT_KINDS,
    max_nodes: int = 150,
    concepts: bool = False,
    min_confidence: float = 0.0,
    min_similarity: float = 0.0,
) -> Neighbourhood:
    """What lies within `depth` steps of the centres: ids, titles or names of papers and concepts.

    The centres of a concept are the papers that name it. Of more papers than `max_nodes`, the nearest with
    the strongest edges stay. With `concepts`, concepts that at least two shown papers name become nodes; hubs
    are folded into a note. With depth 0 the centres alone are shown, a concept among them as a node.

    Raises NotFoundError for a centre that is not here, UsageError for a value out of range.
    """
    _check(centres, depth, kinds, max_nodes)
    cat = catalogue(store)
    papers, central = _centres(store, cat, centres, with_papers=depth > 0)
    wanted = tuple(Kind(k) for k in kinds)
    floors = (min_confidence, min_similarity)
    distance: dict[str, int] = dict.fromkeys(papers, 0)
    pull: dict[str, float] = dict.fromkeys(papers, 1.0)
    frontier = list(papers)
    leaving: list[Link] = []  # every edge that leaves a paper from which a step was taken
    stepped: set[str] = set()
    for step in range(1, depth + 1):
        out = _leaving(store, cat, frontier, wanted)
        nearer = _step(store, cat, frontier, wanted, floors, out)
        leaving += out
        stepped.update(frontier)
        fresh = {p: w for p, w in nearer.items() if p not in distance}
        distance.update(dict.fromkeys(fresh, step))
        pull.update(fresh)
        frontier = sorted(fresh)
        if not frontier:
            break
    order = sorted(
        distance,
        key=lambda p: (
            p not in central,
            distance[p],
            -pull[p],
            cat.papers[p].ref.title,
            p,
        ),
    )
    concept_centres = sorted(c for c in central if c in cat.concepts)
    spare = max_nodes // CONCEPT_SHARE if concepts or depth == 0 else 0
    shown = order[: max_nodes - (spare if depth else min(spare, len(concept_centres)))]
    leaving += _leaving(store, cat, [p for p in shown if p not in stepped], wanted)
    edges = [e for e in _between(store, cat, shown, wanted, leaving) if _passes(e, floors)]
    notes = _notes(order, shown, max_nodes)
    room = max_nodes - len(shown)
    extra: list[str] = []
    extra_edges: list[Edge] = []
    extra_notes: list[str] = []
    if concepts or depth == 0:
        named = read_in(store, "concepts_of", "papers", shown)
        extra, extra_notes = _concepts(cat, named, concept_centres, room, others=depth > 0)
        extra_edges = _role_edges(r for r in named if r["concept"] in set(extra))
        extra_edges += _variant_edges(cat, extra)
    drawn = [_edge(cat, e) for e in edges] + extra_edges
    degree = Counter(p for e in drawn for p in (e.source, e.target))
    nodes = [_paper_node(cat, p, p in central, distance[p], degree[p]) for p in shown]
    nodes += [_concept_node(cat, c, c in central) for c in extra]
    lonely = sum(not degree[p] for p in shown)
    if lonely and len(shown) > 1:
        notes.append(
            f"{plural(lonely, 'paper')} here {'has' if lonely == 1 else 'have'} no edge to another one shown"
        )
    if len(nodes) == 1:
        notes.append("nothing near: the graph holds no edge of the chosen kinds here")
    return Neighbourhood(
        tuple(nodes),
        tuple(drawn),
        (*notes, *extra_notes),
        len(order),
        len(order) - len(shown),
    )


def edges_between(
    store: GraphStore, papers: Collection[str], *, kinds: Collection[str] = DEFAULT_KINDS
) -> tuple[Edge, ...]:
    """The edges of the given kinds that join any two of the given papers (ids)."""
    cat, inside, wanted = catalogue(store), sorted(papers), tuple(Kind(k) for k in kinds)
    leaving = _leaving(store, cat, inside, wanted)
    return tuple(_edge(cat, e) for e in _between(store, cat, inside, wanted, leaving))


def _check(centres: Sequence[str], depth: int, kinds: Collection[str], max_nodes: int) -> None:
    if not centres:
        raise UsageError("a neighbourhood needs at least one centre", "name a paper or a concept")
    if not 0 <= depth <= DEEPEST:
        raise UsageError(f"depth is {depth}, but must be from 0 to {DEEPEST}")
    if not LEAST_NODES <= max_nodes <= MOST_NODES:
        raise UsageError(f"max_nodes is {max_nodes}, but must be from {LEAST_NODES} to {MOST_NODES}")
    unknown = [k for k in kinds if k not in set(Kind)]
    if unknown or not kinds:
        raise UsageError(f"kinds are {', '.join(kinds) or 'none'}, but must be of {', '.join(Kind)}")


def _centres(
    store: GraphStore, cat: Catalogue, centres: Sequence[str], *, with_papers: bool
) -> tuple[list[str], set[str]]:
    """Papers to start from (those of a concept only `with_papers`), and the ids of the centres themselves."""
    papers: list[str] = []
    central: set[str] = set()
    for text in centres:
        if text in cat.papers:
            central.add(text)
            papers.append(text)
        elif text in cat.concepts:
            central.add(text)
            if with_papers:
                papers += [r["paper"] for r in read_in(store, "pairs_of_concepts", "concepts", [text])]
        else:
            found = _by_name(store, text)
            more, ids = _centres(store, cat, [found], with_papers=with_papers)
            papers += more
            central |= ids
    return list(dict.fromkeys(papers)), central


def _by_name(store: GraphStore, text: str) -> str:
    """The id of the paper of that title or label, else of the concept so named, else the nearest paper."""
    held = names(store)
    try:
        paper = held.resolve_paper(text)
    except NotFoundError as no_paper:
        try:
            return held.resolve(text).concept.id
        except NotFoundError:
            raise no_paper from None
    if paper.how in ("id", "title", "label"):
        return paper.paper.id
    try:
        return held.resolve(text).concept.id
    except NotFoundError:
        return paper.paper.id


def _leaving(
    store: GraphStore, cat: Catalogue, papers: list[str], kinds: tuple[Kind, ...], *, back: bool = False
) -> list[Link]:
    """Edges in the graph that leave some papers, or reach them (`back`)."""
    links: list[Link] = []
    if not papers:
        return links
    if Kind.BUILDS_ON in kinds:
        links += builds_on(store, cat, papers, back=back)
    if Kind.SIMILAR in kinds:
        links += similar(store, cat, papers, back=back)
    if Kind.CITES in kinds:
        links += cites(store, papers, back=back)
    return links


def _step(
    store: GraphStore,
    cat: Catalogue,
    frontier: list[str],
    kinds: tuple[Kind, ...],
    floors: tuple[float, float],
    leaving: list[Link],
) -> dict[str, float]:
    """Papers that one edge joins to the frontier, each with the weight of its strongest edge. `leaving`: the
    edges that leave the frontier.
    """
    links = leaving + _leaving(store, cat, frontier, kinds, back=True)
    if Kind.SHARES in kinds:
        links += shares(store, cat, _holders(store, cat, frontier))
    inside = set(frontier)
    found: dict[str, float] = {}
    for link in links:
        if not _passes(link, floors):
            continue
        for near, far in ((link.source, link.target), (link.target, link.source)):
            if near in inside and far not in inside:
                found[far] = max(found.get(far, 0.0), _pull(link))
    return found


def _pull(link: Link) -> float:
    """How strongly an edge draws its other end into the picture: stated lineage before all, one-sided
    similarity last.
    """
    bases = {"corrected": 1.0, "stated": 1.0, "inferred": 0.5}
    bonus = bases.get(link.basis or "", 0.3 if link.mutual else 0.0)
    return link.weight + bonus


def _holders(store: GraphStore, cat: Catalogue, papers: list[str]) -> list[str]:
    """The papers and all others that name one of their rare concepts."""
    rare = {r["concept"] for r in read_in(store, "pairs_of_papers", "papers", papers, most=cat.hub)}
    return sorted(
        {
            *papers,
            *(r["paper"] for r in read_in(store, "pairs_of_concepts", "concepts", rare)),
        }
    )


def _passes(link: Link, floors: tuple[float, float]) -> bool:
    if link.kind == Kind.BUILDS_ON:
        return link.weight >= floors[0]
    return link.kind != Kind.SIMILAR or link.weight >= floors[1]


def _between(
    store: GraphStore, cat: Catalogue, papers: list[str], kinds: tuple[Kind, ...], leaving: list[Link]
) -> list[Link]:
    """Edges between the given papers, of `leaving`, which holds all that leave one of them; similarity that
    stands in both lists once.
    """
    inside = set(papers)
    order = {kind.value: i for i, kind in enumerate((Kind.BUILDS_ON, Kind.CITES, Kind.SIMILAR))}
    links = [e for e in leaving if e.source in inside and e.target in inside]
    links.sort(key=lambda e: (order[e.kind], e.source))  # keeps the order of the store within a source
    seen: set[tuple[str, str]] = set()
    found: list[Link] = []
    for link in links:
        pair = min(link.source, link.target), max(link.source, link.target)
        if link.kind != Kind.SIMILAR or not (link.mutual and pair in seen):
            found.append(link)
        if link.kind == Kind.SIMILAR:
            seen.add(pair)
    if Kind.SHARES in kinds:
        found += shares(store, cat, papers)
    return found


def _notes(order: list[str], shown: list[str], max_nodes: int) -> list[str]:
    if len(order) <= len(shown):
        return []
    of = plural(len(order), "paper")
    return [f"showing {len(shown)} of {of}, the nearest; raise the limit of {max_nodes} to see more"]


def _concepts(
    cat: Catalogue, rows: list[Row], centres: list[str], room: int, *, others: bool
) -> tuple[list[str], list[str]]:
    """The concepts to draw: the centres, and `others` that at least two of the shown papers name, as `rows`
    say. Notes on those that are folded: hubs, those that one shown paper names, and what found no room.
    """
    if not others:
        cut = len(centres) > room
        return centres[:room], [f"showing {room} of {plural(len(centres), 'concept')}"] if cut else []
    holders: dict[str, set[str]] = defaultdict(set)
    for r in rows:
        holders[r["concept"]].add(r["paper"])
    hubs = sorted(
        (c for c in holders if cat.concepts[c].ref.paper_count > cat.hub and c not in centres),
        key=lambda c: (-cat.concepts[c].ref.paper_count, c),
    )
    folded = set(hubs)
    several = [c for c in holders if len(holders[c]) > 1 and c not in folded and c not in centres]
    ranked = sorted(several, key=lambda c: (-len(holders[c]), cat.concepts[c].ref.paper_count, c))
    drawn = [*centres, *ranked[: max(0, room)]]
    notes = []
    if hubs:
        named = ", ".join(
            f"{readable(cat.concepts[c].ref.name)} ({cat.concepts[c].ref.paper_count})" for c in hubs[:5]
        )
        more = f" and {len(hubs) - 5} more" if len(hubs) > 5 else ""
        notes.append(f"folded because so many papers name them: {named}{more}")
    if len(ranked) > max(0, room):
        notes.append(
            f"showing {max(0, room)} of {plural(len(ranked), 'shared concept')}; raise the limit to see more"
        )
    single = sum(len(h) == 1 for c, h in holders.items() if c not in folded and c not in centres)
    if single:
        notes.append(f"not drawn because only one of these papers names them: {plural(single, 'concept')}")
    return drawn, notes


def _role_edges(rows: Iterable[Row]) -> list[Edge]:
    """One edge a paper and concept: the strongest role."""
    best: dict[tuple[str, str], Row] = {}
    for r in rows:
        key = r["paper"], r["concept"]
        if key not in best or Role(r["role"]).rank < Role(best[key]["role"]).rank:
            best[key] = r
    return [
        Edge(
            source=paper,
            target=concept,
            kind=r["role"],
            basis=None,
            weight=round(r["confidence"], 4),
            mutual=False,
            via=(),
            via_names=(),
            reason=f"{r['role'].replace('_', ' ')} {readable(r['name'])}",
            evidence=quotes(r["evidence"], r["evidence_at"]),
        )
        for (paper, concept), r in sorted(best.items())
    ]


def _variant_edges(cat: Catalogue, concepts: list[str]) -> list[Edge]:
    """Which of the concepts is a variant of which."""
    pairs = sorted((c, base) for c in concepts for base in cat.bases.get(c, ()) if base in set(concepts))
    return [
        Edge(c, base, "variant_of", None, 1.0, False, (), (), f"is a variant of {cat.names([base])[0]}", ())
        for c, base in pairs
    ]


def _edge(cat: Catalogue, e: Link) -> Edge:
    return Edge(
        e.source,
        e.target,
        e.kind,
        e.basis,
        e.weight,
        e.mutual,
        e.via,
        cat.names(e.via),
        e.reason,
        e.evidence,
        problem=e.problem,
        approach=e.approach,
    )


def _paper_node(cat: Catalogue, paper: str, centre: bool, distance: int, size: int) -> Node:
    p, plain = cat.paper(paper), cat.papers[paper].title_plain
    label = readable(p.short) or plain
    return Node(paper, "paper", p.kind, label, p.title, p.year, p.listed, centre, distance, size)


def _concept_node(cat: Catalogue, concept: str, centre: bool) -> Node:
    c = cat.concepts[concept].ref
    distance = 0 if centre else 1
    return Node(
        concept,
        "concept",
        c.type,
        readable(c.name),
        c.name,
        None,
        True,
        centre,
        distance,
        c.paper_count,
    )
