"""The paper that a correction names: by id, DOI, arXiv id or title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from papergraph import identifiers
from papergraph.model import Paper
from papergraph.registry import Registry
from papergraph.text import fold_title


class PaperFinder:
    """Papers of a graph, found by what a person may write for them."""

    def __init__(self, papers: Iterable[Paper], registry: Registry) -> None:
        self._registry = registry
        self.papers = {p.id: p for p in papers}
        self._titles: dict[str, list[str]] = defaultdict(list)
        for p in self.papers.values():
            self._titles[fold_title(p.title)].append(p.id)

    def find(self, text: str) -> tuple[str, str]:
        """The paper's id and "", or "" and the reason why none is found."""
        if (known := self._registry.resolve(text)) in self.papers:
            return known, ""
        titles = self._titles.get(fold_title(text), []) if fold_title(text) else []
        if len(titles) > 1:
            return "", f"{len(titles)} papers have the title {text[:80]!r}: give the id of one"
        by_id = self._registry.find(doi=identifiers.doi(text), arxiv_id=identifiers.arxiv_id(text))
        found = titles[0] if titles else by_id
        if found not in self.papers:
            return "", f"the graph holds no paper {text[:80]!r}"
        return found, ""
