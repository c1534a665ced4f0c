"""Fits the numbers of SIMILAR_TO, by cross-validation over queries, and writes data/links.json.

    python training/fit_links.py --pair GRAPH JUDGED [--pair GRAPH JUDGED ...] [--links GRAPH LINKS]
        [--views GRAPH VIEWS] [--write]

GRAPH is a folder that `papergraph build` made; give out-of-fold entities with `build --entities`. JUDGED has
a line a query: {"query": title, "grades": {title: 0..3}}. LINKS has the judged pairs in its first line,
{"judged": [[title, title], ...]}, then {"from", "to"} a line: these fit the confidence of BUILDS_ON from
nearness. VIEWS (training/views.jsonl) has a judged pair a line, its papers by the hash of their folded title:
{"a", "b", "problem": 0 or 1, "approach": 0 or 1}; these fit the scores of ALIKE. Prints, from held-out
queries only: nDCG@10, calibration error, precision and recall by floor.
"""

from __future__ import annotations

import argparse
import json
import math
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from papergraph import tables
from papergraph.assets import data
from papergraph.link.builds_on import Later, near_features
from papergraph.link.features import NAMES, Features
from papergraph.link.views import Views
from papergraph.link.weights import load_weights
from papergraph.model import View
from papergraph.text import fold_title

Array = NDArray[np.float64]
FOLDS, RIDGE, SEED = 10, 0.02, 0


class Judged:
    """A graph's features with the graded neighbours of some of its papers."""

    def __init__(self, graph: Path, judged: Path) -> None:
        generation = tables.open_graph(graph)
        whole = generation.read()
        papers = [p for p in whole.papers if p.listed]
        self.name = judged.stem
        self.features = Features(papers, generation.vectors().matrix)
        place = {fold_title(p.title): i for i, p in enumerate(papers)}
        self.queries: list[tuple[int, dict[int, int]]] = []
        for line in judged.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            grades = {place[fold_title(t)]: g for t, g in row["grades"].items() if fold_title(t) in place}
            self.queries.append((place[fold_title(row["query"])], grades))


def examples(judged: Judged, numbers: NDArray[np.intp]) -> tuple[Array, Array]:
    """Features (pairs, 3) and whether the grade is 2 or 3, of some queries."""
    x, y = [], []
    for number in numbers:
        query, grades = judged.queries[number]
        x.append(judged.features.pairs(query, np.array(list(grades))).T)
        y.append(np.array([g >= 2 for g in grades.values()], np.float64))
    return np.concatenate(x), np.concatenate(y)


def logistic(x: Array, y: Array, ridge: float = RIDGE) -> Array:
    """Bias and weights of an L2-regularised logistic regression, by Newton's method."""
    x = np.hstack([np.ones((len(x), 1)), x])
    penalty = np.diag([0.0, *[ridge] * (x.shape[1] - 1)])
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + penalty, x.T @ (p - y) + penalty @ w)
        w -= step
        if np.abs(step).max() < 1e-9:
            break
    return w


def ndcg(order: NDArray[np.intp], grades: dict[int, int]) -> float | None:
    """nDCG@10 as ../shared/gold/score.py has it: unjudged papers count as 0."""
    ideal = sum(
        (2**g - 1) / math.log2(i + 2) for i, g in enumerate(sorted(grades.values(), reverse=True)[:10])
    )
    gain = sum((2 ** grades.get(int(j), 0) - 1) / math.log2(i + 2) for i, j in enumerate(order[:10]))
    return gain / ideal if ideal else None


def held_out(sets: list[Judged]) -> tuple[list[list[float]], Array, Array, dict[float, list[int]]]:
    """nDCG of each set's queries, predicted probabilities and truths, and counts of drawn edges by floor."""
    rng = np.random.default_rng(SEED)
    folds = [rng.permutation(len(s.queries)) % FOLDS for s in sets]
    gains: list[list[float]] = [[] for _ in sets]
    p_all, y_all = [], []
    drawn = {round(f, 2): [0, 0, 0] for f in np.arange(0.2, 0.7, 0.05)}
    for fold in range(FOLDS):
        parts = [examples(s, np.flatnonzero(f != fold)) for s, f in zip(sets, folds, strict=True)]
        w = logistic(np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts]))
        for number, (s, f) in enumerate(zip(sets, folds, strict=True)):
            for q in np.flatnonzero(f == fold):
                query, grades = s.queries[q]
                p = 1 / (
                    1 + np.exp(-(w[0] + np.tensordot(w[1:], s.features.block(np.array([query])), axes=1)[0]))
                )
                p[query] = -1
                order = np.argsort(-p, kind="stable")
                if (gain := ndcg(order, grades)) is not None:
                    gains[number].append(gain)
                p_all += [p[j] for j in grades]
                y_all += [g >= 2 for g in grades.values()]
                for floor, count in drawn.items():
                    edges = [j for j in order[:10] if p[j] >= floor and int(j) in grades]
                    count[0] += len(edges)
                    count[1] += sum(grades[int(j)] >= 2 for j in edges)
                    count[2] += sum(g >= 2 for g in grades.values())
    return gains, np.array(p_all), np.array(y_all, np.float64), drawn


