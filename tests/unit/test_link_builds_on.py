"""BUILDS_ON: which paper rests on which."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papergraph.link import builds_on
from papergraph.model import (
    Basis,
    Cites,
    Concept,
    EntityType,
    Evidence,
    Origin,
    Paper,
    PaperConcept,
    Role,
    Similar,
    Span,
    Variant,
)

A = Paper("a", "Ember: a small encoder", "We introduce Ember, an encoder.")
B = Paper("b", "Blaze: a faster Ember", "Blaze extends Ember with early exits.")
C = Paper("c", "Cinder: Blaze on phones", "We fine-tune Blaze for phones and call it Cinder.")
PAPERS = [A, B, C]


def concept(name: str, count: int = 2, type: EntityType = EntityType.MODEL, **more) -> Concept:
    return Concept(name.lower(), name, (), type, count, **more)


def says(
    paper: Paper, name: str, role: Role, confidence: float = 1.0, quote: str | None = None
) -> PaperConcept:
    text = quote or paper.abstract
    evidence = (Evidence(text, Span("abstract", 0, len(text))),)
    return PaperConcept(paper.id, name.lower(), role, name, EntityType.MODEL, confidence, evidence, ())


def near(a: Paper, b: Paper, score: float) -> list[Similar]:
    return [Similar(a.id, b.id, score, 1, True, ()), Similar(b.id, a.id, score, 1, True, ())]


CONCEPTS = [concept("Ember"), concept("Blaze"), concept("Cinder", 1)]
CHAIN = [
    says(A, "Ember", Role.INTRODUCES),
    says(B, "Blaze", Role.INTRODUCES),
    says(B, "Ember", Role.BUILDS_ON),
    says(C, "Cinder", Role.INTRODUCES),
    says(C, "Blaze", Role.BUILDS_ON),
]


def links(
    papers=PAPERS, concepts=CONCEPTS, mentions=CHAIN, variants=(), similar=(), cites=(), least=0.5
) -> dict[tuple[str, str], object]:
    found = builds_on(papers, concepts, mentions, variants, similar, cites, min_confidence=least)
    return {(e.source, e.target): e for e in found}


def test_a_chain_of_extensions_gives_stated_edges_with_evidence_and_reason():
    found = links()
    assert set(found) == {("b", "a"), ("c", "b")}
    edge = found["c", "b"]
    assert edge.basis is Basis.STATED
    assert edge.via == ("blaze",)
    assert edge.evidence[0].text == C.abstract
    assert edge.reason == "fine-tunes Blaze, introduced by that paper"
    assert found["b", "a"].reason == "extends Ember, introduced by that paper"


def test_uncertain_roles_give_less_confidence():
    unsure = [replace(e, confidence=0.6) if e.role is Role.BUILDS_ON else e for e in CHAIN]
    assert links(mentions=unsure)["b", "a"].confidence < links()["b", "a"].confidence
    assert links(mentions=unsure, least=0.7) == {}


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"year": 2019}, {"year": 2021}),
        ({"date": "2020-03-01"}, {"date": "2020-09"}),
        ({"arxiv_id": "1912.00001"}, {"arxiv_id": "2003.00001"}),
        ({"year": 2019}, {"arxiv_id": "2003.00001"}),
    ],
)
def test_known_dates_forbid_resting_on_a_later_paper(earlier, later):
    dated = [replace(A, **later), replace(B, **earlier), C]
    assert set(links(papers=dated)) == {("c", "b")}
    dated = [replace(A, **earlier), replace(B, **later), C]
    assert set(links(papers=dated)) == {("b", "a"), ("c", "b")}


def test_a_known_concept_leads_to_its_origin_paper_listed_or_not():
    origin = Paper("o", "Spark", "", year=2017, listed=False)
    spark = concept("Spark", origin=Origin("Spark", 2017, None), origin_paper="o")
    found = links([*PAPERS, origin], [*CONCEPTS, spark], [*CHAIN, says(A, "Spark", Role.BUILDS_ON)])
    assert found["a", "o"].basis is Basis.STATED


@pytest.mark.parametrize("role", [Role.USES, Role.COMPARES_WITH, Role.EVALUATES_ON, Role.MENTIONS])
def test_what_is_only_used_or_named_does_not_make_a_descendant(role):
    origin = Paper("o", "Spark", "", listed=False)
    spark = concept("Spark", origin=Origin("Spark", 2017, None), origin_paper="o")
    mentions = [*CHAIN, says(C, "Ember", role), says(C, "Spark", role)]
    found = links([*PAPERS, origin], [*CONCEPTS, spark], mentions)
    assert ("c", "a") not in found
    assert ("c", "o") not in links([*PAPERS, origin], [*CONCEPTS, spark], mentions, least=0)


def test_a_technique_that_everyone_uses_makes_no_link_by_itself():
    teach = concept(
        "Teaching", 20, EntityType.METHOD, origin=Origin("Teaching", 2015, None), origin_paper="o"
    )
    origin = Paper("o", "Teaching", "", listed=False)
    mentions = [says(A, "Teaching", Role.BUILDS_ON)]
    assert links([*PAPERS, origin], [teach], mentions) == {}
    rare = replace(teach, paper_count=3)
    assert set(links([*PAPERS, origin], [rare], mentions)) == {("a", "o")}


def test_a_task_makes_no_link():
    task = concept("Parsing", type=EntityType.TASK)
    mentions = [says(A, "Parsing", Role.INTRODUCES), says(B, "Parsing", Role.BUILDS_ON)]
    assert links(concepts=[task], mentions=mentions, least=0) == {}


def test_a_name_that_contains_another_descends_from_it():
    concepts = [concept("Ember"), concept("Ember-Video")]
    mentions = [says(A, "Ember", Role.INTRODUCES), says(B, "Ember-Video", Role.INTRODUCES)]
    edge = links(concepts=concepts, mentions=mentions)["b", "a"]
    assert edge.basis is Basis.INFERRED
    assert edge.reason == "introduces Ember-Video, by its name a variant of Ember, introduced by that paper"
    named = links(concepts=concepts, mentions=[*mentions, says(B, "Ember", Role.MENTIONS)])["b", "a"]
    assert named.basis is Basis.STATED
    assert named.confidence > edge.confidence


def test_a_model_is_not_the_child_of_a_benchmark():
    concepts = [concept("Ember", type=EntityType.BENCHMARK), concept("Ember-Video")]
    mentions = [says(A, "Ember", Role.INTRODUCES), says(B, "Ember-Video", Role.INTRODUCES)]
    assert links(concepts=concepts, mentions=mentions, least=0) == {}


def test_a_sentence_of_background_shows_less_than_one_of_the_paper_itself():
    background = says(B, "Ember", Role.BUILDS_ON, quote="Encoders such as Ember are everywhere.")
    own = says(B, "Ember", Role.BUILDS_ON, quote="We prune Ember.")
    first = says(A, "Ember", Role.INTRODUCES)
    weak = links(mentions=[first, background])["b", "a"].confidence
    assert weak < links(mentions=[first, own])["b", "a"].confidence


def test_a_name_in_plain_words_counts_less_than_a_coined_one():
    plain = [says(A, "early exits", Role.INTRODUCES), says(B, "early exits", Role.BUILDS_ON)]
    coined = [says(A, "Ember", Role.INTRODUCES), says(B, "Ember", Role.BUILDS_ON)]
    found = links(concepts=[concept("early exits")], mentions=plain, least=0)["b", "a"]
    assert found.confidence < links(concepts=[concept("Ember")], mentions=coined)["b", "a"].confidence


def test_a_models_name_in_lower_case_is_a_kind_of_model():
    """ "A transformer" is not the paper that introduced the Transformer."""
    named = {
        name: [replace(e, name=name) if e.role is Role.BUILDS_ON else e for e in CHAIN]
        for name in ("Ember", "ember")
    }
    assert links(mentions=named["Ember"])["b", "a"].confidence > 0.9
    assert ("b", "a") not in links(mentions=named["ember"])


def test_a_word_that_folds_to_a_name_in_capitals_does_not_make_a_variant():
    mind, minds = concept("MIND"), concept("Mini Minds", 1)
    papers = [Paper("m", "MIND", "MIND."), Paper("n", "Mini Minds", "Mini Minds.")]
    mentions = [says(papers[0], "MIND", Role.INTRODUCES), says(papers[1], "Mini Minds", Role.INTRODUCES)]
    assert links(papers, [mind, minds], mentions) == {}
    real = concept("MIND-2", 1)
    mentions[1] = says(papers[1], "MIND-2", Role.INTRODUCES)
    assert set(links(papers, [mind, real], mentions)) == {("n", "m")}


def test_the_verb_is_not_taken_from_the_name_itself():
    quote = "We use the Vector Quantized Coder (Ember) for sounds."
    mentions = [says(A, "Ember", Role.INTRODUCES), says(B, "Ember", Role.BUILDS_ON, quote=quote)]
    assert links(mentions=mentions)["b", "a"].reason == "builds on Ember, introduced by that paper"


def test_a_variant_descends_from_its_parent():
    concepts = [concept("Ember"), concept("QEmb")]
    mentions = [says(A, "Ember", Role.INTRODUCES), says(B, "QEmb", Role.INTRODUCES)]
    assert links(concepts=concepts, mentions=mentions) == {}
    assert set(links(concepts=concepts, mentions=mentions, variants=[Variant("qemb", "ember", ())])) == {
        ("b", "a")
    }


def test_nearness_alone_with_no_order_in_time_is_not_enough():
    found = links(mentions=[], concepts=[], similar=near(A, B, 0.99))
    assert found == {}


def test_nearness_follows_dates_references_and_text():
    old, new = replace(A, year=2018), replace(B, year=2022)
    loose = {"mentions": [], "concepts": [], "similar": near(A, B, 0.9), "least": 0.0}
    dated = links([old, new], **loose)
    assert set(dated) == {("b", "a")}
    assert dated["b", "a"].basis is Basis.INFERRED
    assert "it is dated later" in dated["b", "a"].reason
    cited = links(cites=[Cites("a", "b")], **loose)
    assert set(cited) == {("a", "b")}
    assert cited["a", "b"].confidence > dated["b", "a"].confidence
    text = {**loose, "concepts": CONCEPTS, "mentions": CHAIN[:3]}
    assert set(links([A, B], **text)) == {("b", "a")}


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.INTRODUCES])
def test_what_is_inferred_never_runs_against_a_text_that_names_the_other(role):
    """Of two near papers the one that names the other is the later, whatever dates and wording say."""
    named = {"mentions": [says(A, "Ember", Role.INTRODUCES), says(B, "Ember", role)], "least": 0.0}
    near_ = {"similar": near(A, B, 0.95), "concepts": CONCEPTS}
    assert ("a", "b") not in links([A, B], **named, **near_)
    wrongly_dated = [replace(A, arxiv_id="1910.00001"), replace(B, arxiv_id="1909.00001")]
    assert links(wrongly_dated, **named, **near_) == {}
    assert set(links(wrongly_dated, **{**named, "mentions": []}, **near_)) == {("a", "b")}
    both = [*named["mentions"], says(B, "Blaze", Role.INTRODUCES), says(A, "Blaze", Role.MENTIONS)]
    assert set(links(wrongly_dated, **{**named, "mentions": both}, **near_)) == {("a", "b")}


def test_a_name_of_a_variant_never_runs_against_a_text_that_names_it():
    concepts = [concept("Ember"), concept("Ember-Video")]
    mentions = [says(A, "Ember", Role.INTRODUCES), says(B, "Ember-Video", Role.INTRODUCES)]
    assert set(links(concepts=concepts, mentions=mentions)) == {("b", "a")}
    assert links(concepts=concepts, mentions=[*mentions, says(A, "Ember-Video", Role.MENTIONS)]) == {}


def test_nearness_strengthens_what_is_stated():
    alone = links(mentions=[replace(e, confidence=0.8) for e in CHAIN])["b", "a"]
    both = links(mentions=[replace(e, confidence=0.8) for e in CHAIN], similar=near(A, B, 0.9))["b", "a"]
    assert both.basis is Basis.STATED
    assert alone.confidence < both.confidence < 1


def test_a_reference_without_any_other_ground_is_no_link():
    assert links(mentions=[], concepts=[], cites=[Cites("b", "a")], least=0) == {}


def test_nothing_gives_nothing():
    assert links([], [], []) == {}


roles = st.sampled_from(list(Role))
mention = st.builds(
    says, st.sampled_from(PAPERS), st.sampled_from(["Ember", "Blaze", "Cinder"]), roles, st.floats(0, 1)
)


@settings(max_examples=60, deadline=None)
@given(
    mentions=st.lists(mention, max_size=8),
    scores=st.lists(st.floats(0, 1), min_size=3, max_size=3),
    years=st.lists(st.sampled_from([None, 2019, 2023]), min_size=3, max_size=3),
    least=st.floats(0, 1),
    seed=st.randoms(use_true_random=False),
)
def test_whatever_is_said_edges_are_one_way_in_range_and_independent_of_order(
    mentions, scores, years, least, seed
):
    papers = [replace(p, year=y) for p, y in zip(PAPERS, years, strict=True)]
    pairs = [(A, B), (B, C), (A, C)]
    similar = [s for (a, b), score in zip(pairs, scores, strict=True) for s in near(a, b, score)]
    mentions = list({(e.paper, e.concept, e.role): e for e in mentions}.values())
    found = links(papers, CONCEPTS, mentions, similar=similar, least=least)
    year = {p.id: p.year for p in papers}
    for (a, b), edge in found.items():
        assert least <= edge.confidence <= 1
        assert a != b
        assert (b, a) not in found
        assert edge.reason
        assert edge.evidence or edge.basis is Basis.INFERRED
        assert None in (year[a], year[b]) or year[a] >= year[b]
    shuffled = mentions[:]
    seed.shuffle(shuffled)
    assert links(papers[::-1], CONCEPTS[::-1], shuffled, similar=similar[::-1], least=least) == found
