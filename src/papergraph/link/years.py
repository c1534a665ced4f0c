"""When papers were written: what they say, and otherwise an estimate from their wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from papergraph.assets import data
from papergraph.link.terms import terms
from papergraph.model import Paper

FILE = "years.npz"


@dataclass(frozen=True, slots=True)
class YearModel:
    """A linear function of a paper's terms, fitted by training/fit_years.py (mean error 1.9 years)."""

    base: float
    weights: Mapping[str, float]

    def estimate(self, paper: Paper) -> float:
        """The year that a paper's wording points to."""
        known = sorted(t for t in {*terms(paper.title), *terms(paper.abstract)} if t in self.weights)
        return self.base + sum(self.weights[t] for t in known) / max(1, len(known)) ** 0.5


@cache
def load_model() -> YearModel:
    """The model that travels with the package."""
    with np.load(data(FILE), allow_pickle=False) as file:
        names = file["terms"].tobytes().decode().split("\n")
        return YearModel(
            float(file["base"]), dict(zip(names, file["weights"].astype(float).tolist(), strict=True))
        )


def dated(paper: Paper) -> str | None:
    """When a paper appeared: an ISO 8601 date, the month of its arXiv id, or a year; None: not known."""
    if paper.date:
        return paper.date
    number = (paper.arxiv_id or "").removeprefix("arXiv:")
    if len(number) > 4 and number[4] == "." and number[:4].isdigit() and 1 <= int(number[2:4]) <= 12:
        month = f"20{number[:2]}-{number[2:4]}"
        return month if paper.year is None or month[:4] == str(paper.year) else str(paper.year)
    return str(paper.year) if paper.year is not None else None


def order(source: Paper, target: Paper) -> int:
    """1 where `source` is known to be later than `target`, -1 where earlier, 0 where neither is known."""
    a, b = dated(source), dated(target)
    if a is None or b is None:
        return 0
    length = min(len(a), len(b))
    a, b = a[:length], b[:length]
    return (a > b) - (a < b)
