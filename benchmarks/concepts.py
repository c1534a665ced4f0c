"""How well names are resolved to concepts, against the labels beside the checkout.

usage: python benchmarks/concepts.py [ENTITIES.jsonl]

ENTITIES has the form of `papergraph export entities`; without it, the labelled entities themselves are
resolved, which measures resolving alone. Only the labelled papers are read. Prints a JSON object: pairs of
labelled names that are merged (precision, recall), the share of labelled variants that have an edge or are
merged by mistake, and the figures of `score.py connected` without and with mentions found in the text, with
bootstrap 95% intervals over the queries.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any
from unittest import mock

from papergraph import corpus
from papergraph.extract import Extraction, FileExtractor
from papergraph.model import Entity, Listing, Paper, PaperKind
from papergraph.registry import Registry
from papergraph.resolve import Resolution, concepts, resolve
from papergraph.resolve.keys import key, parts
from papergraph.sources import read_file
from papergraph.text import fold_title

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("PAPERGRAPH_SHARED", ROOT.parent / "shared"))
GOLD = SHARED / "gold"


class Nothing:
    """An extractor that finds nothing: entities come from a file."""

    embedder = ""
    version = "none"

    def extract(self, title: str, abstract: str) -> Extraction:
        return Extraction((), PaperKind.SYSTEM, None, (), (), "")


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def scorer() -> Any:
    """The module score.py beside the labels."""
    spec = importlib.util.spec_from_file_location("score", GOLD / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def labelled_papers() -> list[Paper]:
    """The papers of the seeds that have labels."""
    inputs = []
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        listing = Listing(path.stem, path.stem, path.name, "")
        inputs.append((listing, read_file(str(path), None).records))
    wanted = {fold_title(r["title"]) for r in lines(GOLD / "dev.jsonl")}
    return [p for p in corpus.merge(inputs, Registry()).papers if fold_title(p.title) in wanted]


class Names:
    """The concepts of a name, as a reader would look it up."""

    def __init__(self, result: Resolution) -> None:
        self.concepts = {c.id: c for c in result.concepts}
        self.by_key: dict[str, set[str]] = defaultdict(set)
        for concept in result.concepts:
            for surface in (concept.name, *concept.aliases):
                for part in parts(surface):
                    self.by_key[key(part)].add(concept.id)

    def best(self, name: str) -> str | None:
        """The concept with the most papers that goes by this name or by what its parentheses hold."""
        for part in (name, *parts(name)):
            found = sorted(self.by_key.get(key(part), ()))
            if found:
                return max(found, key=lambda i: self.concepts[i].paper_count)
        return None


def pairs(result: Resolution, papers: list[Paper], names: Names, fold: Any) -> dict[str, float]:
    """Precision and recall of pairs of labelled entities that are one concept."""
    meaning = {
        k: c["concept"]
        for c in lines(GOLD / "concepts_dev.jsonl")
        if not c.get("collision")
        for k in c["keys"]
    }
    ids = {fold_title(p.title): p.id for p in papers}
    edges = {(e.paper, e.name): e.concept for e in result.paper_concepts}
    got, want = defaultdict(list), defaultdict(list)
    number = 0
    for row in lines(GOLD / "dev.jsonl"):
        for entity in row["entities"]:
            folded = fold(entity["name"])
            found = edges.get((ids[fold_title(row["title"])], entity["name"])) or names.best(entity["name"])
            got[found].append(number)
            want[meaning.get(folded, folded)].append(number)
            number += 1
    one = {pair for group in got.values() for pair in combinations(group, 2)}
    other = {pair for group in want.values() for pair in combinations(group, 2)}
    return {
        "precision": round(len(one & other) / len(one), 4),
        "recall": round(len(one & other) / len(other), 4),
    }


def variant_figures(result: Resolution, names: Names, fold: Any) -> dict[str, float]:
    """The share of labelled variants with an edge to their parent, and how many are merged with it."""
    rows = lines(GOLD / "concepts_dev.jsonl")
    keys = {r["concept"]: r["keys"] for r in rows}
    edges = {(v.source, v.target) for v in result.variants}
    asked = hit = merged = 0
    for row in rows:
        if not row["variant_of"]:
            continue
        children = names.by_key.get(row["keys"][0], set())
        parents = {
            i for k in keys.get(row["variant_of"], [fold(row["variant_of"])]) for i in names.by_key.get(k, ())
        }
        asked += 1
        merged += bool(children & parents)
        hit += any((a, b) in edges for a in children for b in parents)
    return {"asked": asked, "with_edge": round(hit / asked, 4), "merged": merged}


def connected(result: Resolution, papers: list[Paper], names: Names, score: Any) -> dict[str, Any]:
    """The figures of `score.py connected`, and bootstrap intervals."""
    titles = {p.id: p.title for p in papers}
    members: dict[str | None, set[str]] = defaultdict(set)
    for edge in result.paper_concepts:
        members[edge.concept].add(titles[edge.paper])
    head, *queries = lines(GOLD / "connected_dev.jsonl")
    answers = [{"query": q["query"], "papers": sorted(members[names.best(q["query"])])} for q in queries]
    with tempfile.TemporaryDirectory() as folder:
        gold, answer = Path(folder) / "gold", Path(folder) / "answer"
        answer.write_text("\n".join(map(json.dumps, answers)), encoding="utf-8")
        out: dict[str, Any] = score.connected(str(GOLD / "connected_dev.jsonl"), str(answer))
        each = []
        for query in queries:
            gold.write_text(json.dumps(head) + "\n" + json.dumps(query), encoding="utf-8")
            each.append(score.connected(str(gold), str(answer)))
    for figure in ("precision", "recall", "f1"):
        low, high = interval([e[figure] for e in each])
        out[figure + "_95"] = [round(low, 3), round(high, 3)]
    return out


def interval(values: list[float], rounds: int = 2000) -> tuple[float, float]:
    """Bootstrap 95% interval of a mean."""
    rng = random.Random(0)
    means = sorted(sum(rng.choices(values, k=len(values))) / len(values) for _ in range(rounds))
    return means[rounds // 40], means[-rounds // 40]


def extracted(papers: list[Paper], path: Path) -> Iterator[tuple[str, tuple[Entity, ...]]]:
    """The entities of the file by paper id."""
    extractor = FileExtractor(path, Nothing())
    for paper in papers:
        yield paper.id, extractor.extract(paper.title, paper.abstract).entities


def main(path: str | None) -> None:
    """Print the figures."""
    score = scorer()
    papers = labelled_papers()
    entities = dict(extracted(papers, Path(path) if path else GOLD / "dev.jsonl"))
    with mock.patch.object(concepts, "MENTION_FLOOR", 2.0):
        bare = resolve(papers, entities, Registry())
    result = resolve(papers, entities, Registry())
    names = Names(result)
    figures = {
        "entities": sum(map(len, entities.values())),
        "concepts": len(result.concepts),
        "variants": len(result.variants),
        "labelled variants": variant_figures(result, names, score.fold),
        "connected, entities alone": connected(bare, papers, Names(bare), score),
        "connected": connected(result, papers, names, score),
    }
    if path is None:
        figures["pairs"] = pairs(result, papers, names, score.fold)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
