"""All papers connected to methods, models, benchmarks or tasks, by role, with evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from papergraph.errors import UsageError
from papergraph.model import EntityType, Role
from papergraph.questions.answers import ConceptRef, Connection, Hit, quotes
from papergraph.questions.catalogue import Catalogue, catalogue, read_in
from papergraph.questions.index import query_words, words
from papergraph.questions.meaning import QueryEmbedder, meaning
from papergraph.questions.names import names
from papergraph.questions.search import index
from papergraph.store.base import GraphStore

NAME, VARIANT, MEANING = "name", "variant", "meaning"
_MATCH_ORDER = {NAME: 0, VARIANT: 1, MEANING: 2}
WORDS_SHARE = 0.5  # of the relevance to `about`; the rest is nearness in meaning
LEAST_RELEVANCE = 0.30  # of a paper that names what was asked for
# Of a paper that names none of it: high, since only its text speaks for it.
LEAST_MEANING, LEAST_MEANING_RELEVANCE = 0.58, 0.60
LEAST_RELEVANCE_ALONE = 0.50  # where nothing but `about` was asked


def connected(
    store: GraphStore,
    asked: Sequence[str],
    *,
    mode: str = "all",
    roles: Collection[Role] = (),
    about: str | None = None,
    exact: bool = False,
    variants: bool = False,
    embedder: QueryEmbedder | None = None,
) -> list[Hit]:
    """Papers connected to the named concepts: to every one of them (mode "all") or to at least one ("any").

    Each hit says how it matches: `name` (the paper names the concept), `variant` (it names a version, size or
    named variant; with `variants`, and where no paper names the concept itself), or `meaning` (it names none,
    but its text is close to what was asked; only with `about`). `exact` gives `name` only. With `roles`, only
    connections in one of these roles count. `about` keeps papers that are also about that text, by words, and
    by meaning where an embedder is given, best first.

    Raises NotFoundError (its hint names the nearest names) for a name that nothing here has, UsageError for
    no question.
    """
    about = (about or "").strip() or None
    if not asked and about is None:
        raise UsageError("nothing was asked for", "give a NAME, or --about TEXT")
    if mode not in ("all", "any"):
        raise UsageError(f"mode is {mode!r}, but must be all or any")
    cat = catalogue(store)
    concepts = list(dict.fromkeys(names(store).resolve(a).concept for a in asked))
    groups = [connections(store, cat, c, roles=roles, exact=exact, variants=variants) for c in concepts]
    papers = _combine(groups, mode)
    if about is None:
        return sorted((_hit(cat, p, found, None) for p, found in papers.items()), key=_order)
    nearness = meaning(store, _texts(concepts, about), embedder)
    relevance = _relevance(store, _without_names(about, concepts), nearness)
    hits = [
        _hit(cat, p, found, relevance[p])
        for p, found in papers.items()
        if relevance.get(p, 0.0) >= LEAST_RELEVANCE
    ]
    if not exact and not roles:
        hits += [
            _near(cat, p, r)
            for p, r in _by_meaning(store, concepts, about, relevance, embedder)
            if p not in papers
        ]
    return sorted(hits, key=_order)


def connections(
    store: GraphStore,
    cat: Catalogue,
    concept: ConceptRef,
    *,
    roles: Collection[Role] = (),
    exact: bool = False,
    variants: bool = False,
) -> dict[str, list[Connection]]:
    """Connections of one concept by paper, the strongest first; those by name before those by variant."""
    own, family = [concept.id], [concept.id, *cat.descendants(concept.id)]
    found = _read(store, cat, family if variants and not exact else own, concept, roles)
    if not found and not exact and not variants:
        return _read(store, cat, family, concept, roles)
    return found


def _read(
    store: GraphStore,
    cat: Catalogue,
    concepts: Sequence[str],
    asked: ConceptRef,
    roles: Collection[Role],
) -> dict[str, list[Connection]]:
    found: dict[str, list[Connection]] = defaultdict(list)
    for r in read_in(store, "papers_of", "concepts", concepts):
        if roles and r["role"] not in roles:
            continue
        found[r["paper"]].append(
            Connection(
                concept=cat.concepts[r["concept"]].ref.name,
                concept_id=r["concept"],
                name=r["named"],
                type=r["named_type"],
                role=r["role"],
                match=NAME if r["concept"] == asked.id else VARIANT,
                confidence=round(r["confidence"], 4),
                evidence=quotes(r["evidence"], r["evidence_at"]),
            )
        )
    return {p: sorted(c, key=_strength) for p, c in found.items()}


def _strength(c: Connection) -> tuple[int, int, float, str]:
    return _MATCH_ORDER[c.match], Role(c.role).rank, -c.confidence, c.concept_id


def _combine(groups: list[dict[str, list[Connection]]], mode: str) -> dict[str, list[Connection]]:
    """Connections by paper, over all concepts that were asked for, in their order."""
    if not groups:
        return {}
    papers = set(groups[0]).intersection(*groups[1:]) if mode == "all" else set().union(*groups)
    return {p: [c for g in groups for c in g.get(p, ())] for p in sorted(papers)}


def _by_meaning(
    store: GraphStore,
    concepts: Sequence[ConceptRef],
    about: str,
    relevance: dict[str, float],
    embedder: QueryEmbedder | None,
) -> Iterator[tuple[str, float]]:
    """Papers that fit a question by their text alone, with their relevance: near to `about` and to each of
    the names.

    Only methods and tasks can be meant without being named: a model or benchmark is named, or is not there.
    """
    if not concepts:
        yield from ((p, r) for p, r in relevance.items() if r >= LEAST_RELEVANCE_ALONE)
    if not concepts or any(c.type not in (EntityType.METHOD, EntityType.TASK) for c in concepts):
        return
    each = [meaning(store, [text], embedder) for text in (*(c.name for c in concepts), about)]
    for paper, r in relevance.items():
        if r >= LEAST_MEANING_RELEVANCE and all(near.get(paper, 0.0) >= LEAST_MEANING for near in each):
            yield paper, r


def _texts(concepts: Sequence[ConceptRef], about: str) -> list[str]:
    """What is embedded for a question: what it is about, alone and together with the names."""
    return [about, f"{', '.join(c.name for c in concepts)}: {about}"] if concepts else [about]


def _without_names(about: str, concepts: Sequence[ConceptRef]) -> str:
    """The words of `about` besides the names, which every hit holds; all words where none is left."""
    named = {w for c in concepts for w in words(c.name)} | {"paper"}
    return " ".join(w for w in query_words(about) if w not in named) or about


def _relevance(store: GraphStore, about: str, nearness: dict[str, float]) -> dict[str, float]:
    """How much each paper is about a text, in [0, 1]: the share of its words by rarity, and nearness in
    meaning.
    """
    held = index(store)
    by_word = {held.papers[i]: round(m.coverage, 4) for i, m in held.paper_index.match(about).items()}
    if not nearness:
        return by_word
    papers = sorted({*by_word, *nearness})
    return {
        p: round(
            WORDS_SHARE * by_word.get(p, 0.0) + (1 - WORDS_SHARE) * nearness.get(p, 0.0),
            4,
        )
        for p in papers
    }


def _hit(cat: Catalogue, paper: str, found: list[Connection], relevance: float | None) -> Hit:
    best = min(found, key=_strength)
    return Hit(
        **cat.paper(paper).as_dict(),
        role=best.role,
        type=best.type,
        match=best.match,
        confidence=best.confidence,
        evidence=best.evidence,
        concept=best.concept,
        concept_id=best.concept_id,
        relevance=relevance,
        connections=tuple(found),
    )


def _near(cat: Catalogue, paper: str, relevance: float) -> Hit:
    return Hit(
        **cat.paper(paper).as_dict(),
        role=None,
        type=None,
        match=MEANING,
        confidence=relevance,
        evidence=(),
        concept=None,
        concept_id=None,
        relevance=relevance,
        connections=(),
    )


def _order(hit: Hit) -> tuple[int, float, int, float, str, str]:
    rank = Role(hit.role).rank if hit.role else len(Role)
    return (
        _MATCH_ORDER[hit.match],
        -(hit.relevance or 0.0),
        rank,
        -hit.confidence,
        hit.title,
        hit.id,
    )
