"""The read-only guard: which Cypher of a user may reach a store at all.

A store cannot be trusted to refuse: opened read-only, Ladybug still ran COPY ... TO a file, and a Neo4j read
session still ran LOAD CSV; even EXPLAIN of such text reads files. So a text is first taken apart here and
every word in it must be known:

- one statement; no Unicode escapes (Neo4j expands them before it parses), no odd characters outside strings;
- it begins with a clause that reads, and a word that follows a finished operand must be a keyword of reading;
- a word before "(" must be a known function, after CALL a known procedure;
- no word that writes, reads files, or administers, wherever it stands outside strings and backticks.

What goes to the store is not the text but its tokens, written anew without comments, so that the store cannot
read a quote or a comment in another way than this module does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from papergraph.errors import QueryRefusedError
from papergraph.guard_words import (
    CLAUSES,
    FORBIDDEN,
    FUNCTIONS,
    KEYWORDS,
    PROCEDURES,
)
from papergraph.queries import Dialect

MAX_CHARACTERS = 20_000
MAX_DEPTH = 40  # of brackets: deeper ones overflow a parser's stack


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of Cypher; `text` is how it is written anew, `kind` a group of the token pattern."""

    kind: str
    text: str


_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+)
  | (?P<comment>//[^\r\n]*|/\*.*?\*/)
  | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
  | (?P<quoted>`(?:[^`]|``)*`)
  | (?P<number>(?:\d+\.\d+|\d+|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<parameter>\$(?:[^\W\d]\w*|\d+))
  | (?P<word>[^\W\d]\w*)
  | (?P<punctuation><=|>=|<>|=~|->|<-|\.\.|\|\||::|[-+*/%^=<>()\[\]{},.:;|!&?])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "'": "'", '"': '"', "\\": "\\"}
_OPERANDS = frozenset({"string", "quoted", "number", "parameter"})
_SEMICOLON, _DOT, _COMMA = (Token("punctuation", c) for c in ";.,")
_AFTER_RETURN = ("ORDER", "SKIP", "OFFSET", "LIMIT", "UNION")
_CLOSING = {")": "(", "]": "[", "}": "{"}


def tokens(cypher: str) -> Iterator[Token]:
    """The tokens of a text; a comment becomes a blank. Raises QueryRefusedError where there is none."""
    if len(cypher) > MAX_CHARACTERS:
        raise QueryRefusedError(f"the query has more than {MAX_CHARACTERS:,} characters")
    if re.search(r"\\u", cypher, re.IGNORECASE):
        raise QueryRefusedError("Unicode escapes (\\u...) are not allowed", "write the character itself")
    at = 0
    previous = ""
    while at < len(cypher):
        match = _TOKEN.match(cypher, at)
        if match is None or (match[0] == "/" and cypher.startswith("/*", at)):
            raise _unreadable(cypher, at)
        kind, text = str(match.lastgroup), match[0]
        at = match.end()
        if previous == "number" and (kind in ("word", "number", "quoted") or text == "."):
            raise QueryRefusedError(f"a number is followed by {text!r}", "put a blank between them")
        previous = kind
        if kind == "comment":
            yield Token("space", " ")
        elif kind == "string":
            yield Token(kind, _string(text))
        elif kind == "quoted":
            if "\\" in text or "\0" in text or len(text) < 3:
                raise QueryRefusedError(f"the quoted name {text} is not allowed")
            yield Token(kind, text)
        else:
            yield Token(kind, text)


def _unreadable(cypher: str, at: int) -> QueryRefusedError:
    character = cypher[at]
    if character in "'\"`":
        return QueryRefusedError(f"the {character} at position {at + 1} is never closed")
    if cypher.startswith("/*", at):
        return QueryRefusedError(f"the comment at position {at + 1} is never closed")
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    return QueryRefusedError(f"the character {name} at position {at + 1} is not allowed outside strings")


def _string(text: str) -> str:
    """A string literal written anew: single quotes, and no escapes but of quote, backslash and line ends."""

    def one(match: re.Match[str]) -> str:
        if match[1] not in _ESCAPES:
            raise QueryRefusedError(f"the escape {match[0]} is not allowed in a string")
        return _ESCAPES[match[1]]

    value = re.sub(r"\\(.)", one, text[1:-1], flags=re.DOTALL)
    if "\0" in value:
        raise QueryRefusedError("a string holds a NUL character")
    return (
        "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r") + "'"
    )


def check(cypher: str, dialect: Dialect) -> str:
    """The text to send to the store for a user's query. Raises QueryRefusedError, naming the word and why."""
    found = list(tokens(cypher))
    while found and (found[-1].kind == "space" or found[-1] == _SEMICOLON):
        found.pop()
    code = [t for t in found if t.kind != "space"]
    if not code:
        raise QueryRefusedError("the query is empty", "for example: MATCH (p:Paper) RETURN p.title LIMIT 10")
    _words(code)
    _structure(code)
    if not _is(code[0], CLAUSES[dialect]):
        known = ", ".join(sorted(CLAUSES[dialect]))
        raise QueryRefusedError(f"a query cannot begin with {code[0].text}", f"it begins with {known}")
    if dialect is Dialect.NEO4J and Token("punctuation", "=~") in code:
        raise QueryRefusedError(
            "=~ is not allowed: a regular expression can hold a thread of Neo4j past every time limit",
            "use CONTAINS, STARTS WITH or ENDS WITH",
        )
    _order(code, dialect)
    _calls(code, dialect)
    return "".join(t.text for t in found).strip()


