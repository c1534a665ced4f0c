"""The papers and concepts in the rows of a query, so that an answer in Cypher can be seen as a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from papergraph.model import Label
from papergraph.questions.catalogue import catalogue, kept
from papergraph.store.base import GraphStore

Known = dict[str, str]


@kept
def _known(store: GraphStore) -> tuple[Known, Known]:
    """Ids of papers by id and title, of concepts by id and name; what two things are called is left out."""
    cat = catalogue(store)
    papers = [(p.ref.id, {p.ref.title, p.title_plain}) for p in cat.papers.values()]
    concepts = [(c.ref.id, {c.ref.name}) for c in cat.concepts.values()]
    found = []
    for things in (papers, concepts):
        count = Counter(text for _, texts in things for text in texts)
        called = {text: id_ for id_, texts in things for text in texts if count[text] == 1}
        found.append(called | {id_: id_ for id_, _ in things})
    return found[0], found[1]


def things_in(store: GraphStore, rows: Sequence[Sequence[Any]]) -> tuple[list[str], list[str]]:
    """Ids of the papers and of the concepts in some rows, in the order in which they come.

    Taken are nodes, and the texts of a column of which every text is the id or title of a paper, or the id or
    name of a concept.
    """
    papers, concepts = _known(store)
    readers = [_reader(list(column), papers, concepts) for column in zip(*rows, strict=True)]
    found: dict[str, list[str]] = {"papers": [], "concepts": []}
    for row in rows:
        for read, cell in zip(readers, row, strict=True):
            for kind, id_ in read(cell):
                found[kind].append(id_)
    return list(dict.fromkeys(found["papers"])), list(dict.fromkeys(found["concepts"]))


def _reader(column: list[Any], papers: Known, concepts: Known) -> Callable[[Any], Iterator[tuple[str, str]]]:
    """What takes the things out of a cell of a column."""
    texts = {v for cell in column for v in _flat(cell) if isinstance(v, str)}
    kinds = [
        (kind, known) for kind, known in (("papers", papers), ("concepts", concepts)) if texts <= known.keys()
    ]

    def read(cell: Any) -> Iterator[tuple[str, str]]:
        for value in _flat(cell):
            if isinstance(value, str) and kinds:
                kind, known = kinds[0]
                yield kind, known[value]
            elif isinstance(value, dict):
                labels, id_ = value.get("_labels", ()), value.get("id")
                if Label.PAPER in labels and id_ in papers:
                    yield "papers", papers[id_]
                elif Label.CONCEPT in labels and id_ in concepts:
                    yield "concepts", concepts[id_]

    return read


def _flat(value: Any) -> Iterator[Any]:
    """The parts of lists and paths, and single values as they are."""
    if isinstance(value, list | tuple):
        for part in value:
            yield from _flat(part)
    elif isinstance(value, dict) and "_nodes" in value:
        yield from value["_nodes"]
    else:
        yield value
