"""The listing reader: it keeps in step whatever is missing or added."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papergraph import sources
from papergraph.sources.listing import Kind, label_lines, read
from papergraph.sources.opening import Text
from papergraph.sources.result import ReadResult

PREAMBLE = ["Get trending papers in your email inbox once a day!", "Get trending papers in your email inbox!"]
TITLES = [
    "Sparse Kites: Flying with Fewer Strings",
    "Which Lamp Should You Read By? A Study of Light",
    "A Survey of Paper Boats",
    "Do Ducks Count?",
    "8-Legged Image Dataset",
    "$\\textit{Pondering}$: Slow Answers for Hard Questions in the Presence of Many Distracting and "
    "Irrelevant Observations, with Applications to Weather, Traffic and Music",
]
ABSTRACTS = [
    "Kites need strings. We show that half of them can be cut without a loss of height. On windy "
    "beaches our kites stay up 12% longer than before.",
    "Reading by lamp is common. We compare eight lamps on two hundred readers. The green lamp wins in most "
    "settings, and we discuss why. Code: https://example.org/lamps",
    "Paper boats have been folded for centuries, but no survey exists. We sort 40 designs by hull, sail and "
    "paper. We close with open questions.",
    "We ask whether ducks count. They do, up to four.",
    "A new data set of animals with eight legs. It holds 9,000 pictures with labels. Baselines reach 71%",
    "Hard questions deserve slow answers. We present a model that waits before it speaks. It is right more "
    "often, on weather by 3 points, on traffic by 5, and on music by 8.",
]
ENTRIES = list(zip(TITLES, ABSTRACTS, strict=True))


def read_lines(*lines: str) -> ReadResult:
    return read(Text("x.txt", list(lines)))


def flat(entries: list[tuple[str, str]]) -> list[str]:
    return [line for entry in entries for line in entry]


def pairs(result: ReadResult) -> list[tuple[str, str]]:
    return [(r.title, r.abstract) for r in result.records]


def test_alternating_lines_are_entries() -> None:
    result = read_lines(*PREAMBLE, "Subscribe" + TITLES[0], *flat(ENTRIES)[1:])
    assert pairs(result) == ENTRIES
    assert [r.line for r in result.records] == [3, 5, 7, 9, 11, 13]
    assert not result.rejected
    assert not result.warnings


@pytest.mark.parametrize(
    "title", ["Quick Ducks", "gzip for Ducks", "$\\alpha$-Ducks", "'Ducks' Revisited", "100 Ducks"]
)
def test_the_first_title_comes_unstuck_from_subscribe(title: str) -> None:
    assert pairs(read_lines(*PREAMBLE, "Subscribe" + title, ABSTRACTS[0])) == [(title, ABSTRACTS[0])]
    assert pairs(read_lines(*PREAMBLE, "Subscribe", title, ABSTRACTS[0])) == [(title, ABSTRACTS[0])]
    glued = " ".join(PREAMBLE) + "Subscribe" + title
    assert pairs(read_lines(glued, ABSTRACTS[0])) == [(title, ABSTRACTS[0])]


def test_a_title_that_begins_with_subscribe_stays() -> None:
    title = "Subscribers and Their Newsletters"
    assert pairs(read_lines(*PREAMBLE, title, ABSTRACTS[0], title, ABSTRACTS[1])) == [
        (title, ABSTRACTS[0]),
        (title, ABSTRACTS[1]),
    ]


def test_a_second_preamble_and_blank_lines_in_the_middle_do_not_matter() -> None:
    lines = [*PREAMBLE, "", "Subscribe" + TITLES[0], "", "  ", ABSTRACTS[0], *flat(ENTRIES[1:3])]
    lines += ["", *PREAMBLE, "Subscribe" + TITLES[3], ABSTRACTS[3], *flat(ENTRIES[4:])]
    assert pairs(read_lines(*lines)) == ENTRIES


@pytest.mark.parametrize("missing", range(6))
def test_a_missing_abstract_costs_only_itself(missing: int) -> None:
    lines = flat(ENTRIES)
    del lines[2 * missing + 1]
    result = read_lines(*lines)
    expected = [(t, "" if i == missing else a) for i, (t, a) in enumerate(ENTRIES)]
    assert pairs(result) == expected
    assert not result.rejected
    (warning,) = result.warnings
    assert (warning.line, warning.reason) == (2 * missing + 1, "title without an abstract")
    assert warning.text == TITLES[missing][:200]


@pytest.mark.parametrize("missing", range(6))
def test_a_missing_title_costs_only_its_abstract(missing: int) -> None:
    lines = flat(ENTRIES)
    del lines[2 * missing]
    result = read_lines(*lines)
    assert pairs(result) == [e for i, e in enumerate(ENTRIES) if i != missing]
    (rejected,) = result.rejected
    assert rejected.line == 2 * missing + 1
    assert "without a title" in rejected.reason or "out of step" in rejected.reason


@pytest.mark.parametrize(
    "stray",
    ["https://example.org/page", "12 upvotes · 3 comments", "Page 3 of 10", "Advertisement", "* * *",
     "Jan 12, 2024", "this line does not belong here", "Published on May 5"],
)  # fmt: skip
@pytest.mark.parametrize("place", range(13))
def test_a_stray_line_anywhere_costs_only_itself(stray: str, place: int) -> None:
    lines = flat(ENTRIES)
    lines.insert(place, stray)
    result = read_lines(*lines)
    assert pairs(result) == ENTRIES
    assert [(r.line, r.text) for r in result.rejected] == [(place + 1, stray)]


def test_titles_without_any_abstract_are_all_kept() -> None:
    result = read_lines(*TITLES[:5])
    assert pairs(result) == [(t, "") for t in TITLES[:5]]
    assert len(result.warnings) == 5


def test_short_abstracts_and_long_titles_are_carried_by_the_alternation() -> None:
    entries = [(TITLES[5], "We wait."), (TITLES[1], "Green wins."), (TITLES[2], "We sort boats."), ENTRIES[3]]
    assert pairs(read_lines(*flat(entries))) == entries


def test_other_scripts_are_read() -> None:
    entries = [
        (
            "基于深度学习的小型语言模型研究",
            "本文研究小型语言模型。我们提出一种新的训练方法。实验表明该方法有效，并且在多个数据集上优于现有方法。",
        ),
        (
            "Маленькие модели языка",
            "Мы изучаем маленькие модели. Они работают хорошо. Опыты на трёх наборах это подтверждают.",
        ),
    ]
    assert pairs(read_lines(*flat(entries))) == entries


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [*TITLES, *ABSTRACTS, *PREAMBLE, "Subscribe", "Subscribe" + TITLES[0], "", "  ", "12 upvotes"]
        ),
        st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=60),
    ),
    max_size=30,
)


@settings(deadline=None)
@given(LINES)
def test_no_line_is_lost(lines: list[str]) -> None:
    result = read_lines(*lines)
    labels = label_lines(lines)
    said = {r.line for r in result.records}
    rejected = {r.line for r in result.rejected}
    abstracts = [r.abstract for r in result.records if r.abstract]
    for number, (line, (kind, body)) in enumerate(zip(lines, labels, strict=True), 1):
        assert body in line
        if kind is Kind.BLANK:
            assert not line.strip()
        elif kind is Kind.PREAMBLE:
            assert not body
            assert line.strip().lower().startswith(("get trending papers", "subscribe"))
        elif kind is Kind.TITLE:
            assert number in said
        elif kind is Kind.STRAY:
            assert number in rejected
    assert len(abstracts) == sum(kind is Kind.ABSTRACT for kind, _ in labels)
    assert len(result.records) == sum(kind is Kind.TITLE for kind, _ in labels)
    assert {w.line for w in result.warnings} == {r.line for r in result.records if not r.abstract}


@given(
    st.lists(st.sampled_from(ENTRIES), min_size=1, max_size=12),
    st.lists(st.sampled_from(["", "\t", *PREAMBLE]), min_size=24, max_size=24),
)
@settings(max_examples=50, deadline=None)
def test_blank_lines_and_preambles_anywhere_change_nothing(
    entries: list[tuple[str, str]], between: list[str]
) -> None:
    lines = [x for line, gap in zip(flat(entries), between, strict=False) for x in (gap, line)]
    assert pairs(read_lines(*lines)) == entries


def test_the_two_real_listings(seeds_dir: Path) -> None:
    first, second = (sources.read_file(str(p)) for p in sorted(seeds_dir.glob("*.txt")))
    assert (first.format, second.format) == ("listing", "listing")
    assert len(first.records) + len(second.records) == 441
    assert not first.rejected + second.rejected + first.warnings + second.warnings
    assert first.records[0].title.startswith("End-to-End Training")
    assert first.records[0].line == 3
    assert all(r.abstract for r in first.records + second.records)


def test_the_real_listings_with_lines_missing(seeds_dir: Path) -> None:
    for path in sorted(seeds_dir.glob("*.txt")):
        whole = pairs(sources.read_file(str(path)))
        lines = path.read_text(encoding="utf-8").split("\n")
        kept = [line for i, line in enumerate(lines) if i < 4 or i % 17]  # drops titles and abstracts in turn
        damaged = {(t, a) for t, a in pairs(read_lines(*kept)) if a}
        assert damaged <= set(whole)
        assert len(damaged) >= len(whole) - len(lines) // 17 - 2
