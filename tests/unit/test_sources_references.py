"""BibTeX and RIS: fields, lines, and entries that cannot be taken."""

from pathlib import Path

import pytest

from papergraph import sources
from papergraph.sources.bibtex import plain
from papergraph.sources.result import ReadResult


def read(folder: Path, text: str) -> ReadResult:
    path = folder / "input.txt"
    path.write_text(text, encoding="utf-8")
    return sources.read_file(str(path))


BIBTEX = r"""% exported by hand
@string{jst = "Journal of Small Things"}

@article{lovelace2020,
  title = {{BERT}-like Models for {S}mall $x_{1}$ Things
           on \textit{Large} Data},
  author = "Lovelace, Ada and G{\"o}del, Kurt and others",
  journal = jst, year = 2020, month = may,
  abstract = {We study {small} things.
    They are large.},
  doi = {10.1000/182}, url = {https://example.org/1}
}
@comment{ nothing here @ all }
@inproceedings(turing, title = "Large Things", booktitle = {Proc. of Things},
  date = {2021-03-02}, eprint = {2103.00001}, archiveprefix = {arXiv})
@misc{shannon, title={Third}, journal={arXiv preprint arXiv:1706.03762}, year={2017}}
"""


def test_bibtex_entries(tmp_path: Path) -> None:
    result = read(tmp_path, BIBTEX)
    assert result.format == "bibtex"
    first, second, third = result.records
    assert first.title == r"BERT-like Models for Small $x_{1}$ Things on \textit{Large} Data"
    assert first.abstract == "We study small things. They are large."
    assert first.authors == ("Ada Lovelace", "Kurt Gödel")
    assert (first.venue, first.year, first.date) == ("Journal of Small Things", 2020, "2020-05")
    assert (first.doi, first.url, first.line) == ("10.1000/182", "https://example.org/1", 4)
    assert (second.title, second.venue, second.line) == ("Large Things", "Proc. of Things", 14)
    assert (second.year, second.date, second.arxiv_id) == (2021, "2021-03-02", "2103.00001")
    assert (third.line, third.arxiv_id, third.year) == (16, "1706.03762", 2017)
    assert not result.rejected
    assert [w.reason for w in result.warnings] == ["title without an abstract"] * 2


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("@article{open, title = {A}, abstract = {B},", "a brace is not closed"),
        ("@article{a, title = {A} year = 2000}", "not BibTeX"),
        ("@article{a, title = undefined}", "the abbreviation"),
        ("@article{a, year = 2000}", "title is empty"),
        ("@article{}", "not BibTeX"),
        ("@article{a, title = " + "{" * 60 + "A" + "}" * 61, "its braces are nested"),
        ("stray words", "outside of any entry"),
    ],
)
def test_a_bad_bibtex_entry_costs_only_itself(tmp_path: Path, entry: str, reason: str) -> None:
    good = "@misc{%s, title = {%s}, abstract = {We do.}}\n"
    result = read(tmp_path, good % ("x", "First") + "\n" + entry + "\n" + good % ("y", "Second"))
    assert [(r.title, r.line) for r in result.records] == [("First", 1), ("Second", 4)]
    (rejected,) = result.rejected
    assert rejected.line == 3
    assert reason in rejected.reason


def test_entries_that_share_a_line_or_a_key_are_all_taken(tmp_path: Path) -> None:
    text = "@misc{x, title={A}}@misc{x, title={B}}\n@misc{x, title={C}}"
    assert [(r.title, r.line) for r in read(tmp_path, text).records] == [("A", 1), ("B", 1), ("C", 2)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("{BERT}", "BERT"),
        ("{{Deep} Nets}", "Deep Nets"),
        (r"\textbf{Deep} {N}ets", r"\textbf{Deep} Nets"),
        (r"$a_{i}$ {b}", r"$a_{i}$ b"),
        (r"G{\"o}del and \'{e}", r"G{\"o}del and \'{e}"),
        (r"100\% \{x\}", r"100\% \{x\}"),
        ("unbalanced } {", "unbalanced  "),
    ],
)
def test_braces_that_protect_capitals_go(given: str, expected: str) -> None:
    assert plain(given) == expected


RIS = """TY  - JOUR
TI  - Small Things
AU  - Lovelace, Ada
AU  - Turing, Alan
PY  - 2020/05/01/
DA  - 2020/05/01/
JO  - Journal of Small Things
AB  - We study small things. They
turn out to be large.
DO  - 10.1000/182
UR  - https://example.org/1
ER  -

TY  - CPAPER
T1  - Large Things
A1  - Shannon, Claude
Y1  - 2017
N2  - We study large things.
UR  - https://arxiv.org/abs/1706.03762
ER  -
"""


def test_ris_records(tmp_path: Path) -> None:
    result = read(tmp_path, RIS)
    assert result.format == "ris"
    first, second = result.records
    assert (first.title, first.line, first.year, first.date) == ("Small Things", 1, 2020, "2020-05-01")
    assert first.abstract == "We study small things. They turn out to be large."
    assert first.authors == ("Ada Lovelace", "Alan Turing")
    assert (first.venue, first.doi, first.url) == (
        "Journal of Small Things",
        "10.1000/182",
        "https://example.org/1",
    )
    assert (second.title, second.line, second.year, second.authors) == (
        "Large Things",
        14,
        2017,
        ("Claude Shannon",),
    )
    assert (second.abstract, second.arxiv_id) == ("We study large things.", "1706.03762")
    assert not result.rejected + result.warnings


def test_a_bad_ris_record_costs_only_itself(tmp_path: Path) -> None:
    result = read(tmp_path, "TY  - JOUR\nPY  - 2000\nER  - \nstray\n" + RIS)
    assert [r.line for r in result.records] == [5, 18]
    assert [(r.line, r.reason) for r in result.rejected] == [
        (4, "outside of any record (between ER and TY)"),
        (1, "title is missing"),
    ] or [(r.line, r.reason) for r in result.rejected] == [
        (1, "title is missing"),
        (4, "outside of any record (between ER and TY)"),
    ]


def test_a_ris_record_without_its_end_is_kept_with_a_warning(tmp_path: Path) -> None:
    result = read(tmp_path, "TY  - JOUR\nTI  - A\nAB  - B\n" + RIS + "TY  - JOUR\nTI  - C\nAB  - D")
    assert [r.title for r in result.records] == ["A", "Small Things", "Large Things", "C"]
    assert [(w.line, w.reason) for w in result.warnings] == [
        (1, "the record is not ended by ER"),
        (24, "the record is not ended by ER"),
    ]
