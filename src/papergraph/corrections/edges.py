"""Corrections of edges between papers, applied as the edges are made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from papergraph.corrections.outcome import Outcome, Status
from papergraph.corrections.papers import PaperFinder
from papergraph.corrections.table import Correction, Edge, Kind
from papergraph.model import Alike, Basis, BuildsOn, Similar

_Pair = tuple[str, str]


class EdgeCorrections:
    """The corrections of edges for one build, to be used once; `outcomes` says what became of them."""

    def __init__(self, corrections: Iterable[Correction], papers: PaperFinder) -> None:
        self._cases = [c for c in corrections if not c.problem and c.kind in (Kind.DROP_EDGE, Kind.ADD_EDGE)]
        self._ends: dict[int, _Pair] = {}  # by number: what builds on, and on what
        self._failed: dict[int, tuple[Status, str]] = {}
        last: dict[tuple[str, str, str], int] = {}
        for c in reversed(self._cases):
            (a, problem), (b, other_problem) = papers.find(c.paper), papers.find(c.other)
            if problem or other_problem or a == b:
                self._fail(c, problem or other_problem or "both are the same paper")
            elif (line := last.get((c.value, a, b))) is not None:
                self._failed[c.number] = Status.OVERRULED, f"line {line} rules on the same"
            else:
                self._ends[c.number] = a, b
                last[c.value, a, b] = c.line
                if c.value == Edge.SIMILAR or c.kind == Kind.ADD_EDGE:
                    last.setdefault((c.value, b, a), c.line)

    def _open(self, kind: Kind, edge: Edge) -> list[tuple[Correction, _Pair]]:
        cases = [c for c in self._cases if c.kind == kind and c.value == edge and c.number in self._ends]
        return [(c, self._ends[c.number]) for c in cases]

    def _fail(self, c: Correction, reason: str) -> None:
        self._failed[c.number] = Status.NOT_APPLIED, reason

    def near(self, similar: Sequence[Similar], alike: Sequence[Alike]) -> tuple[list[Similar], list[Alike]]:
        """The edges without pairs that are said to be not similar: in either direction, and in no view of
        nearness; ranks count on without a gap.
        """
        ends = [(e.source, e.target) for e in similar] + [(e.source, e.target) for e in alike]
        drawn = set(map(frozenset, ends))
        dropped = set()
        for c, pair in self._open(Kind.DROP_EDGE, Edge.SIMILAR):
            if frozenset(pair) in drawn:
                dropped.add(frozenset(pair))
            else:
                self._fail(c, "no edge is drawn between them")
        if not dropped:
            return list(similar), list(alike)
        rank: dict[str, int] = defaultdict(int)
        left = []
        for e in similar:
            if frozenset((e.source, e.target)) not in dropped:
                rank[e.source] += 1
                left.append(replace(e, rank=rank[e.source]))
        return left, _ranked([e for e in alike if frozenset((e.source, e.target)) not in dropped])

    def builds_on(self, edges: Sequence[BuildsOn]) -> list[BuildsOn]:
        """The edges without those that are wrong, and with those that somebody stated."""
        held = {(e.source, e.target): e for e in edges}
        for c, (a, b) in self._open(Kind.DROP_EDGE, Edge.BUILDS_ON):
            if held.pop((a, b), None) is None:
                other = "; the one drawn goes the other way: name its papers in that order"
                self._fail(c, "no edge is drawn from it to the other" + (other if (b, a) in held else ""))
        for c, (a, b) in self._open(Kind.ADD_EDGE, Edge.BUILDS_ON):
            held.pop((b, a), None)
            held[a, b] = _stated(a, b, c.note, held.get((a, b)))
        return sorted(held.values(), key=lambda e: (e.source, e.target))

    def outcomes(self) -> list[Outcome]:
        """What became of the corrections, with the papers that each touches."""
        out = []
        for c in self._cases:
            status, reason = self._failed.get(c.number, (Status.APPLIED, ""))
            out.append(Outcome(c, status, reason, tuple(sorted(self._ends.get(c.number, ())))))
        return out


def _ranked(edges: list[Alike]) -> list[Alike]:
    """The edges, in their order, with the ranks of each view counted from 1 again."""
    problems: dict[str, list[int]] = defaultdict(list)
    approaches: dict[str, list[int]] = defaultdict(list)
    for e in edges:
        if e.problem_rank is not None:
            problems[e.source].append(e.problem_rank)
        if e.approach_rank is not None:
            approaches[e.source].append(e.approach_rank)

    def among(rank: int | None, held: list[int]) -> int | None:
        return None if rank is None else 1 + sum(r < rank for r in held)

    return [
        replace(
            e,
            problem_rank=among(e.problem_rank, problems[e.source]),
            approach_rank=among(e.approach_rank, approaches[e.source]),
        )
        for e in edges
    ]


def _stated(source: str, target: str, note: str, found: BuildsOn | None) -> BuildsOn:
    """The edge that a person stated; what was found for it stays beside."""
    reason = f"a reader of this graph says so: {note}" if note else "a reader of this graph says so"
    if found is None:
        return BuildsOn(source, target, Basis.CORRECTED, 1.0, (), (), reason)
    return replace(found, basis=Basis.CORRECTED, confidence=1.0, reason=f"{reason}; {found.reason}")
