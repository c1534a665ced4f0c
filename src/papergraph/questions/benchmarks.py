"""Papers by benchmarks: which of a set are evaluated on the same, and which name none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from papergraph.model import EntityType, Role
from papergraph.questions.answers import Answer, ConceptRef, PaperRef, Quote
from papergraph.questions.catalogue import catalogue
from papergraph.questions.comparison import first_quote
from papergraph.questions.papers import named
from papergraph.store.base import GraphStore

_COUNTED = (Role.INTRODUCES, Role.EVALUATES_ON)


@dataclass(frozen=True, slots=True)
class Benchmark(ConceptRef):
    """A benchmark of a set, with how many papers of the set introduce it or are evaluated on it."""

    here: int


@dataclass(frozen=True, slots=True)
class Evaluated(Answer):
    """What a paper has to do with a benchmark, and where it says so."""

    benchmark: str  # concept id
    name: str  # as it stands in the paper
    role: str  # introduces or evaluates_on
    quote: Quote


@dataclass(frozen=True, slots=True)
class BenchmarkRow(Answer):
    """A paper and its benchmarks in the order of the columns; empty where its abstract names none."""

    paper: PaperRef
    on: tuple[Evaluated, ...]


@dataclass(frozen=True, slots=True)
class BenchmarkTable(Answer):
    """Benchmarks of a set, those of most of its papers first, then the rarer ones; and a row a paper."""

    benchmarks: tuple[Benchmark, ...]
    rows: tuple[BenchmarkRow, ...]
    without: int  # papers that name no benchmark

    @property
    def shared(self) -> tuple[Benchmark, ...]:
        """Those of at least two papers."""
        return tuple(b for b in self.benchmarks if b.here > 1)


def benchmark_table(store: GraphStore, papers: Sequence[str]) -> BenchmarkTable:
    """The table of the papers with these ids, in this order. A benchmark counts where the abstract says that
    the paper introduces it or is evaluated on it; one that is merely mentioned does not.
    """
    cat = catalogue(store)
    things = named(store, cat, list(papers))
    cells: dict[str, dict[str, Evaluated]] = {}
    for p in papers:
        found: dict[str, Evaluated] = {}
        for n in things.get(p, ()):
            quote = first_quote(cat, p, n)
            counted = n.concept_type == EntityType.BENCHMARK and n.role in _COUNTED
            if counted and quote and n.concept_id not in found:
                found[n.concept_id] = Evaluated(n.concept_id, n.name, n.role, quote)
        cells[p] = found
    count = Counter(b for found in cells.values() for b in found)
    order = sorted(count, key=lambda b: (-count[b], cat.concepts[b].ref.paper_count, b))
    refs = [cat.concepts[b].ref for b in order]
    return BenchmarkTable(
        tuple(Benchmark(r.id, r.name, r.type, r.paper_count, count[r.id]) for r in refs),
        tuple(
            BenchmarkRow(cat.paper(p), tuple(found[b] for b in order if b in found))
            for p, found in cells.items()
        ),
        sum(not found for found in cells.values()),
    )
