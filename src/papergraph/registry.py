"""Who is who: the registry gives papers and concepts their ids, once and for ever.

It is part of a graph and an input of every build of it. A paper is known by its DOI or arXiv id; without
one, by its folded title, unless authors, year or abstract speak against it ("Introduction" is the title of
many papers).
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from rapidfuzz import fuzz

from papergraph.text import fold_name, fold_title, slug

_SKETCH = 24
_OTHER_ABSTRACT, _SAME_ABSTRACT = 0.12, 0.3
_SAME_TEXT = 0.6  # abstracts that only begin alike lie below it
_YEARS_APART = 2  # a preprint and its publication may lie so far apart
_SIMILAR_TITLE = 65  # Indel similarity in percent; titles of different papers lie below it
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w{4,}")
_MANY_PAPERS = frozenset(
    [
        "introduction", "preface", "foreword", "editorial", "overview", "conclusion", "conclusions",
        "discussion", "appendix", "abstract", "abstracts", "index", "authorindex", "contents",
        "tableofcontents", "frontmatter", "backmatter", "erratum", "correction", "corrigendum",
        "keynote", "panel", "invitedtalk", "workshop", "tutorial", "untitled", "organizers",
        "sponsors", "letterfromtheeditor", "guesteditorial", "bookreview"
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """What tells papers of the same title apart: family names, year, and a sketch of the abstract.

    The sketch is the 24 smallest hashes of the abstract's words (bottom-k, Cohen & Kaplan 2007), from which
    the Jaccard similarity of two abstracts is estimated. Measured on conference papers: pairs of different
    papers lie below 0.17 (99.9%), two versions of one abstract above 0.3 (98%).
    """

    authors: frozenset[str] = frozenset()
    year: int | None = None
    words: tuple[int, ...] = ()

    @classmethod
    def of(cls, authors: Sequence[str], year: int | None, abstract: str) -> Evidence:
        names = {fold_title(a.split()[-1]) for a in authors if a.split()} - {"", "anonymous", "al", "others"}
        tokens = {zlib.crc32(t.encode()) for t in _TOKEN.findall(abstract.casefold())}
        return cls(frozenset(names), year, tuple(sorted(tokens)[:_SKETCH]))

    def contradicts(self, other: Evidence) -> bool:
        """Whether the two cannot be one paper: no common author, years far apart, or another abstract."""
        if self.authors and other.authors and not self.authors & other.authors:
            return True
        if self.year and other.year and abs(self.year - other.year) > _YEARS_APART:
            return True
        nearness = self._nearness(other)
        return nearness is not None and nearness < _OTHER_ABSTRACT

    def near(self, other: Evidence) -> bool:
        """Whether the abstracts are versions of one another."""
        return (self._nearness(other) or 0.0) >= _SAME_ABSTRACT

    def same_text(self, other: Evidence) -> bool:
        """Whether the abstracts are one but for a few words."""
        return (self._nearness(other) or 0.0) >= _SAME_TEXT

    def agrees(self, other: Evidence) -> bool:
        """Whether a common author or a near abstract speaks for one paper, and nothing against it."""
        return (bool(self.authors & other.authors) or self.near(other)) and not self.contradicts(other)

    def filled(self, other: Evidence) -> Evidence:
        """This, and from the other what this lacks."""
        return Evidence(self.authors or other.authors, self.year or other.year, self.words or other.words)

    def _nearness(self, other: Evidence) -> float | None:
        if not self.words or not other.words:
            return None
        smallest = sorted({*self.words, *other.words})[:_SKETCH]
        return sum(w in self.words and w in other.words for w in smallest) / len(smallest)


@dataclass(slots=True)
class _Sense:
    """A paper that has a title, and what is known of it there. Senses are only ever added or filled."""

    paper: str
    evidence: Evidence


class Registry:
    """Ids of papers and concepts. Equal calls in equal order give equal ids and equal JSON.

    `redirects` leads from a paper id that is no more to the id that stands for it.
    """

    def __init__(self) -> None:
        self.redirects: dict[str, str] = {}
        self._papers: dict[str, int] = {}  # every id ever given -> its place in that order
        self._ids: dict[str, str] = {}  # "doi:..." or "arxiv:..." -> paper
        self._titles: dict[
            str, list[_Sense]
        ] = {}  # folded title -> senses, in the order in which they were learnt
        self._folds: defaultdict[str, set[str]] = defaultdict(set)  # paper -> its folded titles
        self._ids_of: defaultdict[str, set[str]] = defaultdict(set)  # paper -> its keys in _ids
        self._concepts: dict[str, str] = {}  # folded surface -> concept id
        self._held: Counter[str] = Counter()  # concept id -> how many surfaces it has in _concepts
        self._given: dict[
            str, set[str]
        ] = {}  # concept ids given since this registry was loaded -> their keys

    # Papers

    def paper_id(
        self,
        title: str,
        *,
        doi: str | None = None,
        arxiv_id: str | None = None,
        authors: Sequence[str] = (),
        year: int | None = None,
        abstract: str = "",
        unite: bool = False,
    ) -> str:
        """The id of the paper so described, new if it was not known.

        The title may be empty beside a DOI or arXiv id. These are given as papergraph.identifiers gives them.
        Where they belong to a paper of another title, that paper is meant (see `conflict`). With `unite`,
        papers that this description shows to be one become one: the first id stays, others redirect to it.
        """
        own = Evidence.of(authors, year, abstract)
        strong = _strong_keys(doi, arxiv_id)
        by_id = [self.resolve(self._ids[key]) for key in strong if key in self._ids]
        matches = [p for p in by_id if not self._is_other(p, title, own)] or by_id[:1]
        senses = self._senses(title, own, strong, by_id)
        if senses and not matches:
            matches.append(self.resolve(senses[0].paper))
        if unite:
            matches += [self.resolve(s.paper) for s in senses]
        if matches:
            paper = min(matches, key=self._papers.__getitem__)
        else:
            paper = self._new_id(title, doi, arxiv_id, own)
            self._papers[paper] = len(self._papers)
        if unite:
            for other in sorted(set(matches) - {paper}, key=self._papers.__getitem__):
                self.redirects[other] = paper
                self._folds[paper] |= self._folds.pop(other, set())
                self._ids_of[paper] |= self._ids_of.pop(other, set())
        for key in strong:
            if key not in self._ids:
                self._ids[key] = paper
                self._ids_of[paper].add(key)
        if title.strip() and not (by_id and self._is_other(paper, title, own)):
            self._learn(paper, title, own, senses)
        return paper

    def conflict(
        self,
        title: str,
        *,
        doi: str | None = None,
        arxiv_id: str | None = None,
        authors: Sequence[str] = (),
        year: int | None = None,
        abstract: str = "",
    ) -> list[tuple[str, str]]:
        """Those of the ids given that belong to a paper of quite another title and abstract, and its id."""
        held = [
            (key, self.resolve(self._ids[key])) for key in _strong_keys(doi, arxiv_id) if key in self._ids
        ]
        own = Evidence.of(authors, year, abstract) if held else Evidence()
        return [(key, paper) for key, paper in held if self._is_other(paper, title, own)]

    def find(
        self, *, title: str | None = None, doi: str | None = None, arxiv_id: str | None = None
    ) -> str | None:
        """The id of a known paper by one of these, or None. Of several papers of one title, the first."""
        for key in _strong_keys(doi, arxiv_id):
            if key in self._ids:
                return self.resolve(self._ids[key])
        senses = self._titles.get(_fold(title), []) if title and title.strip() else []
        return self.resolve(senses[0].paper) if senses else None

    def resolve(self, paper: str) -> str:
        """The id that stands for this id today."""
        while paper in self.redirects:
            paper = self.redirects[paper]
        return paper

    def _senses(self, title: str, own: Evidence, strong: Sequence[str], by_id: Sequence[str]) -> list[_Sense]:
        """The first sense of a title that can be meant, and those others for which something speaks."""
        if not title.strip():
            return []
        generic = _fold(title) in _MANY_PAPERS
        found: list[_Sense] = []
        for sense in self._titles.get(_fold(title), []):
            agrees = own.agrees(sense.evidence)
            if found:
                if agrees and not found[0].evidence.filled(own).contradicts(sense.evidence):
                    found.append(sense)
            elif agrees or (
                own == sense.evidence
                if generic
                else not own.contradicts(sense.evidence)
                and (self.resolve(sense.paper) in by_id or not self._has_other_id(sense.paper, strong))
            ):
                found.append(sense)
        return found

    def _has_other_id(self, paper: str, strong: Sequence[str]) -> bool:
        """Whether the paper has an id of the same kind as one of these, and not this one."""
        held = self._ids_of[self.resolve(paper)]
        kinds = {key.partition(":")[0] for key in held}
        return bool(held) and any(key not in held and key.partition(":")[0] in kinds for key in strong)

    def _is_other(self, paper: str, title: str, own: Evidence) -> bool:
        """Whether a paper found by an id cannot be the one with this title."""
        folds, mine = self._folds[paper], _fold(title)
        if not folds or not title.strip():
            return False
        if any(_similar(f, mine) for f in folds):
            return False
        senses = [s for f in folds for s in self._titles[f] if self.resolve(s.paper) == paper]
        return not any(own.same_text(s.evidence) for s in senses)

    def _learn(self, paper: str, title: str, own: Evidence, senses: Sequence[_Sense]) -> None:
        """Note that a paper has this title, unless with this evidence it already means another paper."""
        fold = _fold(title)
        if not senses:
            self._titles.setdefault(fold, []).append(_Sense(paper, own))
        elif self.resolve(senses[0].paper) == paper:
            senses[0].evidence = senses[0].evidence.filled(own)
        else:
            return
        self._folds[paper].add(fold)

    def _new_id(self, title: str, doi: str | None, arxiv_id: str | None, own: Evidence) -> str:
        if arxiv_id or doi:
            stem, wanted = "", _strong_keys(doi, arxiv_id)[0]
        elif title.strip():
            stem = slug(title) or "paper"
            wanted = f"{stem}-{_digest(_fold(title))}"
        else:
            raise ValueError("a paper needs a title, a DOI or an arXiv id")
        count = 1
        while wanted in self._papers:
            wanted = (
                f"{stem}-{_digest(f'{_fold(title)}#{sorted(own.authors)}#{own.year}#{own.words}#{count}')}"
            )
            count += 1
        return wanted

    # Concepts

    def concept_id(self, name: str, keys: Iterable[str]) -> str:
        """The id that one of these folded surfaces had before, else a new slug of the name.

        On collision the slug gets -2, -3. Keys count in the order given, after the name's own. An id given
        to a concept without a common key since the registry was loaded is not given again.
        """
        own = sorted(dict.fromkeys(keys), key=lambda key: key != fold_name(name))
        before = (self._concepts[k] for k in own if k in self._concepts)
        found = next(
            (c for c in before if c not in self._given or self._given[c] & set(own)),
            None,
        )
        if found is None:
            stem = slug(name) or f"concept-{_digest(name)}"
            slugs = (stem if n == 1 else f"{stem}-{n}" for n in count(1))
            found = next(c for c in slugs if c not in self._given and not self._held[c])
        self._given.setdefault(found, set()).update(own)
        for key in own:
            holder = self._concepts.get(key)
            if holder is None or key not in self._given.get(holder, ()):
                if holder:
                    self._held[holder] -= 1
                self._held[found] += 1
                self._concepts[key] = found
        return found

    def has_slug(self, name: str, keys: Iterable[str]) -> bool:
        """Whether one of the folded surfaces has the id that is the slug of a name."""
        return any(self._concepts.get(k) == slug(name) for k in keys)

    def keys_of(self, concept: str) -> list[str]:
        """The folded surfaces that belong to a concept id, sorted; none for an id that is not known."""
        return sorted(k for k, c in self._concepts.items() if c == concept)

    # On disk

    def to_json(self) -> str:
        """JSON text: paper ids in the order in which they were given, all else sorted by key."""
        data = {
            "version": 1,
            "papers": list(self._papers),
            "ids": dict(sorted(self._ids.items())),
            "titles": {
                fold: [
                    {
                        "paper": sense.paper,
                        "authors": sorted(sense.evidence.authors),
                        "year": sense.evidence.year,
                        "words": "".join(f"{w:08x}" for w in sense.evidence.words),
                    }
                    for sense in senses
                ]
                for fold, senses in sorted(self._titles.items())
            },
            "redirects": dict(sorted(self.redirects.items())),
            "concepts": dict(sorted(self._concepts.items())),
        }
        return json.dumps(data, ensure_ascii=False, indent=0) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Registry:
        """Inverse of to_json."""
        data = json.loads(text)
        registry = cls()
        registry._papers = {paper: place for place, paper in enumerate(data["papers"])}
        registry._ids, registry.redirects, registry._concepts = (
            data["ids"],
            data["redirects"],
            data["concepts"],
        )
        registry._held = Counter(registry._concepts.values())
        for key, paper in registry._ids.items():
            registry._ids_of[registry.resolve(paper)].add(key)
        for fold, senses in data["titles"].items():
            for entry in senses:
                words = tuple(int(entry["words"][i : i + 8], 16) for i in range(0, len(entry["words"]), 8))
                evidence = Evidence(frozenset(entry["authors"]), entry["year"], words)
                registry._titles.setdefault(fold, []).append(_Sense(entry["paper"], evidence))
                registry._folds[registry.resolve(entry["paper"])].add(fold)
        return registry


def _strong_keys(doi: str | None, arxiv_id: str | None) -> list[str]:
    return ([f"arxiv:{arxiv_id}"] if arxiv_id else []) + ([f"doi:{doi}"] if doi else [])


def _fold(title: str) -> str:
    """A folded title; of a title without letters and digits, what it consists of."""
    return fold_title(title) or re.sub(r"\s+", "", unicodedata.normalize("NFKC", title)).casefold()


def _similar(a: str, b: str) -> bool:
    """Whether two folded titles can be of one paper: alike, or one the beginning of the other."""
    starts = min(len(a), len(b)) > 3 and (a.startswith(b) or b.startswith(a))
    return starts or fuzz.ratio(a, b) >= _SIMILAR_TITLE


def similar_titles(a: str, b: str) -> bool:
    """Whether two titles can be of one paper, so that one id for both is no surprise."""
    return _similar(_fold(a), _fold(b))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
