"""The questions over a small graph with known answers, on the embedded store."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from question_graph import HOSTILE, PAPERS, question_graph
from synthetic import write_graph

from papergraph import questions
from papergraph.errors import NotFoundError, UsageError
from papergraph.model import Role
from papergraph.questions.answers import Hit, Quote
from papergraph.store import GraphStore, open_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    directory = tmp_path_factory.mktemp("questions") / "graph"
    write_graph(directory, question_graph())
    opened = open_store(str(directory))
    yield opened
    opened.close()


class NearTo:
    """An embedder whose every text is near to one listed paper and at right angles to all others."""

    def __init__(self, store: GraphStore, paper: str) -> None:
        held = store.vectors()
        row, *_ = np.linalg.lstsq(held.matrix, np.array([i == paper for i in held.ids], float), rcond=None)
        self.row = row / np.linalg.norm(row)

    def embed(self, texts: list[str]) -> np.ndarray:
        return np.stack([self.row for _ in texts])


def ids(hits: list[Any]) -> list[str]:
    return [h.id for h in hits]


def stands(quote: Quote, paper: str) -> bool:
    text = PAPERS[paper][0] if quote.field == "title" else PAPERS[paper][1]
    return text[quote.start : quote.end] == quote.text


# --- names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "concept", "how"),
    [
        ("BERT", "bert", "name"),
        ("bert", "bert", "name"),
        ("Bidirectional encoder representation", "bert", "alias"),
        ("Chain of Thought", "chain-of-thought", "name"),
        ("chain-of-thought prompting", "chain-of-thought", "alias"),
        ("the BERT model", "bert", "alias"),
        ("Low-Rank Adaptation (LoRA)", "lora", "alias"),
        ("knowlege distilation", "knowledge-distillation", "spelling"),
        ("CoT", "chain-of-thought", "alias"),  # more papers than Cache-of-Thought
    ],
)
def test_a_typed_name_finds_its_concept(store: GraphStore, asked: str, concept: str, how: str) -> None:
    found = questions.names(store).resolve(asked)
    assert (found.concept.id, found.how) == (concept, how)


def test_other_concepts_of_a_name_are_named(store: GraphStore) -> None:
    assert [c.id for c in questions.names(store).resolve("CoT").others] == ["cache-of-thought"]


@pytest.mark.parametrize("asked", ["GPT-5", "GSM9K", "LoRB", "Quiet-STaR"])
def test_a_number_or_a_short_name_is_not_a_misspelling(store: GraphStore, asked: str) -> None:
    with pytest.raises(NotFoundError) as error:
        questions.names(store).resolve(asked)
    assert "nearest names: " in error.value.hint


def test_a_name_without_letters_is_refused(store: GraphStore) -> None:
    with pytest.raises(UsageError):
        questions.names(store).resolve(" ?! ")


@pytest.mark.parametrize(
    ("asked", "paper"),
    [
        ("bert", "bert"),
        ("10.1000/BERT", "bert"),
        ("https://doi.org/10.1000/bert", "bert"),
        ("arXiv:1706.03762", "origin"),
        ("attention is all you need!", "origin"),
        ("Teaching Small", "teach"),
        ("Teachng Small Models to Reason", "teach"),
        ("Chain of thought", "cot"),
        ("transformer", "origin"),
        (HOSTILE, "hostile"),
    ],
)
def test_a_paper_is_found_by_id_title_label_system_or_beginning(
    store: GraphStore, asked: str, paper: str
) -> None:
    assert questions.names(store).resolve_paper(asked).paper.id == paper


def test_an_unknown_paper_gets_the_nearest_titles(store: GraphStore) -> None:
    with pytest.raises(NotFoundError, match="no paper here") as error:
        questions.names(store).resolve_paper("Small Models That Cook")
    assert "Teaching Small Models to Reason" in error.value.hint


# --- connected -------------------------------------------------------------------------------------------


def test_connected_gives_role_and_verbatim_evidence(store: GraphStore) -> None:
    hits = questions.connected(store, ["BERT"])
    assert [(h.id, h.role, h.match) for h in hits] == [
        ("bert", "introduces", "name"),
        ("distil", "builds_on", "name"),
    ]
    assert hits[1].evidence[0].text == "We distil BERT with knowledge distillation."
    assert all(stands(q, h.id) for h in hits for c in h.connections for q in c.evidence)
    assert [c.role for c in hits[1].connections] == ["builds_on", "compares_with"]


def test_variants_come_only_when_asked_or_when_nothing_else_is_there(store: GraphStore) -> None:
    assert ids(questions.connected(store, ["GPT-4"])) == ["teach", "cot"]
    with_variants = questions.connected(store, ["GPT-4"], variants=True)
    assert [(h.id, h.match) for h in with_variants] == [
        ("teach", "name"),
        ("cot", "name"),
        ("omni", "variant"),
    ]
    family = questions.connected(store, ["GPT"])
    assert {(h.id, h.match) for h in family} == {
        ("teach", "variant"),
        ("cot", "variant"),
        ("omni", "variant"),
    }
    assert questions.connected(store, ["GPT"], exact=True) == []


def test_several_names_join_or_meet(store: GraphStore) -> None:
    names = ["chain-of-thought", "knowledge distillation"]
    assert ids(questions.connected(store, names)) == ["teach"]
    assert set(ids(questions.connected(store, names, mode="any"))) == {"teach", "cot", "distil"}
    assert {c.concept_id for c in questions.connected(store, names)[0].connections} == {
        "chain-of-thought",
        "knowledge-distillation",
    }


def test_roles_narrow_connections(store: GraphStore) -> None:
    assert ids(questions.connected(store, ["knowledge distillation"], roles=[Role.BUILDS_ON])) == ["teach"]
    assert questions.connected(store, ["LoRA"], roles=[Role.INTRODUCES]) == []


def test_about_keeps_what_is_about_it(store: GraphStore) -> None:
    hits = questions.connected(store, ["chain-of-thought"], about="distillation into small models")
    assert ids(hits) == ["teach"]
    assert hits[0].relevance is not None
    assert hits[0].relevance > 0.5


def test_meaning_needs_a_near_text_and_says_so(store: GraphStore) -> None:
    near = NearTo(store, "omni")
    hits = questions.connected(store, ["chain-of-thought"], about="describe pictures", embedder=near)
    assert [(h.id, h.match, h.role) for h in hits] == [("omni", "meaning", None)]
    assert (
        questions.connected(store, ["chain-of-thought"], about="describe pictures", exact=True, embedder=near)
        == []
    )


def test_about_without_a_name(store: GraphStore) -> None:
    hits = questions.connected(store, [], about="describe pictures")
    assert [(h.id, h.match) for h in hits] == [("omni", "meaning")]


def test_nothing_asked_is_refused(store: GraphStore) -> None:
    with pytest.raises(UsageError):
        questions.connected(store, [])
    with pytest.raises(UsageError):
        questions.connected(store, ["BERT"], mode="some")


def test_answers_are_plain_json(store: GraphStore) -> None:
    (hit, *_) = questions.connected(store, ["BERT"])
    row = json.loads(json.dumps(hit.as_dict()))
    assert {"title", "role", "type", "match", "confidence", "evidence"} <= set(row)
    assert row["evidence"][0] == {"text": "We introduce BERT.", "field": "abstract", "start": 0, "end": 18}
    assert isinstance(hit, Hit)


# --- neighbours, lineage, path ---------------------------------------------------------------------------


def test_similar_keeps_rank_and_names_what_is_shared(store: GraphStore) -> None:
    (found,) = questions.similar(store, "Teaching Small")
    assert (found.id, found.rank, found.mutual, found.shared) == (
        "cot",
        1,
        True,
        ("chain-of-thought", "GSM8K"),
    )
    assert (found.problem, found.approach) == (0.7, 0.4)
    assert questions.similar(store, "Soil of Mars") == []


def test_scores_of_the_views_stand_beside_the_overall_one(store: GraphStore) -> None:
    edges = questions.neighbourhood(store, ["teach"], kinds=["similar"]).edges
    found = {e.source: e for e in edges}
    assert "(0.80, in both lists; same problem 0.70; same approach 0.40)" in found["cot"].reason
    assert (found["cot"].problem, found["cot"].approach) == (0.7, 0.4)
    assert "near in subject and words (0.55)" in found["distil"].reason


def test_lineage_reaches_papers_outside_the_listing(store: GraphStore) -> None:
    up = questions.lineage(store, "DistilBERT", "ancestors", 3)
    assert [(a.id, a.depth, a.listed, a.basis, a.parent_id) for a in up] == [
        ("bert", 1, True, "stated", "distil"),
        ("origin", 2, False, "stated", "bert"),
    ]
    assert up[0].reason == "distils BERT"
    assert ids(questions.lineage(store, "DistilBERT", "ancestors", 1)) == ["bert"]
    assert ids(questions.lineage(store, "Attention Is All", "descendants", 3)) == ["bert", "distil"]


def test_lineage_follows_citations(store: GraphStore) -> None:
    down = questions.lineage(store, "cot", "descendants", 1)
    assert [(a.id, a.relation, a.basis) for a in down] == [
        ("teach", "builds_on", "inferred"),
        ("omni", "cites", None),
    ]


@pytest.mark.parametrize(("direction", "depth"), [("sideways", 1), ("ancestors", 0), ("ancestors", 11)])
def test_lineage_refuses_what_cannot_be(store: GraphStore, direction: str, depth: int) -> None:
    with pytest.raises(UsageError):
        questions.lineage(store, "bert", direction, depth)


def test_a_path_is_explained_step_by_step(store: GraphStore) -> None:
    steps = questions.path(store, "origin", "teach")
    assert [(s.source_id, s.relation, s.target_id) for s in steps] == [
        ("origin", "built_on_by", "bert"),
        ("bert", "built_on_by", "distil"),
        ("distil", "similar", "teach"),
    ]
    assert steps[0].words == "BERT builds on Transformer (stated, 0.95): builds on the Transformer"
    assert "knowledge distillation" in steps[2].words


def test_a_path_may_go_over_a_shared_concept_but_not_to_a_lonely_paper(store: GraphStore) -> None:
    (step,) = questions.path(store, "cot", "teach")
    assert step.relation == "built_on_by"
    assert questions.path(store, "bert", "Soil of Mars") == []
    with pytest.raises(UsageError):
        questions.path(store, "bert", "10.1000/bert")


# --- search ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("attention", ("paper", "origin")),
        ("BERT", ("concept", "bert")),
        ("regolith", ("paper", "lonely")),
        ("regolth", ("paper", "lonely")),
        ("regol", ("paper", "lonely")),
        ("teaching small models", ("paper", "teach")),
        ("KD", ("concept", "knowledge-distillation")),
        ("naive", ("paper", "lonely")),
    ],
)
def test_search_finds_words_beginnings_and_misspellings(
    store: GraphStore, text: str, first: tuple[str, str]
) -> None:
    found = questions.search(store, text)
    assert (found[0].kind, found[0].id) == first
    assert found[0].score == 1.0


def test_search_says_how_it_found_and_where(store: GraphStore) -> None:
    (found,) = questions.search(store, "regolth")
    assert found.by == "spelling"
    (found,) = questions.search(store, "regol")
    assert found.by == "word"
    (found,) = questions.search(store, "regolith")
    assert found.by == "word"
    assert found.snippet is not None
    assert found.snippet.text == "Regolith is weighed on a scale."
    assert stands(found.snippet, "lonely")


def test_search_by_meaning_finds_what_holds_no_word(store: GraphStore) -> None:
    found = questions.search(store, "zebra", embedder=NearTo(store, "lonely"))
    assert (found[0].id, found[0].by) == ("lonely", "meaning")


def test_search_limits_and_kinds(store: GraphStore) -> None:
    assert len(questions.search(store, "models", 1)) == 1
    assert {f.kind for f in questions.search(store, "BERT", kinds=("paper",))} == {"paper"}
    assert questions.search(store, "xyzzy") == []
    with pytest.raises(UsageError):
        questions.search(store, "  ")


# --- one paper, one concept, the whole ---------------------------------------------------------------------


def test_explain_shows_what_was_extracted_and_where(store: GraphStore) -> None:
    found = questions.explain(store, "distil")
    assert [(n.name, n.role, n.type, n.concept_id) for n in found.named][:2] == [
        ("DistilBERT", "introduces", "Model", "distilbert"),
        ("BERT", "builds_on", "Model", "bert"),
    ]
    assert all(stands(q, "distil") for n in found.named for q in n.evidence)
    assert [(r.relation, r.id) for r in found.relations] == [("builds_on", "bert")]
    assert [n.id for n in found.neighbours] == ["teach"]
    assert found.sources == ("list.txt:4",)
    assert found.listings == ("A list",)
    assert found.gist is not None
    assert stands(found.gist, "distil")


def test_explain_shows_both_directions(store: GraphStore) -> None:
    relations = [(r.relation, r.id) for r in questions.explain(store, "bert").relations]
    assert relations == [("builds_on", "origin"), ("built_on_by", "distil")]


def test_a_concept_knows_its_papers_variants_and_company(store: GraphStore) -> None:
    found = questions.concept(store, "GPT-4")
    assert [c.id for c in found.bases] == ["gpt"]
    assert [c.id for c in found.variants] == ["gpt-4o"]
    assert [(p.paper.id, p.match) for p in found.papers["uses"]] == [("cot", "name"), ("omni", "variant")]
    assert [(c.id, c.together) for c in found.together["Benchmark"]] == [("gsm8k", 2)]
    assert questions.concept(store, "transformer").origin_paper == "origin"


def test_a_listing_knows_its_papers(store: GraphStore) -> None:
    found = questions.listing(store, "list")
    assert ids(list(found.papers))[0] == "bert"
    assert len(found.papers) == 7
    with pytest.raises(NotFoundError, match="no listing"):
        questions.listing(store, "other")


def test_statistics(store: GraphStore) -> None:
    found = questions.stats(store)
    assert (found.papers_listed, found.papers_outside) == (7, 1)
    assert (found.stated, found.inferred) == (2, 1)
    assert found.without_neighbour == 4
    assert found.counts["SIMILAR_TO"] == 3
    assert found.concept_types == {"Method": 4, "Model": 6, "Benchmark": 2, "Task": 0}


# --- the picture -----------------------------------------------------------------------------------------


def test_a_neighbourhood_shows_papers_with_reasons(store: GraphStore) -> None:
    found = questions.neighbourhood(store, ["distil"])
    assert [(n.id, n.distance) for n in found.nodes] == [("distil", 0), ("bert", 1), ("teach", 1)]
    assert [(e.source, e.kind, e.target, e.basis) for e in found.edges] == [
        ("distil", "builds_on", "bert", "stated"),
        ("distil", "similar", "teach", None),
    ]
    assert found.edges[1].via_names == ("knowledge distillation",)
    assert found.hidden == 0
    assert found == questions.neighbourhood(store, ["distil"])


def test_mutual_similarity_is_one_edge(store: GraphStore) -> None:
    found = questions.neighbourhood(store, ["teach"], kinds=["similar"])
    assert [(e.source, e.target, e.mutual) for e in found.edges if e.mutual] == [("cot", "teach", True)]


def test_what_a_cap_hides_is_said(store: GraphStore) -> None:
    found = questions.neighbourhood(store, ["distil"], depth=3, max_nodes=3)
    assert len(found.nodes) == 3
    assert found.hidden == found.papers_total - 3 > 0
    assert f"showing 3 of {found.papers_total} papers" in found.notes[0]


def test_a_concept_is_a_centre_and_concepts_may_be_nodes(store: GraphStore) -> None:
    found = questions.neighbourhood(store, ["chain-of-thought"], concepts=True)
    kinds = {n.id: n.kind for n in found.nodes}
    assert kinds["chain-of-thought"] == "concept"
    assert kinds["gsm8k"] == "concept"
    assert "lora" not in kinds
    assert ("teach", "builds_on", "chain-of-thought") in {(e.source, e.kind, e.target) for e in found.edges}


def test_a_name_means_the_concept_before_the_paper_that_introduced_it(store: GraphStore) -> None:
    def centre(name: str) -> list[str]:
        found = questions.neighbourhood(store, [name], concepts=True)
        return [n.id for n in found.nodes if n.centre]

    assert centre("chain-of-thought prompting") == ["chain-of-thought"]
    assert centre("Chain-of-Thought Prompting Elicits Reasoning") == ["cot"]
    assert centre("Teaching Small") == ["teach"]


def test_a_lonely_paper_says_so(store: GraphStore) -> None:
    found = questions.neighbourhood(store, ["Soil of Mars"])
    assert [n.id for n in found.nodes] == ["lonely"]
    assert any("nothing near" in note for note in found.notes)


def test_floors_and_kinds_narrow_the_picture(store: GraphStore) -> None:
    assert ids(list(questions.neighbourhood(store, ["distil"], min_similarity=0.6).nodes)) == [
        "distil",
        "bert",
    ]
    assert ids(list(questions.neighbourhood(store, ["distil"], kinds=["similar"]).nodes)) == [
        "distil",
        "teach",
    ]
    shared = questions.neighbourhood(store, ["distil"], kinds=["shares"])
    assert "both name GLUE and BERT" in {e.reason for e in shared.edges} | {
        e.reason.replace("BERT and GLUE", "GLUE and BERT") for e in shared.edges
    }


@pytest.mark.parametrize(
    "options",
    [{"depth": -1}, {"depth": 4}, {"max_nodes": 0}, {"max_nodes": 501}, {"kinds": []}, {"kinds": ["likes"]}],
)
def test_a_picture_that_cannot_be_is_refused(store: GraphStore, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        questions.neighbourhood(store, ["bert"], **options)


def test_an_unknown_centre_is_not_found(store: GraphStore) -> None:
    with pytest.raises(NotFoundError):
        questions.neighbourhood(store, ["no such thing at all"])


def test_an_empty_graph_answers_everything(tmp_path: Path) -> None:
    from papergraph.model import Graph

    write_graph(tmp_path / "empty", Graph())
    empty = open_store(str(tmp_path / "empty"))
    assert questions.stats(empty).papers_listed == 0
    assert questions.search(empty, "anything") == []
    with pytest.raises(NotFoundError):
        questions.connected(empty, ["BERT"])
    empty.close()


@pytest.mark.parametrize("name", ["BERT", "knowledge distillation"])
def test_an_answer_as_plain_values_is_what_dataclasses_make_of_it(store: GraphStore, name: str) -> None:
    for answer in (questions.concept(store, name), questions.neighbourhood(store, [name])):
        assert answer.as_dict() == asdict(answer)
