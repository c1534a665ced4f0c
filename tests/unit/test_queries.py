"""The query files: their headers, the renderer, and values as people type them; without a server."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papergraph import assets
from papergraph.errors import NotFoundError, UsageError
from papergraph.model import Label, Rel, Role
from papergraph.queries import (
    MAX_HOPS,
    Dialect,
    NamedQuery,
    bind,
    find,
    internal_queries,
    named_queries,
    parse,
    render,
    run_named,
    statements,
)

HEADER = """// title: Papers of a concept
// description: One line
//   and another.
// parameter concept (concept), e.g. A: b, with a colon: What to look for
// parameter limit (int, default 25): Most rows
MATCH (c:Concept {id: $concept})
RETURN c.id AS id LIMIT $limit;
"""


def query(text: str) -> NamedQuery:
    return parse("example", text)


def test_a_header_is_read() -> None:
    found = query(HEADER)
    assert (found.title, found.description) == ("Papers of a concept", "One line and another.")
    concept, limit = found.parameters
    assert (concept.type, concept.example, concept.default, concept.help) == (
        "concept",
        "A: b, with a colon",
        None,
        "What to look for",
    )
    assert (limit.default, limit.example) == ("25", "")
    assert found.cypher == "MATCH (c:Concept {id: $concept})\nRETURN c.id AS id LIMIT $limit"


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (n) RETURN n",
        "// title: x\nRETURN 1",
        "// title: x\n// description: y\n// parameter p (no_such_type): z\nRETURN 1",
        "// title: x\n// description: y\n// parameter p: z\nRETURN 1",
        "// title: x\n// description: y\n// other: z\nRETURN 1",
    ],
)
def test_a_header_that_is_not_as_it_must_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        query(text)


def test_there_are_enough_questions_and_each_says_what_it_is() -> None:
    assert len(named_queries()) >= 20
    for name, found in named_queries().items():
        assert re.fullmatch(r"[a-z][a-z_]*", name)
        assert found.title[0].isupper()
        assert not found.title.endswith(".")
        assert found.description.endswith(".")
        assert "ORDER BY" in found.cypher, f"{name} gives rows in no order"
        for p in found.parameters:
            assert p.example, f"{name}: {p.name} has no example"
            assert p.help[0].isupper()


def test_every_parameter_is_used_and_every_one_used_is_declared() -> None:
    for name, found in {**named_queries(), **internal_queries()}.items():
        declared = {p.name for p in found.parameters}
        for dialect in Dialect:
            text = found.text(dialect)
            assert set(re.findall(r"\$(\w+)", text)) | set(re.findall(r"\{\{(\w+)\}\}", text)) == declared, (
                name
            )


def test_every_variant_has_a_query_and_every_word_is_of_the_model() -> None:
    names = {**named_queries(), **internal_queries()}
    for dialect in Dialect:
        for path in (assets.folder("cypher") / dialect / "variants").glob("*.cypher"):
            assert path.stem in names
    known = {*Label, *Rel}
    for found in names.values():
        for dialect in Dialect:
            text = re.sub(r"'[^']*'", "''", found.text(dialect))
            for words in re.findall(r"(?<=[(\[\w]):\s?([A-Z]\w*(?:\|\w+)*)", text):
                assert set(words.split("|")) <= known, found.name


def test_no_name_is_both_a_question_and_internal() -> None:
    assert not set(named_queries()) & set(internal_queries())


def test_scripts_are_taken_apart_into_statements() -> None:
    for dialect in Dialect:
        found = statements(dialect, "schema")
        assert len(found) > 4
        assert all(s.startswith("CREATE ") and ";" not in s and "//" not in s for s in found)


def test_markers_take_path_lengths_and_words_of_the_model_only() -> None:
    assert (
        render("-[:{{kinds}}*1..{{depth}}]-", {"kinds": [Rel.USES, Rel.CITES], "depth": 3})
        == "-[:USES|CITES*1..3]-"
    )
    assert render("(:{{label}})", {"label": Label.PAPER}) == "(:Paper)"
    for bad in (0, MAX_HOPS + 1, -1, True, "USES]->() DELETE n //", ["USES", "x"], [], "", "uses", 2.5):
        with pytest.raises(UsageError):
            render("{{x}}", {"x": bad})  # type: ignore[dict-item]
    with pytest.raises(UsageError, match="depth"):
        render("{{depth}}", {})


@settings(deadline=None)
@given(st.text() | st.integers() | st.lists(st.text(), max_size=3))
def test_nothing_else_is_ever_rendered(value: Any) -> None:
    try:
        shown = render("{{x}}", {"x": value})
    except UsageError:
        return
    assert shown.isdecimal() or set(shown.split("|")) <= {*Label, *Rel}


def test_values_never_enter_the_text() -> None:
    text, values = bind(query(HEADER), Dialect.NEO4J, {"concept": "x'}) DETACH DELETE n //"})
    assert "DELETE" not in text
    assert values == {"concept": "x'}) DETACH DELETE n //", "limit": 25}


def test_missing_and_unknown_parameters_are_named() -> None:
    with pytest.raises(UsageError, match=r"needs a value for concept, for example concept=A: b"):
        bind(query(HEADER), Dialect.NEO4J, {})
    with pytest.raises(UsageError, match="no parameter 'x'") as raised:
        bind(query(HEADER), Dialect.NEO4J, {"concept": "a", "x": 1})
    assert "concept, limit" in raised.value.hint


def test_an_unknown_query_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="paper_of_concept") as raised:
        find("paper_of_concept")
    assert "papers_of_concept" in raised.value.hint


class Names:
    """A store that knows two concepts and one paper, and gives back what a named query was asked with."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}

    def run(self, name: str, /, **parameters: Any) -> list[dict[str, Any]]:
        if name == "concept_by_name":
            ids = {"bert": "bert", "glue": "glue-1"}
            return [{"id": i} for n, i in ids.items() if n == parameters["name"].casefold()]
        if name == "concept_names":
            return [{"name": "BERT", "aliases": []}, {"name": "GLUE", "aliases": ["the GLUE benchmark"]}]
        if name.endswith(("_by_name", "_names")):
            return []
        self.asked = parameters
        return [{"ok": True}]


