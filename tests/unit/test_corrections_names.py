"""Corrections of names and entities: each kind, in the concepts and edges that come out; and undoing them."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papergraph.corrections import Correction, Kind, Outcome, Status
from papergraph.corrections.table import correction
from papergraph.model import (
    Concept,
    Entity,
    EntityType,
    Evidence,
    Origin,
    Paper,
    PaperConcept,
    Role,
    RoleClaim,
    Span,
)
from papergraph.origins import OriginRow
from papergraph.registry import Registry
from papergraph.resolve import Resolution, resolve
from papergraph.resolve.lexicon import Lexicon
from papergraph.resolve.senses import Union

METHOD, MODEL, BENCHMARK, TASK = EntityType.METHOD, EntityType.MODEL, EntityType.BENCHMARK, EntityType.TASK
ORIGIN = Origin("Chain-of-Thought Prompting Elicits Reasoning in Large Language Models", 2022, "2201.11903")
LEXICON = Lexicon.of(
    [
        OriginRow("chain-of-thought prompting", ("CoT", "chain of thought"), METHOD, "", ORIGIN),
        OriginRow("tree of thoughts", ("ToT",), METHOD, "", None),
        OriginRow("LLaMA", (), MODEL, "", Origin("LLaMA: Open Models", 2023, None)),
        OriginRow("GLUE", (), BENCHMARK, "", None),
        OriginRow("SuperGLUE", (), BENCHMARK, "", None),
    ]
)
TEXTS = {
    "a": (
        "StepNet: Small Steps",
        "StepNet extends CoT prompting. It wins on GLUE.",
        [
            ("StepNet", MODEL, Role.INTRODUCES),
            ("CoT prompting", METHOD, Role.BUILDS_ON),
            ("GLUE", BENCHMARK, Role.EVALUATES_ON),
        ],
    ),
    "b": (
        "On Chains",
        "We use chain of thought and a reasoning engine on LLaMA-7B.",
        [
            ("chain of thought", METHOD, Role.USES),
            ("reasoning engine", METHOD, Role.USES),
            ("LLaMA-7B", MODEL, Role.USES),
        ],
    ),
    "c": (
        "CoT Again",
        "CoT helps StepNet. The reasoning engine is slow. SuperGLUE is hard.",
        [
            ("CoT", METHOD, Role.USES),
            ("StepNet", MODEL, Role.COMPARES_WITH),
            ("reasoning engine", TASK, Role.MENTIONS),
        ],
    ),
    "d": (
        "Step Networks",
        "A step network walks on. Nothing else is named but tree of thoughts.",
        [("step network", MODEL, Role.INTRODUCES)],
    ),
}


def paper(id_: str) -> Paper:
    return Paper(id_, TEXTS[id_][0], TEXTS[id_][1], year=2024)


def entity(p: Paper, name: str, kind: EntityType, role: Role) -> Entity:
    found = [
        Span(f, t.index(name), t.index(name) + len(name))
        for f, t in (("title", p.title), ("abstract", p.abstract))
        if name in t
    ]
    text = p.title if found[0].field == "title" else p.abstract
    evidence = (Evidence(text, Span(found[0].field, 0, len(text))),)
    return Entity(name, (), kind, 0.8, (RoleClaim(role, 0.8, evidence),), tuple(found))


PAPERS = [paper(i) for i in TEXTS]
ENTITIES = {p.id: tuple(entity(p, *e) for e in TEXTS[p.id][2]) for p in PAPERS}


def row(kind: str, number: int = 1, **cells: str) -> Correction:
    made = correction({"kind": kind, **cells}, number, number + 1)
    assert not made.problem, made.problem
    return made


def resolved(*rows: Correction, registry: Registry | None = None) -> Resolution:
    """With the corrections, after the registry learnt what it learns without them, as a build does."""
    registry = registry or Registry()
    resolve(PAPERS, ENTITIES, registry, LEXICON)
    copy = Registry.from_json(registry.to_json())
    return resolve(PAPERS, ENTITIES, copy, LEXICON, corrections=rows)


def concepts(found: Resolution) -> dict[str, Concept]:
    return {c.name: c for c in found.concepts if c.paper_count}


def edges(found: Resolution, name: str) -> dict[str, PaperConcept]:
    id_ = concepts(found)[name].id
    return {e.paper: e for e in found.paper_concepts if e.concept == id_}


def only(found: Resolution) -> Outcome:
    (outcome,) = found.outcomes
    return outcome


def test_the_example_without_corrections() -> None:
    found = resolved()
    assert set(edges(found, "chain-of-thought prompting")) == {"a", "b", "c"}
    assert set(edges(found, "StepNet")) == {"a", "c"}
    assert set(edges(found, "reasoning engine")) == {"b", "c"}
    assert {"step network", "GLUE", "SuperGLUE", "tree of thoughts", "LLaMA-7B"} <= set(concepts(found))
    assert "LLaMA" in {c.name for c in found.concepts}, "the family of what a paper names"
    assert found.outcomes == []


def test_two_names_become_one_and_the_second_stays() -> None:
    found = resolved(row("merge", name="step network", other="StepNet"))
    merged = concepts(found)["StepNet"]
    assert "step network" not in concepts(found)
    assert "step network" in merged.aliases
    assert set(edges(found, "StepNet")) == {"a", "c", "d"}
    assert (only(found).status, only(found).papers, only(found).concepts) == (
        Status.APPLIED,
        ("a", "c", "d"),
        (merged.id,),
    )
    other = resolved(row("merge", name="StepNet", other="step network"))
    assert set(edges(other, "step network")) == {"a", "c", "d"}


def test_merging_minds_no_types_and_goes_on_in_chains() -> None:
    rows = [
        row("merge", 1, name="GLUE", other="reasoning engine"),
        row("merge", 2, name="reasoning engine", other="chain of thought"),
    ]
    for order in (rows, rows[::-1]):
        found = resolved(*order)
        assert set(edges(found, "chain-of-thought prompting")) == {"a", "b", "c"}
        assert not {"GLUE", "reasoning engine"} & set(concepts(found))
        assert {o.status for o in found.outcomes} == {Status.APPLIED}


def test_well_known_names_that_only_texts_hold_can_be_merged() -> None:
    found = resolved(row("merge", name="SuperGLUE", other="tree of thoughts"))
    assert set(edges(found, "tree of thoughts")) == {"c", "d"}
    assert "SuperGLUE" in concepts(found)["tree of thoughts"].aliases
    found = resolved(row("merge", name="SuperGLUE", other="GLUE"))
    assert set(edges(found, "GLUE")) == {"a", "c"}


def test_names_are_kept_apart_whatever_would_join_them() -> None:
    found = resolved(row("apart", name="CoT", other="chain of thought"))
    assert set(edges(found, "chain-of-thought prompting")) == {"b"}
    assert set(edges(found, "CoT prompting")) == {"a", "c"}
    assert "chain of thought" not in concepts(found)["CoT prompting"].aliases
    assert only(found).status is Status.APPLIED
    assert len(only(found).concepts) == 2


def test_of_parted_names_the_one_that_the_id_was_made_of_keeps_it() -> None:
    before = concepts(resolved())["chain-of-thought prompting"].id
    found = concepts(resolved(row("apart", name="CoT", other="chain of thought")))
    assert found["chain-of-thought prompting"].id == before
    assert found["CoT prompting"].id == "cot-prompting"


def test_what_is_written_alike_cannot_be_parted() -> None:
    found = resolved(row("apart", name="GLUE", other="glue"))
    assert (only(found).status, only(found).concepts) == (Status.NOT_APPLIED, ())
    assert "written alike" in only(found).reason


def test_no_entity_anywhere_is_no_concept_nor_found_in_a_text() -> None:
    for name, gone in (
        ("reasoning engine", "reasoning engine"),
        ("CoT", "chain-of-thought prompting"),
        ("SuperGLUE", "SuperGLUE"),
    ):
        found = resolved(row("not-entity", name=name))
        assert gone not in {c.name for c in found.concepts}
        assert not [e for e in found.paper_concepts if e.name == name]
        assert only(found).status is Status.APPLIED
        assert only(found).concepts == ()
    assert only(resolved(row("not-entity", name="reasoning engine"))).papers == ("b", "c")


def test_no_entity_is_not_brought_back_as_the_family_of_another() -> None:
    assert "LLaMA" not in {c.name for c in resolved(row("not-entity", name="LLaMA")).concepts}


def test_no_entity_in_one_paper_stays_one_in_others() -> None:
    found = resolved(row("not-entity", paper="On Chains", name="reasoning engine"))
    assert set(edges(found, "reasoning engine")) == {"c"}
    assert (only(found).status, only(found).papers) == (Status.APPLIED, ("b",))


def test_a_mention_in_a_text_can_be_taken_out_of_one_paper() -> None:
    assert "c" in edges(resolved(), "SuperGLUE")
    found = resolved(row("not-entity", paper="c", name="SuperGLUE"))
    assert "SuperGLUE" not in concepts(found)
    assert only(found).status is Status.APPLIED


def test_taking_an_entity_out_frees_the_shorter_name_within_it() -> None:
    found = resolved(row("not-entity", paper="b", name="LLaMA-7B"))
    assert "LLaMA-7B" not in concepts(found)


def test_a_role_is_what_was_ruled_with_the_evidence_that_there_is() -> None:
    found = resolved(row("role", paper="b", name="CoT", value="builds on"))
    edge = edges(found, "chain-of-thought prompting")["b"]
    assert (edge.role, edge.confidence, edge.name) == (Role.BUILDS_ON, 1.0, "chain of thought")
    assert edge.evidence
    assert [e.role for e in found.paper_concepts if e.paper == "b" and e.concept == edge.concept] == [
        Role.BUILDS_ON
    ]


def test_a_role_makes_an_entity_of_what_extraction_passed_over() -> None:
    found = resolved(row("role", paper="d", name="ToT", value="compares_with"))
    edge = edges(found, "tree of thoughts")["d"]
    assert (edge.role, edge.name, edge.type) == (Role.COMPARES_WITH, "tree of thoughts", METHOD)
    text = TEXTS["d"][1]
    assert [text[s.start : s.end] for s in edge.spans] == ["tree of thoughts"]
    assert [e.text for e in edge.evidence] == ["Nothing else is named but tree of thoughts."]
    missing = resolved(row("role", paper="d", name="GLUE", value="uses"))
    assert (only(missing).status, only(missing).reason) == (Status.NOT_APPLIED, "the paper does not name it")


def test_a_type_is_that_of_the_concept_and_its_papers_or_of_one_paper() -> None:
    found = resolved(row("type", name="reasoning engine", value="Task"))
    assert concepts(found)["reasoning engine"].type is TASK
    assert {e.type for e in edges(found, "reasoning engine").values()} == {TASK}
    assert concepts(resolved(row("type", name="GLUE", value="Task")))["GLUE"].type is TASK, "over the table"
    one = resolved(row("type", paper="c", name="reasoning engine", value="Model"))
    types = {p: e.type for p, e in edges(one, "reasoning engine").items()}
    assert types == {"b": METHOD, "c": MODEL}


def test_a_name_that_came_with_a_correction_can_be_ruled_on() -> None:
    found = resolved(
        row("apart", 1, name="CoT", other="chain of thought"),
        row("type", 2, name="CoT", value="Model"),
        row("merge", 3, name="step network", other="StepNet"),
        row("role", 4, paper="d", name="StepNet", value="uses"),
    )
    assert {o.status for o in found.outcomes} == {Status.APPLIED}
    types = {c.name: c.type for c in found.concepts}
    assert types["chain-of-thought prompting"] is METHOD
    assert types["CoT prompting"] is MODEL
    assert edges(found, "StepNet")["d"].role is Role.USES


@pytest.mark.parametrize(
    ("rows", "winner"),
    [
        (
            (
                ("role", {"paper": "b", "name": "CoT", "value": "uses"}),
                ("role", {"paper": "On Chains", "name": "chain of thought", "value": "mentions"}),
            ),
            1,
        ),
        (
            (
                ("merge", {"name": "StepNet", "other": "step network"}),
                ("apart", {"name": "step network", "other": "StepNet"}),
            ),
            1,
        ),
        (
            (
                ("not-entity", {"paper": "b", "name": "CoT"}),
                ("role", {"paper": "b", "name": "CoT", "value": "uses"}),
            ),
            1,
        ),
        (
            (
                ("type", {"name": "CoT", "value": "Task"}),
                ("type", {"name": "chain of thought", "value": "Model"}),
            ),
            1,
        ),
    ],
)
def test_of_two_rulings_on_one_thing_the_last_counts(
    rows: Sequence[tuple[str, dict[str, str]]], winner: int
) -> None:
    found = resolved(*(row(kind, i, **cells) for i, (kind, cells) in enumerate(rows, 1)))
    assert [o.status for o in found.outcomes] == [Status.OVERRULED, Status.APPLIED]
    assert "line 3" in found.outcomes[0].reason
    alone = resolved(row(rows[winner][0], 2, **rows[winner][1]))
    assert (found.concepts, found.paper_concepts) == (alone.concepts, alone.paper_concepts)


def test_what_one_ruling_took_away_another_cannot_rule_on() -> None:
    found = resolved(
        row("role", 1, paper="b", name="CoT", value="uses"), row("not-entity", 2, name="chain of thought")
    )
    assert [o.status for o in found.outcomes] == [Status.NOT_APPLIED, Status.APPLIED]
    found = resolved(
        row("apart", 1, name="GLUE", other="SuperGLUE"),
        row("merge", 2, name="GLUE", other="StepNet"),
        row("merge", 3, name="SuperGLUE", other="StepNet"),
    )
    assert [o.status for o in found.outcomes] == [Status.APPLIED, Status.APPLIED, Status.NOT_APPLIED]
    assert "keeps them apart" in found.outcomes[2].reason


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (row("merge", name="Nowhere", other="StepNet"), "'Nowhere'"),
        (row("merge", name="StepNet", other="Nowhere"), "'Nowhere'"),
        (row("apart", name="StepNet", other="Nowhere"), "'Nowhere'"),
        (row("not-entity", name="Nowhere"), "'Nowhere'"),
        (row("not-entity", paper="No Such Paper", name="StepNet"), "'No Such Paper'"),
        (row("not-entity", paper="d", name="GLUE"), "does not name it"),
        (row("type", name="!!!", value="Task"), "'!!!'"),
    ],
)
def test_what_is_no_longer_there_is_reported_and_changes_nothing(made: Correction, words: str) -> None:
    found = resolved(made)
    assert only(found).status is Status.NOT_APPLIED
    assert words in only(found).reason
    plain = resolved()
    assert (found.concepts, found.paper_concepts, found.variants) == (
        plain.concepts,
        plain.paper_concepts,
        plain.variants,
    )


def test_concepts_are_found_by_the_id_that_they_have() -> None:
    id_ = concepts(resolved())["chain-of-thought prompting"].id
    found = resolved(row("type", name=id_, value="Task"))
    assert concepts(found)["chain-of-thought prompting"].type is TASK


NAMES = (
    "CoT",
    "chain of thought",
    "StepNet",
    "step network",
    "GLUE",
    "SuperGLUE",
    "reasoning engine",
    "LLaMA",
    "ToT",
    "Nowhere",
    "",
)
wild = st.builds(
    lambda kind, paper, name, other, value: {
        "kind": kind,
        "paper": paper,
        "name": name,
        "other": other,
        "value": value,
    },
    st.sampled_from([k for k in Kind if "edge" not in k]),
    st.sampled_from(["", "", "a", "b", "On Chains", "zzz"]),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from([*Role, *EntityType, ""]),
)


@given(st.lists(wild, max_size=6))
def test_any_corrections_leave_a_whole_graph_and_the_ids_of_what_they_do_not_touch(
    rows: list[dict[str, str]],
) -> None:
    made = [c for i, cells in enumerate(rows, 1) if not (c := correction(cells, i, i + 1)).problem]
    registry = Registry()
    plain = resolve(PAPERS, ENTITIES, registry, LEXICON)
    learnt = registry.to_json()
    found = resolve(PAPERS, ENTITIES, Registry.from_json(learnt), LEXICON, corrections=made)
    ids = {c.id for c in found.concepts}
    assert len(ids) == len(found.concepts)
    assert {e.concept for e in found.paper_concepts} <= ids
    assert {i for v in found.variants for i in (v.source, v.target)} <= ids
    assert [o.correction.number for o in found.outcomes] == [c.number for c in made]
    assert all(o.reason for o in found.outcomes if o.status is not Status.APPLIED)
    assert all(set(o.concepts) <= ids for o in found.outcomes)
    for e in found.paper_concepts:
        own = next(p for p in PAPERS if p.id == e.paper)
        assert all(
            (own.title if v.at.field == "title" else own.abstract)[v.at.start : v.at.end] == v.text
            for v in e.evidence
        )
    if not [o for o in found.outcomes if o.status is Status.APPLIED]:
        assert (found.concepts, found.paper_concepts) == (plain.concepts, plain.paper_concepts)
    again = resolve(PAPERS, ENTITIES, Registry.from_json(learnt), LEXICON, corrections=made)
    assert again == found
    undone = resolve(PAPERS, ENTITIES, Registry.from_json(learnt), LEXICON)
    assert (undone.concepts, undone.paper_concepts) == (plain.concepts, plain.paper_concepts)


nodes = st.sampled_from("abcdef")


@given(
    st.lists(st.tuples(nodes, nodes), max_size=4),
    st.lists(st.tuples(nodes, nodes, st.booleans()), max_size=12),
)
def test_a_union_never_joins_what_was_parted(
    apart: list[tuple[str, str]], joins: list[tuple[str, str, bool]]
) -> None:
    union = Union({})
    parted = [p for p in apart if union.part(*p)]
    for a, b, anyway in joins:
        assert union.join(a, b, anyway=anyway) is (union.find(a) == union.find(b))
    for a, b in parted:
        assert union.find(a) != union.find(b)
        assert union.parted(a, b)
