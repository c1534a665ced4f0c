"""From a name as typed to the concept or paper that is meant: folded, by alias, and in spite of a
misspelling.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from papergraph.errors import NotFoundError, UsageError
from papergraph.questions.answers import ConceptRef, PaperRef
from papergraph.questions.catalogue import Catalogue, catalogue, kept
from papergraph.store.base import GraphStore
from papergraph.text import fold_name, fold_title

LEAST_SIMILARITY = 0.82  # of a misspelling, as normalised optimal string alignment of folded names
LEAST_LETTERS = 4  # shorter names are never taken as misspellings: T5 is not T0
_GENERIC = re.compile(
    r"\s+(prompting|corpus|(dataset|benchmark|model|method|technique|task|framework|algorithm)s?)$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"^(https?://)?(dx\.)?(doi\.org/|arxiv\.org/abs/|arxiv:)")
_BRACKET = re.compile(r"^(.+?)\s*\(([^()]+)\)\s*$")


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a typed name is taken for. `how` is name, alias or spelling; `others` are further concepts of that
    name.
    """

    asked: str
    concept: ConceptRef
    how: str
    others: tuple[ConceptRef, ...]


@dataclass(frozen=True, slots=True)
class ResolvedPaper:
    """What a typed paper is taken for. `how` is id, title, label, system, beginning or spelling."""

    asked: str
    paper: PaperRef
    how: str


