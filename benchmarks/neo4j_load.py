"""Loading into Neo4j, side by side with one MERGE a row: python benchmarks/neo4j_load.py [--graph DIR] [--uri
bolt://...].

Without --graph it builds one as benchmarks/run.py does; without --uri it starts the server of the tests. The
database must be empty, and is emptied again. Both ways send the same rows, with their vectors, into a
database with the same constraint and indexes; the slow one is measured on a sample of them, nodes and
relationships apart.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from neo4j import Driver, GraphDatabase  # noqa: E402
from neo4j_server import STABLE, Server, running  # noqa: E402
from run import default_files, timed  # noqa: E402

from papergraph.settings import Settings  # noqa: E402
from papergraph.store import neo4j_load  # noqa: E402
from papergraph.tables import Generation, open_graph  # noqa: E402


@contextmanager
def server(uri: str | None) -> Iterator[Server]:
    """The given server, or one of our own."""
    if uri:
        yield Server(uri, os.environ.get("NEO4J_USER", "neo4j"), os.environ.get("NEO4J_PASSWORD", ""))
        return
    with tempfile.TemporaryDirectory() as home, running(STABLE, Path(home) / "neo4j") as own:
        yield own


def empty(driver: Driver) -> None:
    """Removes every node."""
    with driver.session() as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()


def merge_each(driver: Driver, generation: Generation, sample: int) -> tuple[float, float]:
    """Node rows and relationship rows a second, one statement and one transaction a row."""
    text = (ROOT / "benchmarks" / "merge_one.cypher").read_text(encoding="utf-8")
    node, edge = [s for s in text.split(";\n") if s.strip()]
    parts = list(neo4j_load._parts(generation))
    nodes = [row for p in parts if p.ends is None for row in p.rows.to_pylist()]
    edges = [row for p in parts if p.ends for row in p.batch(0)]
    rates = []
    with driver.session() as session:
        for statement, rows, start in ((node, nodes, 0), (edge, edges, 0)):
            for row in rows[:20]:  # the server warms up
                session.run(statement, row=row).consume()
            begun = time.perf_counter()
            measured = rows[start : start + sample]
            for row in measured:
                session.run(statement, row=row).consume()
            rates.append(len(measured) / (time.perf_counter() - begun))
    return rates[0], rates[1]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--graph", help="a graph folder")
    parser.add_argument("--uri", help="an empty Neo4j (NEO4J_USER, NEO4J_PASSWORD)")
    parser.add_argument("--sample", type=int, default=400, help="rows of each kind that are sent one by one")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, server(options.uri) as own:
        auth: Any = (own.user, own.password) if own.password else None
        with GraphDatabase.driver(own.uri, auth=auth) as driver:
            (held,) = driver.execute_query("MATCH (n) RETURN count(n) AS n").records
            if held["n"]:
                sys.exit(f"{own.uri} holds {held['n']} nodes: give an empty database")
            generation = open_graph(options.graph) if options.graph else built(Path(scratch) / "graph")
            batched = []
            for run in range(options.runs + 1):
                empty(driver)
                begun = time.perf_counter()
                counts = neo4j_load.load(
                    generation.directory, own.uri, own.user, own.password, settings=Settings(store_timeout=60)
                ).counts
                if run:  # the first makes the indexes and warms the server
                    batched.append(time.perf_counter() - begun)
            empty(driver)
            node_rate, edge_rate = merge_each(driver, generation, options.sample)
            empty(driver)
    nodes = counts["Paper"] + counts["Concept"] + counts["Listing"]
    edges = sum(counts.values()) - nodes
    seconds = sorted(batched)[len(batched) // 2]
    slow = nodes / node_rate + edges / edge_rate
    print(f"graph: {nodes:,} nodes, {edges:,} relationships")
    print(
        f"papergraph load:  {seconds:8.2f} s {(nodes + edges) / seconds:8.0f} rows/s (of {options.runs} runs)"
    )
    print(f"one MERGE a row:  {slow:8.2f} s {(nodes + edges) / slow:8.0f} rows/s (sampled)")
    print(f"ratio:            {slow / seconds:8.1f}")


def built(directory: Path) -> Generation:
    """A graph of the real listings beside the checkout, or of the bundled example."""
    timed(["build", *default_files(), "--out", str(directory)])
    return open_graph(directory)


if __name__ == "__main__":
    main()
