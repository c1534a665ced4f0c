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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from papergraph.text import fold_name, fold_title, slug

_SKETCH = 24
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
        names = {fold_title(a.split()[-1]) for a in authors if a.split()} - {
            "",
            "anonymous",
            "al",
            "others",
        }
        tokens = {zlib.crc32(t.encode()) for t in _TOKEN.findall(abstract.casefold())}
        return cls(frozenset(names), year, tuple(sorted(tokens)[:_SKETCH]))

    def contradicts(self, other: Evidence) -> bool:
        """Whether the two cannot be one paper: no common author, other years, or wholly other abstracts."""
        if self.authors and other.authors and not self.authors & other.authors:
            return True
        nearness = self._nearness(other)
        if nearness is not None and nearness < 0.12:
            return True
        gap = abs(self.year - other.year) if self.year and other.year else 0
        return gap > 3 or (
            gap > 1 and (nearness is None or nearness < 0.3)
        )  # a preprint and its publication may lie apart

    def agrees(self, other: Evidence) -> bool:
        """Whether something speaks for one paper: a common author or a near abstract."""
        nearness = self._nearness(other)
        return bool(self.authors & other.authors) or (nearness is not None and nearness >= 0.3)

    def near(self, other: Evidence) -> bool:
        """Whether the abstracts are versions of one another."""
        return (self._nearness(other) or 0.0) >= 0.3

    def filled(self, other: Evidence) -> Evidence:
        """This, and from the other what this lacks."""
        return Evidence(
            self.authors or other.authors,
            self.year or other.year,
            self.words or other.words,
        )

    def _nearness(self, other: Evidence) -> float | None:
        if not self.words or not other.words:
            return None
        smallest = sorted({*self.words, *other.words})[:_SKETCH]
        return sum(w in self.words and w in other.words for w in smallest) / len(smallest)


@dataclass(slots=True)
class _Known:
    """A paper that has an id; more than one Evidence after two ids turned out to be one paper."""

    id: str
    order: int
    evidence: list[Evidence]
    keys: set[str] = field(default_factory=set)

    def titles(self) -> list[str]:
        return [k[6:] for k in self.keys if k.startswith("title:")]


