"""Search over titles, abstracts, names and aliases: by word, by misspelling, and by meaning where vectors are
at hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from papergraph.errors import UsageError
from papergraph.questions.answers import Found, Quote
from papergraph.questions.catalogue import Catalogue, catalogue, kept
from papergraph.questions.index import Index, Match, query_words, words
from papergraph.questions.meaning import QueryEmbedder, meaning
from papergraph.store.base import GraphStore
from papergraph.text import fold_name, fold_title, readable, sentences

FIELDS = {"title": 3.0, "short": 1.5, "abstract": 1.0}
NAMES = {"name": 3.0, "aliases": 2.0}
MEANING_SHARE = 0.4  # of the score, where vectors are at hand
MEANING_LEAST = 0.5  # nearness; a paper that holds none of the words is found from here on
KNOWN_SHARE = 0.4  # of a concept's score that depends on how many papers name it
EXACT_NAME = 2.0  # a concept or paper called just as asked stands before all others
EXACT_LABEL = 1.0  # and then a paper with just that label


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """The index of one generation: papers and concepts by their numbers in it."""

    catalogue: Catalogue
    papers: list[str]
    concepts: list[str]
    titles: list[str]  # of the papers, folded
    labels: list[str]
    names: list[frozenset[str]]  # of the concepts, folded
    paper_index: Index
    concept_index: Index


@kept
def index(store: GraphStore) -> SearchIndex:
    """The index of a store; about 0.2 s for 500 papers, then kept."""
    cat = catalogue(store)
    papers, concepts = list(cat.papers), list(cat.concepts)
    documents = [
        {"title": p.title_plain, "short": readable(p.ref.short), "abstract": p.abstract}
        for p in cat.papers.values()
    ]
    named = [{"name": readable(c.ref.name), "aliases": " ".join(c.aliases)} for c in cat.concepts.values()]
    return SearchIndex(
        cat,
        papers,
        concepts,
        [fold_title(p.ref.title) for p in cat.papers.values()],
        [fold_title(p.ref.short) for p in cat.papers.values()],
        [frozenset(map(fold_name, (c.ref.name, *c.aliases))) for c in cat.concepts.values()],
        Index(documents, FIELDS),
        Index(named, NAMES),
    )


def search(
    store: GraphStore,
    text: str,
    limit: int = 20,
    *,
    kinds: tuple[str, ...] = ("paper", "concept"),
    embedder: QueryEmbedder | None = None,
) -> list[Found]:
    """What fits `text` best, at most `limit`: papers and concepts in one list.

    Raises UsageError for an empty text.
    """
    if not query_words(text):
        raise UsageError(
            "the search text is empty",
            "give a word, a name or the beginning of a title",
        )
    held = index(store)
    found: list[Found] = []
    if "paper" in kinds:
        found += _papers(held, text, meaning(store, [text], embedder))
    if "concept" in kinds:
        found += _concepts(held, text)
    found = sorted(found, key=lambda f: (-f.score, f.kind, f.title, f.id))[:limit]
    best = max((f.score for f in found), default=1.0) or 1.0
    return [replace(f, score=round(f.score / best, 4), snippet=_snippet(held, f, text)) for f in found]


def _papers(held: SearchIndex, text: str, near: dict[str, float]) -> list[Found]:
    matches = held.paper_index.match(text)
    top = max((m.score for m in matches.values()), default=1.0)
    folded = fold_title(text)
    out = []
    for i, id_ in enumerate(held.papers):
        match, nearness = matches.get(i), near.get(id_, 0.0)
        if match is None and nearness < MEANING_LEAST:
            continue
        score = _word_score(match, top)
        if near:
            score = (1 - MEANING_SHARE) * score + MEANING_SHARE * nearness
        p = held.catalogue.paper(id_)
        if folded and folded == held.titles[i]:
            score += EXACT_NAME
        elif folded and folded == held.labels[i]:
            score += EXACT_LABEL
        out.append(
            Found(
                "paper",
                p.title,
                p.kind,
                score,
                _by(match),
                None,
                id_,
                p.short,
                p.year,
                p.listed,
                None,
            )
        )
    return out


def _concepts(held: SearchIndex, text: str) -> list[Found]:
    matches = held.concept_index.match(text)
    top = max((m.score for m in matches.values()), default=1.0)
    folded = fold_name(text)
    out = []
    for i, match in matches.items():
        c = held.catalogue.concepts[held.concepts[i]].ref
        known = min(1.0, c.paper_count / held.catalogue.hub)
        score = _word_score(match, top) * (1 - KNOWN_SHARE + KNOWN_SHARE * known)
        if folded in held.names[i]:
            score += EXACT_NAME
        out.append(
            Found(
                "concept",
                c.name,
                c.type,
                score,
                _by(match),
                None,
                c.id,
                c.name,
                None,
                True,
                c.paper_count,
            )
        )
    return out


def _word_score(match: Match | None, top: float) -> float:
    return match.score / top * match.coverage if match else 0.0


def _by(match: Match | None) -> str:
    return "meaning" if match is None else "word" if match.exact else "spelling"


def _snippet(held: SearchIndex, found: Found, text: str) -> Quote | None:
    return best_sentence(held.catalogue.papers[found.id].abstract, text) if found.kind == "paper" else None


def best_sentence(abstract: str, text: str) -> Quote | None:
    """The sentence of an abstract that holds most of a question's words, the first of equals, if any holds
    one.
    """
    asked = set(query_words(text))
    best, most = None, 0
    for start, end in sentences(abstract):
        held = sum(any(w.startswith(a) for a in asked) for w in set(words(abstract[start:end])))
        if held > most:
            best, most = Quote(abstract[start:end], "abstract", start, end), held
    return best
