"""Concepts that a paper's text names although extraction passed over them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papergraph.model import Paper, Span
from papergraph.resolve.mentions import TextMention, find


def search(
    text: str,
    *names: str,
    title: str = "A paper",
    taken: tuple[str, ...] = (),
    own: tuple[str, ...] = (),
    others: int = 4,
    floor: float = 0.5,
) -> list[TextMention]:
    """What is found in one paper; in `others` more papers extraction took the names for entities."""
    papers = [Paper("x", title, text)]
    papers += [Paper(f"p{i}", "T", " and ".join(names)) for i in range(others)]
    spans = [Span("abstract", text.find(t), text.find(t) + len(t)) for t in taken]
    return find(
        papers,
        {names[0]: names},
        {names[0]},
        set(),
        {f"p{i}": {names[0]} for i in range(others)},
        {"x": spans},
        {"x": set(own)},
        floor,
    )


@pytest.mark.parametrize(
    ("text", "name", "surface"),
    [
        ("Results on GPT-4 are shown.", "GPT-4", "GPT-4"),
        ("Results on GPT4 are shown.", "GPT-4", "GPT4"),
        ("Results on gpt 4 are shown.", "GPT-4", "gpt 4"),
        ("We rely on knowledge-distillation.", "knowledge distillation", "knowledge-distillation"),
        ("Knowledge distillation-based tricks.", "knowledge distillation", "Knowledge distillation"),
        ("All LoRAs are merged.", "LoRA", "LoRAs"),
        ("A BERT-based ranker.", "BERT", "BERT"),
        ("We tune it (LoRA).", "LoRA", "LoRA"),
    ],
)
def test_a_missed_name_is_found(text: str, name: str, surface: str) -> None:
    (hit,) = search(f"First. {text} Last.", name)
    assert (hit.surface, hit.evidence.text) == (surface, text)
    assert f"First. {text} Last."[hit.span.start : hit.span.end] == surface


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Results on GPT-3.5 are shown.", "GPT-3"),
        ("Results on GPT-3 175B are shown.", "GPT-3"),
        ("Results on LLaMA 2 are shown.", "LLaMA"),
        ("Results on BERT-large are shown.", "BERT"),
        ("Results on BERT large are shown.", "BERT"),
        ("Results on DistilBERT are shown.", "BERT"),
        ("Results on Zero-shot-CoT are shown.", "CoT"),
        ("Results on ResUNet++ are shown.", "ResUNet"),
        ("The star is bright.", "STaR"),
        ("The map is loaded.", "MAP"),
        ("self-distillation is used.", "distillation"),
        ("We transfer. Learning follows.", "transfer learning"),
    ],
)
def test_another_thing_of_the_same_letters_is_not(text: str, name: str) -> None:
    assert search(text, name) == []


def test_a_name_inside_a_longer_entity_is_not() -> None:
    text = "We use symbolic knowledge distillation."
    assert search(text, "knowledge distillation", taken=("symbolic knowledge distillation",)) == []
    assert search(text, "knowledge distillation") != []


def test_a_name_to_which_an_entity_only_adds_words_is_found() -> None:
    text = "We report PixelSet generation and PixelSet-C and Tiny PixelSet."
    taken = ("PixelSet generation", "PixelSet-C", "Tiny PixelSet")
    assert [hit.span.start for hit in search(text, "PixelSet", taken=taken)] == [text.find("PixelSet")]


def test_a_name_that_means_something_else_in_this_paper_is_not() -> None:
    assert search("CoT saves calls.", "CoT", own=("cot",)) == []


def test_a_word_that_extraction_seldom_takes_for_an_entity_is_left_alone() -> None:
    papers = [Paper(f"p{i}", "T", "we use search here") for i in range(10)]
    known = {"p0": {"search"}, "p1": {"search"}}
    assert find(papers, {"search": ["search"]}, {"search"}, set(), known, {}, {}, 0.5) == []
    assert len(find(papers, {"search": ["search"]}, {"search"}, set(), known, {}, {}, 0.1)) == 8


def test_confidence_grows_with_the_rate_at_which_extraction_takes_the_name() -> None:
    few, many = (search("We use beam search.", "beam search", others=n, floor=0.0)[0] for n in (1, 20))
    assert 0.5 < few.confidence < many.confidence < 1


def test_confidence_depends_on_the_writing_and_on_a_known_origin() -> None:
    papers = [Paper("x", "T", "We use LoRA, chain of thought, beam search, dropout.")]
    names = {"a": ["LoRA"], "b": ["chain of thought"], "c": ["beam search"], "d": ["dropout"]}
    hits = find(papers, names, set(names), set(), {}, {}, {}, 0.0)
    known = find(papers, names, set(names), set(names), {}, {}, {}, 0.0)
    assert [h.root for h in sorted(hits, key=lambda h: -h.confidence)] == ["a", "b", "c", "d"]
    assert known[3].confidence > hits[3].confidence


def test_only_established_concepts_are_looked_for() -> None:
    papers = [Paper("x", "T", "We use LoRA."), Paper("y", "T", "We use LoRA.")]
    assert find(papers, {"lora": ["LoRA"]}, set(), set(), {"y": {"lora"}}, {}, {}, 0.0) == []


def test_a_title_counts_and_is_its_own_evidence() -> None:
    (hit,) = search("Nothing.", "LoRA", title="Cheap LoRA for all")
    assert (hit.evidence.text, hit.span) == ("Cheap LoRA for all", Span("title", 6, 10))


@settings(deadline=None)
@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5))
def test_any_text_and_any_names(text: str, names: list[str]) -> None:
    for hit in search(text, *names, title="", floor=0.0):
        assert text[hit.span.start : hit.span.end] == hit.surface
        assert hit.surface in hit.evidence.text
