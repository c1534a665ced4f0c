"""The papers of the listings in clusters that lie near each other, each named by what sets it apart."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from papergraph.model import Role
from papergraph.questions.answers import Answer, PaperRef
from papergraph.questions.catalogue import Catalogue, catalogue, kept, read_in
from papergraph.questions.links import similar
from papergraph.store.base import GraphStore
from papergraph.text import fold_name, readable

SEED = 7
NAMES = 3  # terms in the name of a cluster
_WORD = re.compile(r"[^\W\d_][\w+-]*[\w+]")
_STOP = frozenset(
    "a all an and approach are as at based be better beyond by can do does effective efficient enhancing for "  # noqa: SIM905
    "framework from general how improve improved improving in into is it its large learners learning method "
    "methods model models more need network networks neural new not of on one or over paper simple study the "
    "their them through to toward towards using via we what when with without you your".split()
)


@dataclass(frozen=True, slots=True)
class Cluster(Answer):
    """Papers that lie near each other, the best connected first; `terms` set them apart from the others."""

    number: int  # from 1, the largest first
    terms: tuple[str, ...]
    papers: tuple[PaperRef, ...]

    @property
    def name(self) -> str:
        return ", ".join(self.terms) or f"cluster {self.number}"


@dataclass(frozen=True, slots=True)
class Clusters(Answer):
    """Clusters, papers without a mutual neighbour, and the mutual edges as pairs of paper ids."""

    clusters: tuple[Cluster, ...]
    alone: tuple[PaperRef, ...]
    edges: tuple[tuple[str, str, float], ...]  # a < b, and their similarity


@kept
def clusters(store: GraphStore) -> Clusters:
    """Clusters of the listed papers by the method of Louvain on their mutual similarity.

    Blondel, Guillaume, Lambiotte and Lefebvre, "Fast unfolding of communities in large networks" (2008), as
    in networkx, from a fixed seed over nodes numbered in the order of their ids: the same graph gives the
    same clusters. A paper without a mutual neighbour is in none.
    """
    import networkx as nx

    cat = catalogue(store)
    ids = [p for p, held in cat.papers.items() if held.ref.listed]
    number = {p: i for i, p in enumerate(ids)}
    edges = sorted(
        (e.source, e.target, e.weight)
        for e in similar(store, cat, ids)
        if e.mutual and e.source < e.target and e.target in number
    )
    graph = nx.Graph()
    graph.add_nodes_from(sorted({number[p] for a, b, _ in edges for p in (a, b)}))
    graph.add_weighted_edges_from((number[a], number[b], w) for a, b, w in edges)
    found = nx.community.louvain_communities(graph, weight="weight", seed=SEED) if edges else []
    groups = sorted((sorted(ids[i] for i in group) for group in found), key=lambda g: (-len(g), g))
    strength: dict[str, float] = defaultdict(float)
    for a, b, w in edges:
        strength[a] += w
        strength[b] += w
    terms = _terms(store, cat, groups)
    inside = {p for group in groups for p in group}
    return Clusters(
        tuple(
            Cluster(
                i + 1,
                terms[i],
                tuple(cat.paper(p) for p in sorted(group, key=lambda p: (-strength[p], p))),
            )
            for i, group in enumerate(groups)
        ),
        tuple(cat.paper(p) for p in ids if p not in inside),
        tuple(edges),
    )


def _terms(store: GraphStore, cat: Catalogue, groups: list[list[str]]) -> list[tuple[str, ...]]:
    """For each group the terms that set it apart: concepts that its papers name, and words of their titles.

    A term's weight is how many papers of the group have it times the logarithm of how much more often they
    do than all; a name that says what another one says already is passed over.
    """
    shown: dict[str, str] = {}  # folded term -> as shown
    terms: dict[str, set[str]] = {p: set() for group in groups for p in group}
    for r in read_in(store, "concepts_of", "papers", terms):
        if r["role"] not in (Role.MENTIONS, Role.COMPARES_WITH):
            key = fold_name(r["name"])
            shown.setdefault(key, readable(r["name"]))
            terms[r["paper"]].add(key)
    for paper, keys in terms.items():
        for term in _title_terms(cat.papers[paper].title_plain):
            key = fold_name(term)
            shown.setdefault(key, term)
            keys.add(key)
    everywhere = Counter(k for keys in terms.values() for k in keys)
    named = []
    for group in groups:
        here = Counter(k for p in group for k in terms[p])
        least = 2 if len(group) > 2 else 1

        def weight(key: str, here: Counter[str] = here, size: int = len(group)) -> float:
            return here[key] * math.log((here[key] / size) / (everywhere[key] / len(terms)) + 1e-9)

        ranked = sorted((k for k in here if k and here[k] >= least), key=lambda k: (-weight(k), k))
        named.append(_told_apart(ranked, shown))
    return named


def _title_terms(title: str) -> Collection[str]:
    """Words of a title without those that say little, and pairs of such words that follow each other."""
    words = [
        w.lower() if w[1:].islower() or (len(w) > 6 and w[2:].islower()) else w for w in _WORD.findall(title)
    ]
    good = [w if w.lower() not in _STOP and len(w) > 2 else "" for w in words]
    pairs = {f"{a} {b}" for a, b in pairwise(good) if a and b}
    return {w for w in good if w} | pairs


def _told_apart(ranked: list[str], shown: dict[str, str]) -> tuple[str, ...]:
    taken: list[str] = []
    for key in ranked:
        words = set(re.split(r"[\s-]+", shown[key].lower()))
        if all(
            key not in other
            and other not in key
            and not words & set(re.split(r"[\s-]+", shown[other].lower()))
            for other in taken
        ):
            taken.append(key)
        if len(taken) == NAMES:
            break
    return tuple(shown[k] for k in taken)
