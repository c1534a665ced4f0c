"""The test servers themselves: they answer, index text and vectors, start empty and ask for a password."""

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError


def test_round_trip(neo4j_database):
    neo4j_database.query("UNWIND $rows AS row CREATE (:Paper {title: row})", rows=["Ünïcode", "日本"])
    rows = neo4j_database.query("MATCH (p:Paper) RETURN p.title AS title ORDER BY title")
    assert [row["title"] for row in rows] == ["Ünïcode", "日本"]


def test_each_test_gets_an_empty_database(neo4j_database):
    neo4j_database.query("CREATE CONSTRAINT c FOR (p:Paper) REQUIRE p.id IS UNIQUE")
    neo4j_database.query("CREATE FULLTEXT INDEX f FOR (p:Paper) ON EACH [p.title]")
    neo4j_database.query("CREATE (:Paper {id: 1})-[:SIMILAR_TO]->(:Paper {id: 2})")
    neo4j_database.empty()
    assert neo4j_database.count() == 0
    assert neo4j_database.query("SHOW CONSTRAINTS") == []
    assert neo4j_database.query("SHOW INDEXES YIELD type WHERE type <> 'LOOKUP'") == []


def test_full_text_and_vector_indexes_work(neo4j_database):
    _ask_indexes(neo4j_database)


def test_newest_server_too(neo4j_newest_database):
    version = neo4j_newest_database.query("CALL dbms.components() YIELD versions RETURN versions[0] AS v")[0][
        "v"
    ]
    assert int(version.split(".")[0]) >= 2025
    _ask_indexes(neo4j_newest_database)


def test_secured_server_asks_for_the_password(neo4j_secured_server):
    server = neo4j_secured_server
    with GraphDatabase.driver(server.uri, auth=(server.user, "wrong")) as driver, pytest.raises(AuthError):
        driver.verify_connectivity()
    with GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver:
        assert driver.execute_query("RETURN 1 AS one").records[0]["one"] == 1


def _ask_indexes(database):
    database.query("CREATE FULLTEXT INDEX titles FOR (p:Paper) ON EACH [p.title]")
    database.query(
        "CREATE VECTOR INDEX near FOR (p:Paper) ON p.vector "
        "OPTIONS {indexConfig: {`vector.dimensions`: 3, `vector.similarity_function`: 'cosine'}}"
    )
    database.query(
        "UNWIND $rows AS row CREATE (:Paper {title: row[0], vector: row[1]})",
        rows=[["Chains of thought", [1.0, 0.0, 0.0]], ["Low rank adaptation", [0.0, 1.0, 0.0]]],
    )
    database.query("CALL db.awaitIndexes(60)")
    found = database.query(
        "CALL db.index.fulltext.queryNodes('titles', 'thought') YIELD node RETURN node.title AS t"
    )
    assert [row["t"] for row in found] == ["Chains of thought"]
    near = database.query(
        "CALL db.index.vector.queryNodes('near', 1, $v) YIELD node RETURN node.title AS t", v=[0.1, 0.9, 0.0]
    )
    assert [row["t"] for row in near] == ["Low rank adaptation"]
