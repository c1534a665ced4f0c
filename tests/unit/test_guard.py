"""The read-only guard on texts alone: attacks are refused with the word that is at fault, questions pass."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papergraph.errors import QueryRefusedError
from papergraph.guard import check, column_names, tokens
from papergraph.guard_words import FORBIDDEN
from papergraph.queries import Dialect, bind, internal_queries, named_queries

BOTH = tuple(Dialect)

# text, and a word that the refusal must name
ATTACKS = [
    ("CREATE (n)", "CREATE"),
    ("MATCH (n) SET n.x = 1 RETURN n", "SET"),
    ("MATCH (n) DETACH DELETE n", "DETACH"),
    ("MATCH (n) REMOVE n.title", "REMOVE"),
    ("MERGE (n:Paper {id: 'x'}) RETURN n", "MERGE"),
    ("MATCH (n) FOREACH (x IN [1] | SET n.y = x)", "FOREACH"),
    ("COPY (MATCH (p:Paper) RETURN p.id) TO '/tmp/out.csv'", "COPY"),
    ("COPY Paper FROM '/etc/passwd'", "COPY"),
    ("LOAD FROM '/etc/passwd' RETURN *", "LOAD"),
    ("LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row", "LOAD"),
    ("WITH * LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row", "LOAD"),
    ("MATCH (n) WITH n LOAD FROM 'x.csv' RETURN *", "LOAD"),
    ("EXPLAIN LOAD FROM '/etc/passwd' RETURN *", "EXPLAIN"),
    ("RETURN 1; COPY (RETURN 1) TO 'x.csv'", "COPY"),
    ("EXPLAIN RETURN 1; COPY (RETURN 1) TO 'x.csv'", "EXPLAIN"),
    ("PROFILE RETURN 1", "PROFILE"),
    ("CYPHER runtime=slotted RETURN 1", "CYPHER"),
    ("EXPORT DATABASE '/tmp/x'", "EXPORT"),
    ("IMPORT DATABASE '/tmp/x'", "IMPORT"),
    ("ATTACH '/tmp/x.lbug' AS x (dbtype lbug)", "ATTACH"),
    ("INSTALL httpfs", "INSTALL"),
    ("RETURN 1 UNION INSTALL httpfs", "INSTALL"),
    ("CREATE MACRO f(x) AS x", "CREATE"),
    ("DROP TABLE Paper", "DROP"),
    ("ALTER TABLE Paper ADD x INT64", "ALTER"),
    ("USE system RETURN 1", "USE"),
    ("SHOW SETTINGS", "SHOW"),
    ("SHOW TRANSACTIONS", "SHOW"),
    ("TERMINATE TRANSACTIONS 'x'", "TERMINATE"),
    ("CHECKPOINT", "CHECKPOINT"),
    ("BEGIN TRANSACTION", "BEGIN"),
    ("MATCH (n) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS RETURN 1", "DETACH"),
    ("MATCH (n) CALL (n) { RETURN 1 AS x } IN TRANSACTIONS OF 10 ROWS RETURN x", "TRANSACTIONS"),
    ("RETURN 1; RETURN 2", "one statement"),
    ("RETURN 1 /* ; */ ; /* */ RETURN 2", "one statement"),
    ("RETURN 1 // ; \n; RETURN 2", "one statement"),
    ("CALL dbms.listConfig()", "CALL|dbms.listConfig"),
    ("CALL dbms.security.createUser('x', 'y')", "CALL|createUser"),
    ("CALL apoc.export.csv.all('x', {})", "EXPORT"),
    ("CALL show_tables() RETURN *", "CALL|show_tables"),
    ("CALL threads = 5", "CALL|threads"),
    ("RETURN 1 AS x UNION CALL current_setting('threads') RETURN *", "CALL|current_setting"),
    ("CALL `dbms`.`listConfig`()", "CALL|(none)"),
    ("CALL db.labels . x()", "CALL|db.labels.x"),
    ("RETURN apoc.load.json('file:///etc/passwd')", "LOAD"),
    ("RETURN apoc.util.sleep(100000)", "apoc.util.sleep"),
    ("RETURN `apoc.util.sleep`(1000)", "quoted"),
    ("RETURN apoc.`util`.sleep(1000)", "apoc.sleep|sleep"),
    ("RETURN file('x')", "file"),
    ("RETURN nextval('x')", "nextval"),
    ("RETURN gds.version()", "gds.version"),
    ("RETURN '\\u0027 + x'", "Unicode"),
    ("RETURN \\u0027x\\u0027", "Unicode"),
    ("\\u0043REATE (n)", "Unicode"),
    ("RETURN '\\U00000027'", "Unicode"),
    ("RETURN 1.CREATE", "number"),
    ("RETURN 1.foo", "number"),
    ("RETURN 1foo", "number"),
    ("RETURN 'abc", "never closed"),
    ('RETURN "abc', "never closed"),
    ("RETURN `abc", "never closed"),
    ("RETURN 1 /* abc", "never closed"),
    ("RETURN 'a\\q'", "escape"),
    ("RETURN 1 AS a FOO b", "FOO"),
    ("MATCH (n) FOO (m)", "FOO"),
    ("RETURN 1 UNION ANALYZE 'x'", "'x'"),
    ("ANALYZE", "ANALYZE"),
    ("RETURN (1", "never closed"),
    ("RETURN 1)", "closes nothing"),
    ("RETURN " + "(" * 60 + "1" + ")" * 60, "nested"),
    ("", "empty"),
    ("   // nothing\n ;; ", "empty"),
    ("RETURN 1\u00a0AS x", "NO-BREAK SPACE"),
    ("RETURN 1\u2028CREATE (n)", "CREATE|LINE SEPARATOR"),
    ("RETURN 'a\0b'", "NUL"),
    ("RETURN 1" + " " * 30_000, "characters"),
    ("\uff23REATE (n)", "CREATE|\uff23REATE"),
    ("MATCH (n) \u017fET n.x = 1", "ET"),
    ("RETURN @x", "COMMERCIAL AT"),
    ("RETURN $`x`", "DOLLAR"),
]


@pytest.mark.parametrize("dialect", BOTH)
@pytest.mark.parametrize(("text", "word"), ATTACKS)
def test_attacks_are_refused_naming_the_word(text: str, word: str, dialect: Dialect) -> None:
    with pytest.raises(QueryRefusedError) as refused:
        check(text, dialect)
    shown = refused.value.message.casefold()
    assert any(w.casefold() in shown for w in word.split("|")), refused.value.message


@pytest.mark.parametrize("dialect", BOTH)
@pytest.mark.parametrize("word", sorted(FORBIDDEN))
def test_a_forbidden_word_is_refused_wherever_it_stands(word: str, dialect: Dialect) -> None:
    for shape in ("{} (n) RETURN 1", "MATCH (n) {} n RETURN 1", "WITH * {} x", "RETURN {}", "RETURN n.{}"):
        for written in (word, word.lower(), word.title()):
            with pytest.raises(QueryRefusedError):
                check(shape.format(written), dialect)


QUESTIONS = [
    "MATCH (p:Paper) RETURN p.title LIMIT 10",
    "match (p:Paper)-[r:USES|EXTENDS]->(c:Concept {name: 'BERT'}) return r.role as role order by role desc",
    "MATCH (p:Paper) WHERE p.year >= 2020 AND NOT p.title STARTS WITH 'A' RETURN count(*) AS n;",
    "MATCH (p:Paper) WHERE p.title CONTAINS 'create; delete' RETURN p",
    "// set the scene\nMATCH (p) /* drop table */ RETURN p.title",
    'MATCH (p) WHERE p.title = "it\'s \\"quoted\\"" RETURN p',
    "OPTIONAL MATCH (a)-->(b) WITH a, collect(DISTINCT b.id) AS ids UNWIND ids AS id RETURN id, size(ids)",
    "MATCH (a)<-[:BUILDS_ON*1..3]-(b) RETURN DISTINCT b.title SKIP 5 LIMIT $n",
    "RETURN CASE WHEN 1 > 2 THEN 'a' ELSE 'b' END AS x UNION ALL RETURN 'c' AS x",
    "MATCH (p) WHERE EXISTS { MATCH (p)-[:USES]->(c) WHERE c.type = 'Task' } RETURN p.id",
    "MATCH (p) WHERE any(x IN p.authors WHERE toLower(x) = 'a') RETURN [1, 2.5, .5, 1e3], {a: p.id}",
    "MATCH (p) RETURN p.`set`, p.count, p.order",
    "WITH 1 AS `create` RETURN `create`",
    "MATCH (p) RETURN -p.year + 2 * (3 - 1) / 4 % 5 ^ 2 <> 3",
    "MATCH path = (a)-[:BUILDS_ON]->(b) RETURN length(path), nodes(path)",
]


@pytest.mark.parametrize("dialect", BOTH)
@pytest.mark.parametrize("text", QUESTIONS)
def test_questions_pass(text: str, dialect: Dialect) -> None:
    assert check(text, dialect)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("MATCH (p:Paper) RETURN count(*)", ["count(*)"]),
        ("MATCH (p) RETURN p.title, p.year + 1 AS next LIMIT 3", ["p.title", "next"]),
        ("MATCH (p) RETURN DISTINCT p.title ORDER BY p.title", ["p.title"]),
        ("MATCH (p) return  max( p.year ), [p.id, 1]", ["max( p.year )", "[p.id, 1]"]),
        ("MATCH (p) RETURN {a: 1, b: 2}, p", ["{a: 1, b: 2}", "p"]),
        ("MATCH (p) RETURN p.limit, p.return AS `a ``b```, `p`", ["p.limit", "a `b`", "p"]),
        ("MATCH (p) WHERE EXISTS { MATCH (q) RETURN q.id } RETURN p", ["p"]),
        ("RETURN 1 AS x UNION RETURN 2 AS x", ["x"]),
        ("MATCH (p) RETURN count(DISTINCT p.year), 'a, b'", ["count(DISTINCT p.year)", "'a, b'"]),
        ("MATCH (p) RETURN *", []),
        ("MATCH (p) RETURN *, 1 AS x", []),
        ("MATCH (p)", []),
    ],
)  # fmt: skip
def test_columns_are_named_as_they_are_written(text: str, names: list[str]) -> None:
    assert column_names(text) == names


def test_what_each_dialect_has_of_its_own() -> None:
    for text in (
        "MATCH p = (a)-[:BUILDS_ON* SHORTEST 1..5]->(b) RETURN length(p)",
        "MATCH (a)-[r:BUILDS_ON*1..2 (r, n | WHERE r.confidence > 0.5)]->(b) RETURN b.id",
        "RETURN list_transform([1, 2], x -> x + 1), CAST(1 AS STRING)",
        "MATCH (p) WHERE p.title =~ '(?i)bert.*' RETURN p",
    ):
        check(text, Dialect.LADYBUG)
    for text in (
        "CALL db.labels() YIELD label RETURN label",
        "CALL db.index.fulltext.queryNodes('papergraph_text', 'bert') YIELD node, score RETURN node, score",
        "MATCH (n) CALL (n) { MATCH (n)-[r]->(m) RETURN count(m) AS c } RETURN n.id, c",
        "MATCH p = shortestPath((a)-[*..5]-(b)) RETURN [x IN nodes(p) WHERE x.year > 2000 | x.title]",
        "MATCH (n:Paper&!Concept) RETURN n {.title, .year}, COUNT { (n)-->() } AS out",
        "MATCH ((a)-[:BUILDS_ON]->(b)){1,3} RETURN count(*)",
        "RETURN reduce(s = 0, x IN [1, 2] | s + x), toString(1)",
    ):
        check(text, Dialect.NEO4J)
    with pytest.raises(QueryRefusedError, match="regular expression"):
        check("MATCH (p) WHERE p.title =~ '(a+)+' RETURN p", Dialect.NEO4J)
    with pytest.raises(QueryRefusedError, match="CALL"):
        check("CALL db.labels() YIELD label RETURN label", Dialect.LADYBUG)


@pytest.mark.parametrize("dialect", BOTH)
def test_every_query_of_the_project_passes(dialect: Dialect) -> None:
    for query in (*named_queries().values(), *internal_queries().values()):
        values = {p.name: ["BUILDS_ON"] if p.type == "kinds" else 2 for p in query.parameters}
        text, _ = bind(query, dialect, values)
        assert check(text, dialect)


def test_what_goes_to_the_store_has_no_comment_and_plain_strings() -> None:
    text = check('MATCH (p) /* a */ WHERE p.title = "it\'s\n" // b\nRETURN p;', Dialect.NEO4J)
    assert text.split() == ["MATCH", "(p)", "WHERE", "p.title", "=", "'it\\'s\\n'", "RETURN", "p"]


@settings(deadline=None)
@given(st.text(max_size=60))
def test_tokens_of_any_text_are_read_or_refused(text: str) -> None:
    try:
        found = list(tokens(text))
    except QueryRefusedError as refused:
        assert str(refused)  # noqa: PT017 - any text may be refused, but never without a reason
        return
    again = "".join(t.text for t in found)
    assert [t for t in tokens(again) if t.kind != "space"] == [t for t in found if t.kind != "space"]


_PIECES = st.sampled_from(
    [
        "MATCH (n)",
        "RETURN",
        "n",
        "n.title",
        "'text'",
        '"x"',
        "`q`",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        "..",
        ":",
        "|",
        ";",
        "*",
        "-",
        ">",
        "=",
        "1",
        "2.5",
        "$p",
        "AS",
        "x",
        "WITH",
        "UNION",
        "WHERE",
        "IN",
        "/* c */",
        "// c\n",
        "\\",
        "'",
        '"',
        "`",
    ]
)


@settings(deadline=None)
@given(
    before=st.lists(_PIECES, max_size=8),
    word=st.sampled_from(sorted(FORBIDDEN)),
    after=st.lists(_PIECES, max_size=8),
    glue=st.sampled_from([" ", "\n", ""]),
    dialect=st.sampled_from(BOTH),
)
def test_no_text_with_a_forbidden_word_outside_strings_passes(
    before: list[str], word: str, after: list[str], glue: str, dialect: Dialect
) -> None:
    text = glue.join([*before, f" {word} ", *after])
    try:
        passed = check(text, dialect)
    except QueryRefusedError:
        return
    for token in tokens(passed):
        assert token.kind != "word" or token.text.upper() not in FORBIDDEN


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["\\", "'", '"', "\n", "a", "é", "/*", "//", "`", "$x", "{{y}}", " CREATE "]),
        max_size=12,
    )
)
def test_a_string_keeps_its_value_whatever_it_holds(pieces: list[str]) -> None:
    value = "".join(pieces)
    literal = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    passed = check(f"RETURN {literal} AS x", Dialect.LADYBUG)
    (string,) = [t for t in tokens(passed) if t.kind == "string"]
    body = string.text[1:-1]
    restored = body.replace("\\\\", "\0").replace("\\'", "'").replace("\\n", "\n").replace("\0", "\\")
    assert restored == value
