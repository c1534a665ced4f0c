"""`papergraph load`: a graph folder into Neo4j."""

from __future__ import annotations

import click

from papergraph.cli.options import load_settings, neo4j_credentials
from papergraph.cli.progress import ProgressLine
from papergraph.text import plural


@click.command()
@click.argument("directory", metavar="DIR")
@click.option("--uri", required=True, metavar="bolt://...", help="Address of the Neo4j server.")
@click.option("--database", metavar="NAME", help="Database, if not the server's default.")
@click.option(
    "--prune",
    is_flag=True,
    help="Remove what an earlier load brought and this graph no longer holds.",
)
@click.option(
    "--replace",
    "replace_graph",
    is_flag=True,
    help="Replace another papergraph that the database holds.",
)
def load(directory: str, uri: str, database: str | None, prune: bool, replace_graph: bool) -> None:
    """Load a graph folder into Neo4j; loading twice changes nothing, and a load that was cut off resumes.

    User and password come from NEO4J_USER and NEO4J_PASSWORD, or are asked for.
    """
    from papergraph.store.neo4j_load import load as load_graph

    user, password = neo4j_credentials()
    line = ProgressLine()
    try:
        loaded = load_graph(
            directory,
            uri,
            user,
            password,
            database=database,
            prune=prune,
            replace=replace_graph,
            progress=line,
            settings=load_settings(),
        )
    finally:
        line.close()
    for name, count in loaded.counts.items():
        click.echo(f"{name}: {count:,}")
    click.echo(f"{directory} is loaded into {uri}: {plural(sum(loaded.counts.values()), 'row')}")
    if loaded.left_nodes or loaded.left_relationships:
        left = f"{plural(loaded.left_nodes, 'node')} and {plural(loaded.left_relationships, 'relationship')}"
        click.echo(
            f"{left} of an earlier generation are still there, and in every answer; --prune removes them",
            err=True,
        )