class Names:
    """Names of one generation of a graph."""

    def __init__(self, cat: Catalogue) -> None:
        self._catalogue = cat
        self._names: dict[str, list[str]] = defaultdict(list)
        self._aliases: dict[str, list[str]] = defaultdict(list)
        for id_, c in cat.concepts.items():
            _add(self._names, fold_name(c.ref.name), id_)
            bracket = _BRACKET.match(c.ref.name)
            for alias in (*c.aliases, *(bracket.groups() if bracket else ())):
                _add(self._aliases, fold_name(alias), id_)
        self._ids: dict[str, str] = {}
        self._titles: dict[str, list[str]] = defaultdict(list)
        self._labels: dict[str, list[str]] = defaultdict(list)
        for id_, p in cat.papers.items():
            for key in (id_, p.doi, p.arxiv_id):
                if key:
                    self._ids.setdefault(key.casefold(), id_)
            _add(self._titles, fold_title(p.ref.title), id_)
            _add(self._labels, fold_name(p.ref.short), id_)

    @cached_property
    def _keys(self) -> list[str]:
        return sorted({*self._names, *self._aliases})

    @cached_property
    def _sorted_titles(self) -> list[str]:
        return sorted(self._titles)

    def resolve(self, name: str) -> Resolved:
        """The concept that `name` means; of several, the one that most papers name.

        Raises UsageError for a name without letters, NotFoundError (its hint names the nearest) where nothing
        is near.
        """
        key = fold_name(name)
        if not key:
            raise UsageError(f"{name!r} is no name: it holds no letter or digit")
        for how, ids in self._exact(name, key):
            if ids:
                return self._resolved(name, how, ids, self._aliases.get(key, []))
        near = self._near(key, 0.0, 5)
        best = [n for n in near if n[1] >= LEAST_SIMILARITY and _may_be_misspelt(key, n[0])]
        if best:
            top = best[0][0]
            return self._resolved(name, "spelling", self._names.get(top, []) or self._aliases[top], [])
        nearest = self._called(near)
        hint = f"nearest names: {', '.join(nearest)}; `papergraph search` finds papers by their words"
        raise NotFoundError(
            f"no method, model, benchmark or task is called {name!r} here",
            hint if nearest else "the graph holds no concepts",
            asked=name,
            nearest=[(n, n) for n in nearest],
        )

    def suggest(self, name: str, limit: int = 5) -> list[ConceptRef]:
        """The concepts whose names are nearest to `name`."""
        found: dict[str, ConceptRef] = {}
        for key, _ in self._near(fold_name(name), 0.0, limit * 2):
            for id_ in self._names.get(key, []) + self._aliases.get(key, []):
                found.setdefault(id_, self._catalogue.concepts[id_].ref)
        return list(found.values())[:limit]

    def resolve_paper(self, text: str) -> ResolvedPaper:
        """The paper that `text` means: id, DOI, arXiv id, title, label, system, or its title's beginning.

        Raises NotFoundError where none or several fit; the hint names them.
        """
        key = text.strip().casefold()
        id_ = self._ids.get(key) or self._ids.get(_ADDRESS.sub("", key))
        if id_:
            return self._paper(text, "id", [id_])
        folded, name = fold_title(text), fold_name(text)
        if not folded:
            raise UsageError(f"{text!r} is no paper: it holds no letter or digit")
        if folded in self._titles:
            return self._paper(text, "title", self._titles[folded])
        if name in self._labels:
            return self._paper(text, "label", self._labels[name])
        for concept in self._names.get(name, []) + self._aliases.get(name, []):
            makers = self._catalogue.introduced_by.get(concept, [])
            origin = self._catalogue.concepts[concept].origin_paper
            found = [origin] if origin and origin in self._catalogue.papers else makers
            if found:
                return self._paper(text, "system", found)
        begins = [t for t in self._titles if t.startswith(folded)]
        if begins:
            return self._paper(text, "beginning", [i for t in begins for i in self._titles[t]])
        return self._misspelt_paper(text, folded)

    def _misspelt_paper(self, text: str, folded: str) -> ResolvedPaper:
        from rapidfuzz import fuzz, process

        near = process.extract(folded, self._sorted_titles, scorer=fuzz.ratio, limit=3)
        if near and near[0][1] >= 90 and (len(near) == 1 or near[1][1] < near[0][1] - 3):
            return self._paper(text, "spelling", self._titles[near[0][0]])
        part = process.extract(folded, self._sorted_titles, scorer=fuzz.partial_ratio, limit=3)
        papers = [self._catalogue.papers[self._titles[t][0]] for t, _, _ in part]
        titles = "; ".join(p.title_plain for p in papers)
        raise NotFoundError(
            f"no paper here is, or begins with, {text!r}",
            f"nearest titles: {titles}" if titles else "the graph holds no papers",
            asked=text,
            nearest=[(p.ref.id, p.title_plain) for p in papers],
        )

    def _paper(self, text: str, how: str, ids: list[str]) -> ResolvedPaper:
        papers = [self._catalogue.papers[i] for i in ids]
        listed = [p for p in papers if p.ref.listed]
        chosen = listed if len(listed) == 1 else papers
        if len(chosen) > 1:
            some = "; ".join(f"{p.title_plain} ({p.ref.id})" for p in chosen[:5])
            raise NotFoundError(
                f"{text!r} fits {len(chosen)} papers",
                f"give the title or the id of one: {some}",
                asked=text,
                nearest=[(p.ref.id, p.title_plain) for p in chosen[:5]],
            )
        return ResolvedPaper(text, chosen[0].ref, how)

    def _exact(self, name: str, key: str) -> list[tuple[str, list[str]]]:
        tries = [
            ("name", self._names.get(key, [])),
            ("alias", self._aliases.get(key, [])),
        ]
        bracket = _BRACKET.match(name)
        bare = _GENERIC.sub("", name)
        for other in (
            *(bracket.groups() if bracket else ()),
            *([bare] if bare != name else ()),
        ):
            folded = fold_name(other)
            tries += [
                ("alias", self._names.get(folded, [])),
                ("alias", self._aliases.get(folded, [])),
            ]
        return tries

    def _resolved(self, name: str, how: str, ids: list[str], also: list[str]) -> Resolved:
        refs = [self._catalogue.concepts[i].ref for i in dict.fromkeys(ids + also)]
        first = min(refs[: len(ids)], key=lambda c: (-c.paper_count, c.id))
        others = sorted((c for c in refs if c.id != first.id), key=lambda c: (-c.paper_count, c.id))
        return Resolved(name, first, how, tuple(others))

    def _near(self, key: str, least: float, limit: int) -> list[tuple[str, float]]:
        """Folded names nearest to `key`, best first; those of concepts that more papers name first among
        equals.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        scorer = OSA.normalized_similarity
        found = process.extract(key, self._keys, scorer=scorer, score_cutoff=least, limit=max(limit, 20))
        ranked = sorted(found, key=lambda n: (-round(n[1], 3), -self._weight(n[0]), n[0]))
        return [(name, similarity) for name, similarity, _ in ranked[:limit]]

    def _weight(self, key: str) -> int:
        ids = self._names.get(key, []) + self._aliases.get(key, [])
        return max(self._catalogue.concepts[i].ref.paper_count for i in ids)

    def _called(self, near: list[tuple[str, float]]) -> list[str]:
        """The concepts of folded names, each once."""
        ids = [i for key, _ in near for i in self._names.get(key, []) or self._aliases.get(key, [])]
        return list(dict.fromkeys(self._catalogue.concepts[i].ref.name for i in ids))


def _add(table: dict[str, list[str]], key: str, id_: str) -> None:
    if key and id_ not in table[key]:
        table[key].append(id_)


def _may_be_misspelt(key: str, candidate: str) -> bool:
    """Digits are never a slip (LLaMA-2 is not LLaMA-3), and short names leave no room for one."""
    same_digits = re.findall(r"\d+", key) == re.findall(r"\d+", candidate)
    return same_digits and min(len(key), len(candidate)) >= LEAST_LETTERS


@kept
def names(store: GraphStore) -> Names:
    """The names of a store."""
    return Names(catalogue(store))
