"""What pages take: any text is either a value that was declared, or bad usage in words."""

import contextlib
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from papergraph.errors import UsageError
from papergraph.service.parameters import Choice, Flag, Number, Text, in_words, several

TEXT = Text(name="q", help="words", most=20)
NUMBER = Number(name="n", help="how many", low=1, high=100, default=30)
CHOICE = Choice(name="way", help="which way", allowed={"in": "inwards", "out": "outwards"}, default="in")
FLAG = Flag(name="quick", help="1: at once")
ROLES = several(Choice(name="role", help="roles", allowed=("uses", "mentions")), 2)
APP = Flask(__name__)


def read(parameter: Any, *values: str, method: str = "GET") -> Any:
    sent = {"query_string": {parameter.name: list(values)}}
    if method == "POST":
        sent = {"data": {parameter.name: list(values)}}
    with APP.test_request_context("/", method=method, **sent):
        return parameter.read()


@given(st.text(max_size=40))
def test_any_text_is_a_declared_value_or_refused(text: str) -> None:
    for parameter, fits in (
        (TEXT, lambda v: len(v) <= 20),
        (NUMBER, lambda v: 1 <= v <= 100),
        (CHOICE, lambda v: v in ("in", "out")),
        (FLAG, lambda v: isinstance(v, bool)),
        (ROLES, lambda v: set(v) <= {"uses", "mentions"}),
    ):
        with contextlib.suppress(UsageError):
            assert fits(read(parameter, text))


@pytest.mark.parametrize("text", ["0", "101", "1.5", "1_0", "٣", "-1", "1e2", "9" * 5000, "x"])
def test_a_number_that_is_none_or_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"n is .* but must be a whole number from 1 to 100"):
        read(NUMBER, text)


def test_empty_counts_as_not_given() -> None:
    assert [read(p, "  ") for p in (TEXT, NUMBER, CHOICE, FLAG, ROLES)] == ["", 30, "in", False, []]
    assert [read(p) for p in (TEXT, NUMBER, CHOICE, FLAG, ROLES)] == ["", 30, "in", False, []]


def test_repeated_values_are_read_once_each_and_counted() -> None:
    assert read(ROLES, "uses", "", "uses", "mentions") == ["uses", "mentions"]
    with pytest.raises(UsageError, match="role is given 3 times, but at most 2"):
        read(several(Text(name="role", help="", most=9), 2), "a", "b", "c")


def test_a_form_is_read_where_it_is_declared() -> None:
    form = Text(name="q", help="", most=20, place="form")
    assert read(form, "words", method="POST") == "words"
    assert read(form, "words") == ""
    assert read(Text(name="q", help="", most=20, place="both"), "words") == "words"


def test_a_default_can_be_worked_out() -> None:
    assert read(Number(name="n", help="", low=1, high=9, default=lambda: 7)) == 7


def test_schemas_and_words_say_what_is_read() -> None:
    assert NUMBER.schema() == {"type": "integer", "minimum": 1, "maximum": 100}
    assert ROLES.schema()["items"]["enum"] == ["uses", "mentions"]
    assert in_words(CHOICE) == "which way: in: inwards; out: outwards"
    assert TEXT.prefixed("a_").name == "a_q"
