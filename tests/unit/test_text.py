"""Folding, readable LaTeX, slugs and sentences."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papergraph.text import fold_name, fold_title, plural, readable, sentences, slug


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        (r"$\textit{SKIntern}$: Internalizing", "SKIntern: Internalizing"),
        ("S$^3$AD", "S³AD"),
        ("LLaVA-$φ$", "LLaVA-φ"),
        (r"$\alpha$-DPO", "α-DPO"),
        (r"H$_2$O", "H₂O"),
        (r"na{\"i}ve", "naïve"),
        (r"50\% of $n \leq 5$", "50% of n ≤5"),
        ("costs $5 and $6", "costs 5 and 6"),
        ("plain", "plain"),
    ],
)
def test_latex_is_shown_readably(given_: str, shown: str) -> None:
    assert readable(given_) == shown


def test_titles_are_equal_across_case_space_accents_and_latex() -> None:
    assert fold_title(r"$\textit{SKIntern}$: A  Näive  way!") == fold_title("SKINTERN: a naive way")
    assert fold_title("图神经网络综述") == "图神经网络综述"
    assert fold_title("GPT-3") != fold_title("GPT-4")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Chain-of-Thought", "chain of thought"),
        ("the Transformers", "Transformer"),
        ("GPT4", "GPT-4"),
        ("S$^3$AD", "s³ad"),
    ],
)
def test_names_that_are_one(a: str, b: str) -> None:
    assert fold_name(a) == fold_name(b)


@pytest.mark.parametrize(
    ("a", "b"), [("C", "C++"), ("A-OKVQA", "OK-VQA"), ("BERT", "RoBERTa"), ("GAN", "GANs"), ("loss", "los")]
)
def test_names_that_are_not(a: str, b: str) -> None:
    assert fold_name(a) != fold_name(b)


def test_slugs() -> None:
    assert slug("Chain-of-Thought (CoT)!") == "chain-of-thought-cot"
    assert slug("C++") == "c-plus-plus"
    assert slug("图神经网络") == "图神经网络"
    assert len(slug("word " * 40)) <= 48
    assert slug("!!!") == ""


def test_sentences_are_cut_where_a_reader_would() -> None:
    text = (
        "We use e.g. BERT. It gains 2.5 points vs. GPT-4 (Fig. 2). Smith et al. show this. "
        "Does it work? Yes! 是的。好"
    )
    assert [text[a:b] for a, b in sentences(text)] == [
        "We use e.g. BERT.",
        "It gains 2.5 points vs. GPT-4 (Fig. 2).",
        "Smith et al. show this.",
        "Does it work?",
        "Yes!",
        "是的。",
        "好",
    ]


@given(st.text())
def test_sentences_keep_every_letter_and_their_order(text: str) -> None:
    spans = sentences(text)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


@given(st.text())
def test_folding_never_fails_and_is_stable(text: str) -> None:
    assert fold_title(fold_title(text)) == fold_title(text)
    readable(text)
    fold_name(text)
    assert len(slug(text)) <= 48


def test_plural() -> None:
    assert [plural(1, "paper"), plural(2, "entry"), plural(1200, "key")] == [
        "1 paper",
        "2 entries",
        "1,200 keys",
    ]