def test_named_queries_take_names_numbers_and_words_as_typed() -> None:
    store: Any = Names()
    run_named(store, "papers_of_concept", {"concept": "BERT", "roles": "uses, Builds_On", "limit": " 7 "})
    assert store.asked == {"concept": "bert", "roles": ["uses", "builds_on"], "limit": 7}
    run_named(store, "shared_by_concepts", {"first": "bert", "second": "Glue"})
    assert store.asked == {"first": "bert", "second": "glue-1"}


@pytest.mark.parametrize(
    ("name", "values", "word"),
    [
        ("papers_of_concept", {"concept": "BERT", "limit": "many"}, "whole number"),
        ("papers_of_concept", {"concept": "BERT", "limit": "9" * 30}, "whole number"),
        ("papers_of_concept", {"concept": "BERT", "roles": "likes"}, "introduces"),
        ("papers_of_concept", {"concept": "  "}, "text"),
        ("papers_of_concept", {"concept": "BERT", "nope": "1"}, "nope"),
        ("stated_links", {"confidence": "nan"}, "number"),
        ("ancestors", {"depth": "7"}, "from 1 to 6"),
        ("shared_benchmarks", {"papers": " ; "}, "semicolons"),
    ],
)
def test_values_that_cannot_be_are_named(name: str, values: dict[str, str], word: str) -> None:
    store: Any = Names()
    with pytest.raises(UsageError, match=word):
        run_named(store, name, values)


def test_a_name_that_the_graph_does_not_hold_suggests_the_nearest() -> None:
    store: Any = Names()
    with pytest.raises(NotFoundError, match="no concept 'BRET'") as raised:
        run_named(store, "papers_of_concept", {"concept": "BRET"})
    assert "BERT" in raised.value.hint
    with pytest.raises(NotFoundError, match="no named query"):
        run_named(store, "counts", {})


def test_all_means_every_word() -> None:
    _, values = bind(named_queries()["papers_of_concept"], Dialect.NEO4J, {"concept": "bert"})
    assert values["roles"] == list(Role)
