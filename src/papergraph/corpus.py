"""From the records of all input files to papers: one paper for all entries that are the same work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from papergraph import identifiers, labels
from papergraph.model import Cites, Listing, Lists, Paper, Record, Rejected
from papergraph.registry import Evidence, Registry, similar_titles


@dataclass(slots=True)
class Corpus:
    """Papers in first-seen order, with the text fields only, and what was noticed on the way.

    entries == len(papers) + merged + len(rejected)
    """

    papers: list[Paper] = field(default_factory=list)
    lists: list[Lists] = field(default_factory=list)
    entries: int = 0
    merged: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[Rejected] = field(default_factory=list)


@dataclass(slots=True)
class _Entry:
    listing: Listing
    rank: int
    record: Record
    paper: str | None = None

    @property
    def ids(self) -> dict[str, Any]:
        return {"doi": self.record.doi, "arxiv_id": self.record.arxiv_id}

    @property
    def evidence(self) -> dict[str, Any]:
        return {"authors": self.record.authors, "year": self.record.year, "abstract": self.record.abstract}


def merge(inputs: Sequence[tuple[Listing, Sequence[Record]]], registry: Registry) -> Corpus:
    """Give every record its paper (see papergraph.registry for what makes two records one) and combine them.

    A record whose DOI or arXiv id belongs to another paper of quite another title is rejected; the first to
    have the id keeps it. Where the abstracts are the same text, the title has changed: that is a warning, as
    are other fields in which records of one paper differ; the first value is kept, of abstracts and authors
    the fuller one.
    """
    corpus = Corpus()
    entries = [_Entry(x, rank, r) for x, records in inputs for rank, r in enumerate(records, 1)]
    corpus.entries = len(entries)
    _identify(entries, registry, corpus)
    groups: dict[str, list[Record]] = {}
    listed: set[tuple[str, str]] = set()
    for entry in entries:
        if entry.paper is None:
            continue
        paper = registry.resolve(entry.paper)
        groups.setdefault(paper, []).append(entry.record)
        if (entry.listing.id, paper) not in listed:
            listed.add((entry.listing.id, paper))
            corpus.lists.append(Lists(entry.listing.id, paper, entry.rank, entry.record.source))
    corpus.papers = [_combine(paper, records, corpus.warnings) for paper, records in groups.items()]
    corpus.merged = len(entries) - len(corpus.rejected) - len(groups)
    return corpus


def _identify(entries: Sequence[_Entry], registry: Registry, corpus: Corpus) -> None:
    """Set the paper of every entry but those whose ids belong to another paper.

    What one entry tells of a paper may settle the conflict of another, so those wait until the others are
    done; then a second merge of the same records finds nothing that the first did not.
    """
    pending: Sequence[_Entry] = entries
    while True:
        waiting = []
        for entry in pending:
            if registry.conflict(entry.record.title, **entry.ids, **entry.evidence):
                waiting.append(entry)
            else:
                entry.paper = registry.paper_id(entry.record.title, **entry.ids, **entry.evidence, unite=True)
        if len(waiting) in (0, len(pending)):
            break
        pending = waiting
    for entry in waiting:
        _settle(entry, entries, registry, corpus)


def _settle(entry: _Entry, entries: Sequence[_Entry], registry: Registry, corpus: Corpus) -> None:
    """Take an entry without those of its ids that belong to another paper; reject it if no id is left."""
    ids = entry.ids
    for key, other in registry.conflict(entry.record.title, **ids, **entry.evidence):
        kind, _, value = key.partition(":")
        word, column = {"doi": ("DOI", "doi"), "arxiv": ("arXiv id", "arxiv_id")}[kind]
        first = next((e.record for e in entries if e.paper and registry.resolve(e.paper) == other), None)
        whose = f"{first.source} ({first.title[:80]!r})" if first else f"the paper {other}, known before"
        reason = f"has the {word} {value} of {whose}, but another title"
        ids[column] = None
        if not any(ids.values()):
            corpus.rejected.append(_about(entry.record, f"{reason}; the first is kept"))
            return
        corpus.warnings.append(_about(entry.record, f"{reason}; taken without this {word}"))
    entry.paper = registry.paper_id(entry.record.title, **ids, **entry.evidence, unite=True)


def _combine(paper: str, records: Sequence[Record], warnings: list[Rejected]) -> Paper:
    """One paper of its records, the first one leading."""
    first = records[0]
    lead = Evidence.of((), None, first.abstract)
    year = _first(records, "year", warnings)
    out = Paper(
        id=paper,
        title=first.title,
        abstract=first.abstract,
        year=year,
        date=first.date,
        authors=max((r.authors for r in records), key=len),
        venue=_first(records, "venue"),
        url=_first(records, "url"),
        doi=_first(records, "doi"),
        arxiv_id=_first(records, "arxiv_id"),
        references=tuple(dict.fromkeys(ref for r in records for ref in r.references)),
        sources=tuple(dict.fromkeys(r.source for r in records)),
    )
    for record in records[1:]:
        other = Evidence.of((), None, record.abstract)
        if not similar_titles(first.title, record.title):
            warnings.append(
                _about(
                    record, f"has another title than {first.source} ({first.title[:80]!r}); the first is kept"
                )
            )
        if lead.contradicts(other):
            warnings.append(
                _about(
                    record,
                    f"its abstract differs wholly from that of {first.source}; the first is kept",
                )
            )
        elif len(record.abstract) > len(out.abstract):
            out = replace(out, abstract=record.abstract)
            lead = lead.filled(other)
        if record.date and (not out.date or record.date.startswith(out.date)):
            out = replace(out, date=record.date)
    return out


def _first(records: Sequence[Record], name: str, warnings: list[Rejected] | None = None) -> Any:
    """The first value given; others are reported where `warnings` is given."""
    given = [(r, v) for r in records if (v := getattr(r, name)) is not None]
    if not given:
        return None
    first, value = given[0]
    for record, other in given[1:]:
        if warnings is not None and other != value:
            warnings.append(
                _about(
                    record,
                    f"{name} {other} differs from {value} in {first.source}; the first is kept",
                )
            )
    return value


def _about(record: Record, reason: str) -> Rejected:
    return Rejected(record.file, record.line, reason, record.title[:200])


def cited(papers: Sequence[Paper], registry: Registry) -> tuple[list[Paper], list[Cites]]:
    """References resolved to papers at hand or new Paper nodes with listed = False; and the CITES edges.

    A reference is an arXiv id, a DOI or a title. Of a bare id the title says so ("arXiv:1706.03762"); what
    is neither an id nor reads like a title (under 12 or over 300 characters) is left out. Both
    lists are sorted.
    """
    known = {p.id: p for p in papers}
    unlisted: dict[str, Paper] = {}
    edges: set[tuple[str, str]] = set()
    for paper in papers:
        for reference in paper.references:
            target = _target(reference, registry)
            if target is None or target.id == paper.id:
                continue
            edges.add((paper.id, target.id))
            if target.id not in known:
                unlisted.setdefault(target.id, target)
    return [unlisted[i] for i in sorted(unlisted)], [Cites(a, b) for a, b in sorted(edges)]


def _target(reference: str, registry: Registry) -> Paper | None:
    arxiv, doi = identifiers.arxiv_id(reference), identifiers.doi(reference)
    if arxiv or doi:
        known = registry.find(doi=doi, arxiv_id=arxiv) or registry.paper_id("", doi=doi, arxiv_id=arxiv)
        title = f"arXiv:{arxiv}" if arxiv else f"doi:{doi}"
        return Paper(known, title, "", labels.cut(title), doi=doi, arxiv_id=arxiv, listed=False)
    title = reference.strip()
    found = registry.find(title=title)
    if found is None and (len(title) < 12 or len(title) > 300):
        return None
    return Paper(found or registry.paper_id(title), title, "", labels.from_title(title), listed=False)
