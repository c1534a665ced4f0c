"""The table of origins: its form, and that it can be read as one vocabulary."""

import csv
import re
from collections import Counter

import pytest

from papergraph import origins
from papergraph.assets import data
from papergraph.errors import InputError
from papergraph.model import EntityType
from papergraph.origins import COLUMNS, OriginRow
from papergraph.text import fold_name, fold_title

ROWS = origins.load()
ARXIV = re.compile(r"\d{2}(?:0[1-9]|1[0-2])\.(?:\d{4}|\d{5})")


def surfaces(row: OriginRow) -> list[str]:
    return [row.name, *row.aliases]


def test_it_is_a_plain_table_in_order() -> None:
    with data("origins.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    assert tuple(table[0]) == COLUMNS
    assert len(table) - 1 == len(ROWS) >= 250
    assert all(cell == " ".join(cell.split()) for row in table for cell in row)
    kinds = [EntityType.METHOD, EntityType.MODEL, EntityType.BENCHMARK]
    keys = [(kinds.index(row.type), fold_name(row.name), row.name) for row in ROWS]
    assert keys == sorted(keys)


def test_no_name_or_alias_stands_for_two_things() -> None:
    counts = Counter(fold_name(s) for row in ROWS for s in surfaces(row))
    assert [folded for folded, n in counts.items() if n > 1 or not folded] == []


def test_a_term_adds_forms_to_one_row_of_its_type_at_most() -> None:
    ours = {fold_name(s): row for row in ROWS for s in surfaces(row)}
    for term in origins.terms():
        met = {ours[f].name: ours[f] for f in map(fold_name, surfaces(term)) if f in ours}
        assert len(met) <= 1, (term.name, sorted(met))
        assert all(row.type is term.type for row in met.values()), term.name


def test_variants_point_to_rows_of_the_same_kind_and_end() -> None:
    by_name = {row.name: row for row in ROWS}
    for row in ROWS:
        seen = {row.name}
        while row.variant_of:
            parent = by_name[row.variant_of]
            assert parent.name not in seen, f"{parent.name} is a variant of itself"
            assert (parent.type is EntityType.BENCHMARK) == (row.type is EntityType.BENCHMARK), row.name
            seen.add(parent.name)
            row = parent


def test_a_variant_is_no_older_than_what_it_varies() -> None:
    by_name = {row.name: row for row in ROWS}
    for row in ROWS:
        if row.variant_of:
            parent = by_name[row.variant_of]
            assert row.origin and parent.origin
            assert row.origin.year >= parent.origin.year, (row.name, parent.name)


def test_every_origin_has_a_title_and_a_year_that_its_arxiv_id_confirms() -> None:
    for row in ROWS:
        assert row.origin and len(row.origin.title) > 3, row.name
        assert 1950 <= row.origin.year <= 2026, row.name
        if row.origin.arxiv_id:
            assert ARXIV.fullmatch(row.origin.arxiv_id), row.name
            # Four digits after the dot until 2014, five since.
            number = row.origin.arxiv_id.partition(".")[2]
            assert (len(number) == 5) == (row.origin.arxiv_id >= "1501"), row.name
            assert abs(2000 + int(row.origin.arxiv_id[:2]) - row.origin.year) <= 1, row.name


def test_a_paper_has_one_title_one_year_and_one_id() -> None:
    by_title: dict[str, set[tuple[str, int, str | None]]] = {}
    by_id: dict[str, set[str]] = {}
    for row in ROWS:
        assert row.origin
        by_title.setdefault(fold_title(row.origin.title), set()).add(
            (row.origin.title, row.origin.year, row.origin.arxiv_id)
        )
        if row.origin.arxiv_id:
            by_id.setdefault(row.origin.arxiv_id, set()).add(row.origin.title)
    assert [papers for papers in by_title.values() if len(papers) > 1] == []
    assert [titles for titles in by_id.values() if len(titles) > 1] == []


@pytest.mark.parametrize(
    ("surface", "name", "year", "arxiv_id"),
    [
        ("BERT", "BERT", 2018, "1810.04805"),
        ("CoT", "Chain-of-thought", 2022, "2201.11903"),
        ("Low-Rank Adaptation", "LoRA", 2021, "2106.09685"),
        ("MoE", "Mixture-of-Experts", 1991, None),
        ("MS COCO", "COCO", 2014, "1405.0312"),
    ],
)
def test_well_known_names_are_found(surface: str, name: str, year: int, arxiv_id: str | None) -> None:
    (row,) = [r for r in ROWS if fold_name(surface) in map(fold_name, surfaces(r))]
    assert row.origin
    assert (row.name, row.origin.year, row.origin.arxiv_id) == (name, year, arxiv_id)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,type\n", "columns must be"),
        (",".join(COLUMNS) + "\nBERT,,Modell,,A title,2018,\n", ":2: 'Modell'"),
        (",".join(COLUMNS) + "\nBERT,,Model,,A title,soon,\n", ":2: "),
        (",".join(COLUMNS) + "\nBERT,,Model\n", ":2: another number of cells"),
    ],
)
def test_a_bad_table_is_refused_with_file_and_line(tmp_path, text: str, message: str) -> None:
    path = tmp_path / "origins.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        origins.read(path)
    assert str(path) in str(caught.value)