def calibration_error(p: Array, y: Array, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width."""
    which = np.minimum((p * bins).astype(int), bins - 1)
    return float(sum(abs(p[which == b].sum() - y[which == b].sum()) for b in range(bins)) / len(p))


def interval(values: list[float]) -> str:
    """Mean with its 95% interval from 2,000 bootstrap samples of the queries."""
    v = np.array(values)
    rng = np.random.default_rng(SEED)
    means = v[rng.integers(0, len(v), (2000, len(v)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return f"{v.mean():.3f} [{low:.3f}, {high:.3f}]"


def near_links(graph: Path, links: Path) -> Array:
    """Bias and weights of BUILDS_ON from nearness, for the direction that wording and dates give."""
    whole = tables.open_graph(graph).read()
    ids = {fold_title(p.title): p.id for p in whole.papers}
    head, *rows = map(json.loads, links.read_text(encoding="utf-8").splitlines())
    right = {(ids[fold_title(r["from"])], ids[fold_title(r["to"])]) for r in rows}
    score = {frozenset((s.source, s.target)): s.score for s in whole.similar}
    is_later = Later({p.id: p for p in whole.papers}, set(), ())
    x, y = [], []
    for pair in head["judged"]:
        a, b = (ids[fold_title(t)] for t in pair)
        if (near := score.get(frozenset((a, b)))) is not None:
            source, target, years, _ = is_later(a, b)
            x.append(near_features(near, years))
            y.append(float((source, target) in right))
    print(f"{links.stem}: {len(y)} judged pairs are near, {sum(y):.0f} of them links in the direction found")
    return logistic(np.array(x), np.array(y), 3.0)


def views(graph: Path, judged: Path) -> dict[str, Array]:
    """Bias and weight of each view's score. Prints how well the view's cosine puts the pairs of a paper in
    order, beside SIMILAR_TO's: the share of pairs of one right and one wrong that stand the right way round.
    """
    generation = tables.open_graph(graph)
    papers = [p for p in generation.read().papers if p.listed]
    seen = Views([p.id for p in papers], generation.views().matrix)
    overall = Features(papers, generation.vectors().matrix)
    weights = load_weights().similar[1]
    place = {sha256(fold_title(p.title).encode()).hexdigest()[:16]: i for i, p in enumerate(papers)}
    rows = [json.loads(line) for line in judged.read_text(encoding="utf-8").splitlines()]
    rows = [r for r in rows if r["a"] in place and r["b"] in place]
    queries = np.array([place[r["a"]] for r in rows])
    others = [np.array([place[r["b"]]]) for r in rows]
    whole = np.array(
        [float(weights @ overall.pairs(q, o)[:, 0]) for q, o in zip(queries, others, strict=True)]
    )
    found = {}
    for number, view in enumerate(View):
        y = np.array([float(r[view]) for r in rows])
        x = np.array([float(seen.cosines(number, q, o)[0]) for q, o in zip(queries, others, strict=True)])
        found[view.value] = logistic(x[:, None], y, 0.5)
        print(
            f"{view}: {y.sum():.0f} of {len(y)} pairs; in order {in_order(x, y, queries):.3f} by the view, "
            f"{in_order(whole, y, queries):.3f} overall; {found[view.value].round(4).tolist()}"
        )
    return found


def in_order(score: Array, y: Array, queries: NDArray[np.intp]) -> float:
    """Of the pairs of a right and a wrong answer to one query, the share in which the right one scores
    higher.
    """
    right = total = 0
    for query in np.unique(queries):
        here = queries == query
        good, bad = score[here & (y == 1)], score[here & (y == 0)]
        right += int((good[:, None] > bad).sum())
        total += good.size * bad.size
    return right / total


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--pair", nargs=2, action="append", required=True, type=Path, metavar=("GRAPH", "JUDGED")
    )
    parser.add_argument("--links", nargs=2, type=Path, metavar=("GRAPH", "LINKS"))
    parser.add_argument("--views", nargs=2, type=Path, metavar=("GRAPH", "VIEWS"))
    parser.add_argument("--write", action="store_true", help="write data/links.json")
    arguments = parser.parse_args()
    sets = [Judged(graph, judged) for graph, judged in arguments.pair]
    gains, p, y, drawn = held_out(sets)
    for s, values in zip(sets, gains, strict=True):
        print(f"{s.name}: nDCG@10 {interval(values)} over {len(values)} queries")
    print(f"calibration error {calibration_error(p, y):.3f} over {len(p)} pairs, {y.mean():.2f} relevant")
    for floor, (n, good, relevant) in drawn.items():
        print(f"floor {floor:.2f}: {n} drawn, precision {good / max(n, 1):.2f}, recall {good / relevant:.2f}")
    parts = [examples(s, np.arange(len(s.queries))) for s in sets]
    w = logistic(np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts]))
    print(dict(zip(["bias", *NAMES], w.round(4).tolist(), strict=True)))
    near = near_links(*arguments.links) if arguments.links else None
    if near is not None:
        print("nearness:", near.round(4).tolist())
    seen = views(*arguments.views) if arguments.views else {}
    if arguments.write:
        path = data("links.json")
        content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        content["similar"] = {
            "features": list(NAMES),
            "bias": round(w[0], 4),
            "weights": w[1:].round(4).tolist(),
        }
        for view, (bias, weight) in seen.items():
            content.setdefault("views", {})[view] = {
                "feature": "centred cosine of the view",
                "bias": round(bias, 4),
                "weight": round(weight, 4),
            }
        if near is not None:
            content["near"] = {
                "features": ["log odds of similarity", "tanh of half the years between"],
                "bias": round(near[0], 4),
                "weights": near[1:].round(4).tolist(),
            }
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
