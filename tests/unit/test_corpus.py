"""From records to papers: what is one work, what is kept of each entry, and what is reported."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papergraph import sources
from papergraph.corpus import Corpus, cited, merge
from papergraph.model import Listing, Paper, Record
from papergraph.registry import Registry

KITES = (
    "Kites need strings, as everybody knows who ever flew one near the coast. We show that half of these "
    "strings can be cut without loss of height, and explain why the remaining half suffices under wind."
)
LAMPS = (
    "Reading by lamp remains common among students. Our study compares eight lamps with two hundred readers "
    "over several weeks; green light wins most comparisons, while yellow light tires everybody quickly."
)


def record(title: str = "Sparse Kites", abstract: str = "", line: int = 1, **fields: Any) -> Record:
    return Record(title, abstract, fields.pop("file", "a.jsonl"), line, **fields)


def combine(*records: Record, registry: Registry | None = None) -> Corpus:
    listing = Listing("a", "a", "a.jsonl", "2026-01-01T00:00:00Z")
    corpus = merge([(listing, records)], registry if registry is not None else Registry())
    assert corpus.entries == len(records) == len(corpus.papers) + corpus.merged + len(corpus.rejected)
    return corpus


def test_same_title_is_one_paper_with_all_sources() -> None:
    corpus = combine(
        record("Sparse Kites", KITES, 1), record("SPARSE  $\\textit{kites}$.", KITES, 7, file="b.txt")
    )
    (paper,) = corpus.papers
    assert (paper.title, paper.sources) == ("Sparse Kites", ("a.jsonl:1", "b.txt:7"))
    assert corpus.merged == 1
    assert not corpus.warnings + corpus.rejected


def test_the_fuller_fields_are_kept() -> None:
    first = record(
        abstract=KITES[:90], year=2020, date="2020", authors=("Ada Byron",), references=("One Old Title",)
    )
    second = record(
        abstract=KITES, line=2, year=2020, date="2020-05", authors=("Ada Byron", "Alan Turing"), venue="J",
        url="https://example.org", doi="10.1000/1", arxiv_id="2005.00001",
        references=("10.1/2", "One Old Title"),
    )  # fmt: skip
    (paper,) = combine(first, second).papers
    assert (paper.abstract, paper.date, paper.authors) == (KITES, "2020-05", ("Ada Byron", "Alan Turing"))
    assert (paper.venue, paper.url, paper.doi, paper.arxiv_id) == (
        "J",
        "https://example.org",
        "10.1000/1",
        "2005.00001",
    )
    assert paper.references == ("One Old Title", "10.1/2")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"authors": ("Ada Byron",)}, {"authors": ("Alan Turing",)}),
        ({"year": 2001}, {"year": 2020}),
        ({"abstract": KITES}, {"abstract": LAMPS}),
        ({"abstract": KITES, "authors": ("Ada Byron",)}, {"abstract": LAMPS, "authors": ("Ada Byron",)}),
        ({"doi": "10.1000/1"}, {"doi": "10.1000/2"}),
        ({"arxiv_id": "2005.00001"}, {"arxiv_id": "2005.00002"}),
    ],
)
def test_same_title_stays_apart_where_something_contradicts(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    one, two = record(**first), record(line=2, **second)
    for records in ((one, two), (two, one)):
        corpus = combine(*records)
        assert len({p.id for p in corpus.papers}) == 2
        assert not corpus.rejected


def test_introductions_are_many_papers() -> None:
    corpus = combine(
        record("Introduction", authors=("Ada Byron",)),
        record("Introduction", line=2, year=2020),
        record("INTRODUCTION.", KITES, 3),
        record("Introduction", KITES + " We close.", 4),
        record("Introduction", authors=("A. Byron",), line=5),
    )
    assert [p.sources for p in corpus.papers] == [
        ("a.jsonl:1", "a.jsonl:5"),
        ("a.jsonl:2",),
        ("a.jsonl:3", "a.jsonl:4"),
    ]


def test_other_scripts_do_not_fold_to_nothing() -> None:
    corpus = combine(*(record(t, line=i) for i, t in enumerate(["模型", "语言", "???", "!!!", "模 型"], 1)))
    assert [p.title for p in corpus.papers] == ["模型", "语言", "???", "!!!"]


def test_a_shared_id_is_one_paper_whatever_its_title_became() -> None:
    corpus = combine(
        record("Sparse Kites", KITES, arxiv_id="2005.00001"),
        record("Sparse Kites: Flying with Fewer Strings", "", 2, arxiv_id="2005.00001"),
        record("Half the Cords Are Enough for Anybody", KITES, 3, arxiv_id="2005.00001"),
    )
    assert [p.id for p in corpus.papers] == ["arxiv:2005.00001"]
    assert corpus.papers[0].title == "Sparse Kites"
    (warning,) = corpus.warnings
    assert (warning.line, "another title than a.jsonl:1 ('Sparse Kites')" in warning.reason) == (3, True)


def test_abstracts_that_only_begin_alike_do_not_make_other_titles_one_paper() -> None:
    opening = "Large language models are trained on text of the web and reach good results on many tasks. "
    corpus = combine(
        record("Sparse Kites", opening + KITES, 1, doi="10.1000/1"),
        record("Reading by Lamp", opening + LAMPS, 2, doi="10.1000/1"),
        record("Green Tea in Winter", opening + KITES[:60], 3, doi="10.1000/1"),
    )
    assert [p.sources for p in corpus.papers] == [("a.jsonl:1",)]
    assert [(r.line, "DOI 10.1000/1 of a.jsonl:1" in r.reason) for r in corpus.rejected] == [
        (2, True), (3, True)
    ]  # fmt: skip


def test_records_that_share_an_id_and_disagree_are_reported_and_the_first_is_kept() -> None:
    corpus = combine(
        record("Sparse Kites", KITES, 3, doi="10.1000/1"),
        record("Reading by Lamp", LAMPS, 8, doi="10.1000/1"),
    )
    assert [p.title for p in corpus.papers] == ["Sparse Kites"]
    (rejected,) = corpus.rejected
    assert (rejected.file, rejected.line, rejected.text) == ("a.jsonl", 8, "Reading by Lamp")
    assert "DOI 10.1000/1 of a.jsonl:3" in rejected.reason
    assert "Sparse Kites" in rejected.reason


def test_one_wrong_id_of_two_is_left_out_with_a_warning() -> None:
    corpus = combine(
        record("Sparse Kites", KITES, 1, doi="10.1000/1"),
        record("Reading by Lamp", LAMPS, 2, arxiv_id="2005.00002"),
        record("Reading by Lamp", LAMPS, 3, arxiv_id="2005.00002", doi="10.1000/1"),
    )
    assert [p.sources for p in corpus.papers] == [("a.jsonl:1",), ("a.jsonl:2", "a.jsonl:3")]
    assert [(w.line, "without this DOI" in w.reason) for w in corpus.warnings] == [(3, True)]
    assert not corpus.rejected


def test_differing_years_and_abstracts_of_one_paper_are_reported() -> None:
    corpus = combine(
        record("Sparse Kites", KITES, 1, doi="10.1000/1", year=2020),
        record("Sparse Kites", LAMPS + LAMPS, 2, doi="10.1000/1", year=2021),
    )
    (paper,) = corpus.papers
    assert (paper.year, paper.abstract) == (2020, KITES)
    reasons = " | ".join(w.reason for w in corpus.warnings)
    assert "year 2021 differs from 2020 in a.jsonl:1" in reasons
    assert "abstract differs wholly" in reasons


def test_two_papers_that_turn_out_to_be_one_are_united_and_the_first_id_stays() -> None:
    registry = Registry()
    one = record("Sparse Kites", KITES, 1, arxiv_id="2005.00001")
    two = record("Sparse Kites (Extended)", "", 2, doi="10.1000/1")
    bridge = record("Sparse Kites", KITES, 3, doi="10.1000/1", arxiv_id="2005.00001")
    assert len(combine(one, two, registry=registry).papers) == 2
    (paper,) = combine(one, two, bridge, registry=registry).papers
    assert paper.id == "arxiv:2005.00001"
    assert paper.sources == ("a.jsonl:1", "a.jsonl:2", "a.jsonl:3")
    assert registry.redirects == {"doi:10.1000/1": "arxiv:2005.00001"}
    assert [p.id for p in combine(two, registry=registry).papers] == ["arxiv:2005.00001"]


def test_an_id_stays_when_a_doi_is_learnt_later() -> None:
    registry = Registry()
    (before,) = combine(record("Sparse Kites", KITES), registry=registry).papers
    (after,) = combine(record("Sparse Kites", KITES, doi="10.1000/1"), registry=registry).papers
    assert before.id == after.id
    assert after.doi == "10.1000/1"
    assert registry.find(doi="10.1000/1") == before.id


def test_ranks_and_places_in_listings() -> None:
    registry = Registry()
    a, b = (Listing(x, x, x, "2026-01-01T00:00:00Z") for x in "ab")
    first = [
        record("Sparse Kites", line=1),
        record("Reading by Lamp", line=2),
        record("Sparse Kites", line=3),
    ]
    second = [replace(r, file="b.jsonl") for r in first[1:]]
    corpus = merge([(a, first), (b, second)], registry)
    kites, lamp = (p.id for p in corpus.papers)
    assert [(x.listing, x.paper, x.rank, x.at) for x in corpus.lists] == [
        ("a", kites, 1, "a.jsonl:1"),
        ("a", lamp, 2, "a.jsonl:2"),
        ("b", lamp, 1, "b.jsonl:2"),
        ("b", kites, 2, "b.jsonl:3"),
    ]
    assert (corpus.entries, corpus.merged) == (5, 3)


TITLES = ["Sparse Kites", "sparse kites.", "Introduction", "Reading by Lamp", "模型", "?!"]


def records(file: str, *, consistent: bool) -> st.SearchStrategy[list[Record]]:
    """Lists of records that often meet. Consistent: an id always belongs to the same title."""

    def build(title: str, abstract: str, ids: int, **fields: Any) -> Record:
        number = max(TITLES.index(title), 1) if consistent else ids // 4  # the first two are one title
        doi = f"10.1000/{number}" if ids & 1 else None
        return record(title, abstract, doi=doi, arxiv_id=f"2005.0000{number}" if ids & 2 else None, **fields)

    one = st.builds(
        build,
        st.sampled_from(TITLES),
        st.sampled_from(["", KITES, LAMPS, KITES + " We close with an outlook.", LAMPS[:100]]),
        st.integers(0, 7),
        year=st.sampled_from([None, 2010, 2011, 2013, 2020]),
        authors=st.sampled_from([(), ("Ada Byron",), ("Alan Turing", "Ada Byron"), ("Anonymous",)]),
        file=st.just(file),
    )
    return st.lists(one, max_size=8).map(lambda rs: [replace(r, line=i) for i, r in enumerate(rs, 1)])


@given(records("a", consistent=True), records("b", consistent=True))
@settings(deadline=None)
def test_merging_again_changes_nothing(first: list[Record], more: list[Record]) -> None:
    registry = Registry()
    for batch in (first, [*first, *more]):
        before = combine(*batch, registry=registry)
        registry = Registry.from_json(registry.to_json())
        assert combine(*batch, registry=registry) == before


@given(records("a", consistent=False), records("b", consistent=False))
@settings(deadline=None)
def test_ids_stay_when_papers_are_added(first: list[Record], more: list[Record]) -> None:
    registry = Registry()
    before = combine(*first, registry=registry)
    after = combine(*first, *more, registry=registry)
    ids = {source: paper.id for paper in after.papers for source in paper.sources}
    assert len({p.id for p in after.papers}) == len(after.papers)
    for paper in before.papers:
        for source in paper.sources:
            assert ids[source] == registry.resolve(paper.id)


@given(records("a", consistent=True), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_known_records_does_not_matter(known: list[Record], chance: random.Random) -> None:
    registry = Registry()
    once = combine(*known, registry=registry)
    chance.shuffle(known)
    assert _groups(combine(*known, registry=registry)) == _groups(once)


def _groups(corpus: Corpus) -> dict[str, set[str]]:
    return {p.id: set(p.sources) for p in corpus.papers}


def test_the_two_real_listings(seeds_dir: Path) -> None:
    files = sorted(seeds_dir.glob("*.txt"))
    inputs: list[tuple[Listing, Sequence[Record]]] = [
        (Listing(p.stem, p.stem, p.name, "2026-01-01T00:00:00Z"), sources.read_file(str(p)).records)
        for p in files
    ]
    corpus = merge(inputs, Registry())
    assert (corpus.entries, corpus.merged, len(corpus.papers), len(corpus.rejected)) == (441, 14, 427, 0)
    assert not corpus.warnings
    assert sum(len(p.sources) for p in corpus.papers) == len(corpus.lists) == 441
    assert len({p.id for p in corpus.papers}) == 427


def paper(id: str, title: str, *references: str, **fields: Any) -> Paper:
    return Paper(id, title, "", references=references, **fields)


def test_references_become_citations() -> None:
    registry = Registry()
    records = [
        record(
            "Sparse Kites",
            arxiv_id="2005.00001",
            references=("Reading by LAMP", "arXiv:1706.03762v5", "10.1000/9"),
        ),
        record(
            "Reading by Lamp",
            line=2,
            references=("https://arxiv.org/abs/2005.00001", "An Unlisted Study of Tea"),
        ),
        record("Green Tea", line=3, references=("Green Tea", "[12]", "x" * 400, "An unlisted study of tea")),
    ]
    papers = combine(*records, registry=registry).papers
    kites, lamp, tea = (p.id for p in papers)
    unlisted, cites = cited(papers, registry)
    assert [(p.title, p.short, p.listed, p.sources) for p in unlisted] == [
        ("An Unlisted Study of Tea", "Unlisted Study of Tea", False, ()),
        ("arXiv:1706.03762", "arXiv:1706.03762", False, ()),
        ("doi:10.1000/9", "doi:10.1000/9", False, ()),
    ]
    study = unlisted[0].id
    assert {(c.source, c.target) for c in cites} == {
        (kites, lamp), (kites, "arxiv:1706.03762"), (kites, "doi:10.1000/9"),
        (lamp, kites), (lamp, study), (tea, study),
    }  # fmt: skip
    assert cites == sorted(cites, key=lambda c: (c.source, c.target))
    assert cited(papers, registry) == (unlisted, cites)


@pytest.mark.parametrize(
    ("reference", "label"),
    [
        ("KiteNet: Flying with Fewer Strings", "KiteNet"),
        ("On the Flying of Kites in Very Strong and Very Cold Winds", "Flying of Kites in Very"),
        ("10.1000/a-very-long-suffix-of-a-doi", "doi:10.1000/a-very-long-suf…"),
    ],
)
def test_cited_papers_have_labels(reference: str, label: str) -> None:
    papers = combine(record("Sparse Kites", references=(reference,))).papers
    ((found,), _) = cited(papers, Registry())
    assert (found.short, len(found.short) <= 28) == (label, True)


def test_a_cited_paper_that_is_listed_later_keeps_its_id() -> None:
    registry = Registry()
    first = record("Sparse Kites", references=("1706.03762", "A Study of Everything"))
    unlisted, _ = cited(combine(first, registry=registry).papers, registry)
    listed = [
        record("Full Attention", KITES, 2, arxiv_id="1706.03762"),
        record("A Study of Everything", LAMPS, 3),
    ]
    corpus = combine(first, *listed, registry=registry)
    assert not corpus.rejected
    assert {p.id for p in corpus.papers[1:]} == {p.id for p in unlisted}
    assert cited(corpus.papers, registry)[0] == []
