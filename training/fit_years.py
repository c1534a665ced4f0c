"""Fits how a paper's wording tells its year, for the direction of inferred links; writes data/years.npz.

    python training/fit_years.py PAPERS.jsonl.gz...  [--leave-out LISTING...]

PAPERS have title, abstract and year a line. Ridge regression on the presence of terms, divided by the root of
their number; at most 3,500 papers a year from 2014 on; a fifth is held out for the printed error,
then all serve.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import scipy.sparse as sparse
from sklearn.linear_model import Ridge

from papergraph.assets import data
from papergraph.link.statistics import document_frequency
from papergraph.link.terms import terms
from papergraph.sources import read_file
from papergraph.text import fold_title

FIRST, LAST, PER_YEAR, LEAST, RIDGE, SEED = 2014, 2025, 3500, 40, 3.0, 0


def read(files: Sequence[str], leave_out: set[str]) -> list[tuple[list[str], int]]:
    """Terms and year of the papers chosen."""
    rows = []
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                year = int(row["year"]) if str(row.get("year") or "").isdigit() else 0
                if (
                    row.get("abstract")
                    and FIRST <= year <= LAST
                    and fold_title(row["title"]) not in leave_out
                ):
                    rows.append((row["title"], row["abstract"], year))
    random.Random(SEED).shuffle(rows)
    taken: Counter[int] = Counter()
    out = []
    for title, abstract, year in rows:
        taken[year] += 1
        if taken[year] <= PER_YEAR:
            out.append((sorted({*terms(title), *terms(abstract)}), year))
    return out


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("papers", nargs="+")
    parser.add_argument(
        "--leave-out", nargs="*", default=[], help="listings whose papers are not learnt from"
    )
    arguments = parser.parse_args()
    listed = {fold_title(r.title) for file in arguments.leave_out for r in read_file(file, None).records}
    rows = read(arguments.papers, listed)
    known = {t: i for i, t in enumerate(document_frequency((t for t, _ in rows), least=LEAST))}
    columns = [[known[t] for t in found if t in known] for found, _ in rows]
    values = [1 / len(c) ** 0.5 for c in columns for _ in c]
    ends = np.cumsum([0, *map(len, columns)])
    x = sparse.csr_matrix((values, [i for c in columns for i in c], ends), shape=(len(rows), len(known)))
    y = np.array([year for _, year in rows], float)
    held = np.arange(len(y)) % 5 == 0
    guess = Ridge(alpha=RIDGE, solver="sparse_cg").fit(x[~held], y[~held]).predict(x[held])
    print(f"{len(y)} papers, {len(known)} terms; mean error {np.abs(guess - y[held]).mean():.2f} years")
    model = Ridge(alpha=RIDGE, solver="sparse_cg").fit(x, y)
    np.savez_compressed(
        data("years.npz"),
        terms=np.frombuffer("\n".join(known).encode(), np.uint8),
        weights=model.coef_.astype(np.float16),
        base=np.array(model.intercept_),
    )


if __name__ == "__main__":
    main()