def column_names(text: str) -> list[str]:
    """What Neo4j calls the columns of a checked query: the alias, else the expression as it is written.

    Empty where the text does not tell: `RETURN *`, or no RETURN.
    """
    items: list[list[Token]] = []
    depth = 0
    before = _SEMICOLON
    for token in tokens(text):
        keyword = depth == 0 and before != _DOT
        if keyword and not items and _is(token, ("RETURN",)):
            items.append([])
        elif items and keyword and _is(token, _AFTER_RETURN):
            break
        elif items and depth == 0 and token == _COMMA:
            items.append([])
        elif items and not (before.text.upper() == "RETURN" and _is(token, ("DISTINCT",))):
            items[-1].append(token)
        depth += token.text in _CLOSING.values()
        depth -= token.text in _CLOSING
        before = before if token.kind == "space" else token
    names = [_column_name(item) for item in items]
    return [] if "*" in names else names


def _column_name(item: list[Token]) -> str:
    code = [t for t in item if t.kind != "space"]
    if len(code) > 2 and _is(code[-2], ("AS",)):
        code = code[-1:]
    if len(code) == 1 and code[0].kind == "quoted":
        return code[0].text[1:-1].replace("``", "`")
    return code[0].text if len(code) == 1 else "".join(t.text for t in item).strip()


def _is(token: Token, words: Collection[str]) -> bool:
    return token.kind == "word" and token.text.isascii() and token.text.upper() in words


def _words(code: list[Token]) -> None:
    for token in code:
        if token.kind != "word":
            continue
        folded = unicodedata.normalize("NFKC", token.text).casefold().upper()
        if folded in FORBIDDEN:
            raise QueryRefusedError(
                f"{token.text} is not allowed: {FORBIDDEN[folded]}",
                "only reading is open here; put a name that happens to be this word in backticks",
            )


def _structure(code: list[Token]) -> None:
    """One statement, brackets in pairs and not too deep."""
    open_: list[str] = []
    for token in code:
        if token.kind != "punctuation":
            continue
        if token.text == ";":
            raise QueryRefusedError(
                "only one statement at a time is allowed", "remove what follows the semicolon"
            )
        if token.text in "([{":
            open_.append(token.text)
        elif token.text in _CLOSING and (not open_ or open_.pop() != _CLOSING[token.text]):
            raise QueryRefusedError(f"a {token.text} closes nothing")
        if len(open_) > MAX_DEPTH:
            raise QueryRefusedError(f"brackets are nested more than {MAX_DEPTH} deep")
    if open_:
        raise QueryRefusedError(f"a {open_[-1]} is never closed")


def _order(code: list[Token], dialect: Dialect) -> None:
    """After an operand comes an operator, a bracket or a keyword of reading: no unknown clause can begin."""
    after_operand = False
    before = _SEMICOLON
    for token in code:
        keyword = _is(token, KEYWORDS[dialect]) and before != _DOT  # after a dot it is a property
        operand = token.kind in _OPERANDS or (token.kind == "word" and not keyword)
        if after_operand and operand:
            raise QueryRefusedError(
                f"{token.text} is not allowed after {before.text}",
                "it is not a keyword of reading, or a comma or an operator is missing",
            )
        after_operand = operand or (token.kind == "punctuation" and token.text in _CLOSING)
        before = token


def _calls(code: list[Token], dialect: Dialect) -> None:
    """What stands before "(" is a known function; what follows CALL, a known procedure or a subquery."""
    after_call = -1  # where the name of a procedure that was looked up begins
    for i, token in enumerate(code):
        following = code[i + 1].text if i + 1 < len(code) and code[i + 1].kind == "punctuation" else ""
        if _is(token, ("CALL",)):
            if following not in ("(", "{"):
                after_call = i + 1
                _procedure(_dotted(code, after_call), dialect)
        elif following == "(" and token.kind == "quoted":
            raise QueryRefusedError(f"a function must not be quoted: {token.text}")
        elif following == "(" and token.kind == "word":
            start = i
            while start >= 2 and code[start - 1] == _DOT and code[start - 2].kind == "word":
                start -= 2
            if start == after_call or (start == i and code[i - 1] != _DOT and _is(token, KEYWORDS[dialect])):
                continue
            name = _dotted(code, start)
            if code[start - 1] == _DOT or name.casefold() not in FUNCTIONS[dialect]:
                raise QueryRefusedError(f"the function {name} is not known as one that only reads")


def _procedure(name: str, dialect: Dialect) -> None:
    if name.casefold() not in PROCEDURES[dialect]:
        known = ", ".join(sorted(PROCEDURES[dialect].values())) or "none"
        raise QueryRefusedError(f"the procedure {name or '(none)'} is not allowed", f"allowed: {known}")


def _dotted(code: list[Token], at: int) -> str:
    """The name that begins at a token: words joined by dots."""
    parts: list[str] = []
    while at < len(code) and code[at].kind == "word":
        parts.append(code[at].text)
        if at + 1 >= len(code) or code[at + 1] != _DOT:
            break
        at += 2
    return ".".join(parts)
