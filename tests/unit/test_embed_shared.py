"""The embedder that shares the extractor's encoder."""

from collections.abc import Sequence

import numpy as np
import pytest

from papergraph.build import build
from papergraph.embed import load_embedder
from papergraph.embed.shared import Shared
from papergraph.extract import TrainedExtractor
from papergraph.model import Paper
from papergraph.settings import Settings
from papergraph.tables import open_graph

PAPERS = [
    (
        "Quiet Gears: Small Models That Count",
        "Counting is hard. We propose Quiet Gears, a method that teaches it.",
    ),
    ("Bees in Autumn", "Bees gather less in autumn. We count them on Hive-30, a new data set of hives."),
    ("A Title Alone", ""),
    ("", ""),
    ("蜜蜂的秋天", "我们研究蜜蜂。"),
]


@pytest.fixture(scope="module")
def shared() -> Shared:
    return Shared(2)


def _papers() -> list[Paper]:
    return [Paper(id=f"p{i}", title=title, abstract=abstract) for i, (title, abstract) in enumerate(PAPERS)]


def test_rows_have_length_one_whatever_the_text(shared):
    rows = shared.embed_papers(_papers())
    assert rows.shape == (len(PAPERS), shared.dim)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_vector_comes_with_the_extraction_and_is_the_same_to_the_last_bit(shared):
    extractor = TrainedExtractor()
    assert extractor.embedder == shared.name == load_embedder("shared", 1).name
    for paper, row in zip(_papers(), shared.embed_papers(_papers()), strict=True):
        found = extractor.extract(paper.title, paper.abstract)
        assert found.vector is not None
        assert (found.vector == row).all()


def test_a_vector_does_not_depend_on_its_company(shared):
    texts = [title for title, _ in PAPERS]
    together = shared.embed(texts * 2)
    alone = np.concatenate([Shared(1).embed([text]) for text in texts])
    assert (together == np.concatenate([alone, alone])).all()


def test_like_texts_lie_nearer_than_others(shared):
    counting, bees, query = shared.embed(
        ["teaching small models to count", "a hive of bees", "counting with networks"]
    )
    assert query @ counting > query @ bees


def test_a_build_takes_the_vectors_from_the_extraction(tmp_path, monkeypatch):
    listing = tmp_path / "papers.jsonl"
    listing.write_text('{"title": "Bees in Autumn", "abstract": "We count bees on Hive-30."}\n' * 1)

    def none(self: Shared, papers: Sequence[Paper]) -> np.ndarray:
        raise AssertionError("embedded again")

    monkeypatch.setattr(Shared, "embed_papers", none)
    summary = build([str(listing)], tmp_path / "graph", Settings())
    assert summary.embedded == 1
    monkeypatch.undo()
    vectors = open_graph(tmp_path / "graph").vectors()
    again = Shared(1).embed_papers(
        [Paper(id="x", title="Bees in Autumn", abstract="We count bees on Hive-30.")]
    )
    assert (vectors.matrix == again).all()