class Registry:
    """Ids of papers and concepts. Equal calls in equal order give equal ids and equal JSON."""

    def __init__(self) -> None:
        self.redirects: dict[str, str] = {}  # a paper id that is no more -> the id that stands for it
        self._papers: dict[str, _Known] = {}
        self._by_key: dict[str, list[_Known]] = {}
        self._concepts: dict[str, str] = {}  # folded surface -> concept id
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
    ) -> str:
        """The id of the paper so described, new if it was not known.

        The title may be empty beside a DOI or arXiv id. These are given as papergraph.identifiers gives them.
        Where they belong to a paper of another title, that paper is meant (see `conflict`).
        """
        own = Evidence.of(authors, year, abstract)
        strong = _strong_keys(doi, arxiv_id)
        by_id = [k for key in strong for k in self._by_key.get(key, [])]
        fitting = [k for k in by_id if not self._other_title(k, title, own)] or by_id[:1]
        by_title = self._by_title(title, own, strong)
        if by_title and (
            not fitting or (by_title not in by_id and any(own.agrees(e) for e in by_title.evidence))
        ):
            fitting.append(by_title)
        if fitting:
            known = self._unite(fitting)
        else:
            known = _Known(
                self._new_id(title, doi, arxiv_id, own),
                len(self._papers) + len(self.redirects),
                [own],
            )
            self._papers[known.id] = known
        known.evidence[0] = known.evidence[0].filled(own)
        foreign = {key for key in strong for k in self._by_key.get(key, []) if k is not known}
        keys = [key for key in strong if key not in foreign]
        if title.strip() and not (by_id and self._other_title(known, title, own)):
            keys += [_title_key(title)] + ([_exact_key(title, own)] if _is_generic(title) else [])
        for key in keys:
            self._learn(known, key)
        return known.id

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
        own = Evidence.of(authors, year, abstract)
        return [
            (key, known.id)
            for key in _strong_keys(doi, arxiv_id)
            for known in self._by_key.get(key, [])
            if self._other_title(known, title, own)
        ]

    def find(
        self,
        *,
        title: str | None = None,
        doi: str | None = None,
        arxiv_id: str | None = None,
    ) -> str | None:
        """The id of a known paper by one of these, or None. Of several papers of one title, the first."""
        keys = _strong_keys(doi, arxiv_id) + ([_title_key(title)] if title else [])
        return next((known.id for key in keys for known in self._by_key.get(key, [])), None)

    def resolve(self, paper: str) -> str:
        """The id that stands for this id today."""
        while paper in self.redirects:
            paper = self.redirects[paper]
        return paper

    def _by_title(self, title: str, own: Evidence, strong: Sequence[str]) -> _Known | None:
        if not title.strip():
            return None
        exact = self._by_key.get(_exact_key(title, own))
        if exact:
            return exact[0]
        for known in self._by_key.get(_title_key(title), []):
            open_minded = [e for e in known.evidence if not own.contradicts(e)]
            if any(own.agrees(e) for e in open_minded):
                return known
            other_id = any(
                k.split(":")[0] == key.split(":")[0] and key not in known.keys
                for key in strong
                for k in known.keys
            )
            if open_minded and not other_id and not _is_generic(title):
                return known
        return None

    def _other_title(self, known: _Known, title: str, own: Evidence) -> bool:
        """Whether a paper known by an id cannot be the one with this title."""
        titles, mine = known.titles(), _title_key(title)[6:]
        if not titles or not title.strip() or any(own.near(e) for e in known.evidence):
            return False
        return all(
            fuzz.ratio(t, mine) < 65 and (min(len(t), len(mine)) < 4 or not _starts(t, mine)) for t in titles
        )

    def _unite(self, known: Sequence[_Known]) -> _Known:
        """One paper of several: the id given first stays, the others redirect to it."""
        first, *others = sorted({k.id: k for k in known}.values(), key=lambda k: k.order)
        for other in others:
            first.evidence += [e for e in other.evidence if e not in first.evidence]
            for key in sorted(other.keys):
                self._by_key[key] = [k for k in self._by_key[key] if k is not other]
                self._learn(first, key)
            self.redirects[other.id] = first.id
            del self._papers[other.id]
        return first

    def _learn(self, known: _Known, key: str) -> None:
        holders = self._by_key.setdefault(key, [])
        if known not in holders:
            holders.append(known)
            holders.sort(key=lambda k: k.order)
        known.keys.add(key)

    def _new_id(self, title: str, doi: str | None, arxiv_id: str | None, own: Evidence) -> str:
        if arxiv_id or doi:
            return _strong_keys(doi, arxiv_id)[0]
        if not title.strip():
            raise ValueError("a paper needs a title, a DOI or an arXiv id")
        stem = slug(title) or "paper"
        wanted = f"{stem}-{_digest(_title_key(title))}"
        count = 1
        while wanted in self._papers or wanted in self.redirects:
            wanted = f"{stem}-{_digest(_exact_key(title, own) + '#' * count)}"
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
            taken = set(self._concepts.values()) | self._given.keys()
            found = next(
                c for n in range(1, len(taken) + 2) if (c := stem if n == 1 else f"{stem}-{n}") not in taken
            )
        self._given.setdefault(found, set()).update(own)
        for key in own:
            holder = self._concepts.get(key)
            if holder is None or key not in self._given.get(holder, ()):
                self._concepts[key] = found
        return found

    # On disk

    def to_json(self) -> str:
        """JSON text, papers in the order in which they were first seen."""
        data = {
            "version": 1,
            "papers": [
                {
                    "id": known.id,
                    "order": known.order,
                    "keys": sorted(known.keys),
                    "evidence": [
                        {
                            "authors": sorted(e.authors),
                            "year": e.year,
                            "words": "".join(f"{w:08x}" for w in e.words),
                        }
                        for e in known.evidence
                    ],
                }
                for known in sorted(self._papers.values(), key=lambda k: k.order)
            ],
            "redirects": dict(sorted(self.redirects.items())),
            "concepts": dict(sorted(self._concepts.items())),
        }
        return json.dumps(data, ensure_ascii=False, indent=0) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Registry:
        """Inverse of to_json."""
        data = json.loads(text)
        registry = cls()
        for entry in data["papers"]:
            evidence = [
                Evidence(
                    frozenset(e["authors"]),
                    e["year"],
                    tuple(int(e["words"][i : i + 8], 16) for i in range(0, len(e["words"]), 8)),
                )
                for e in entry["evidence"]
            ]
            known = _Known(entry["id"], entry["order"], evidence)
            registry._papers[known.id] = known
            for key in entry["keys"]:
                registry._learn(known, key)
        registry.redirects = dict(data["redirects"])
        registry._concepts = dict(data["concepts"])
        return registry


def _strong_keys(doi: str | None, arxiv_id: str | None) -> list[str]:
    return ([f"arxiv:{arxiv_id}"] if arxiv_id else []) + ([f"doi:{doi}"] if doi else [])


def _title_key(title: str) -> str:
    folded = fold_title(title)
    return "title:" + (folded or re.sub(r"\s+", "", unicodedata.normalize("NFKC", title)).casefold())


def _exact_key(title: str, own: Evidence) -> str:
    return f"exact:{_title_key(title)[6:]}#{_digest(repr((sorted(own.authors), own.year, own.words)))}"


def _is_generic(title: str) -> bool:
    return _title_key(title)[6:] in _MANY_PAPERS


def _starts(a: str, b: str) -> bool:
    return a.startswith(b) or b.startswith(a)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
