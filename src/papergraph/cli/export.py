"""`papergraph export`: the graph in other formats, and lines for scoring."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from papergraph.cli.options import local_graph
from papergraph.cli.read import opened
from papergraph.errors import UsageError
from papergraph.text import plural

F = TypeVar("F", bound=Callable[..., Any])
# As in papergraph.schema, which takes long to import; a test compares them.
TABLES = (
    "papers",
    "concepts",
    "listings",
    "paper_concepts",
    "builds_on",
    "similar",
    "alike",
    "variants",
    "lists",
    "cites",
)

_output = click.option(
    "-o", "--output", metavar="FILE", help="Where to write; standard output if not given.", type=click.Path()
)
_outside = click.option(
    "--outside", is_flag=True, help="Also papers that no listing holds (origins of concepts, cited papers)."
)


def _graph(function: F) -> F:
    """The graph as argument `directory`, as --graph, or from PAPERGRAPH_GRAPH; see _chosen."""
    function = click.option(
        "--graph", metavar="DIR|URI", envvar="PAPERGRAPH_GRAPH", help="The graph, instead of as an argument."
    )(function)
    return click.argument("directory", metavar="[DIR|URI]", required=False)(function)


def _chosen(directory: str | None, graph: str | None) -> str:
    chosen = directory or graph
    if not chosen:
        raise UsageError(
            "no graph was given", "name a graph folder or bolt:// address, or set PAPERGRAPH_GRAPH"
        )
    return chosen


def _write(pieces: Iterable[str], output: str | None) -> None:
    """Writes text to a file or stdout. Raises UsageError where the file cannot be written."""
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    try:
        with Path(output).open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
    except OSError as error:
        raise UsageError(f"-o {output}: cannot be written: {error.strerror}", "name another file") from None
    click.echo(f"Wrote {output}.", err=True)


def _lines(rows: Iterable[dict[str, Any]]) -> Iterable[str]:
    return (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@click.group()
def export() -> None:
    """Export the graph: for other programs, or as lines for scoring."""


@export.command()
@_graph
@_output
def graphml(directory: str | None, graph: str | None, output: str | None) -> None:
    """GraphML, for Gephi, Cytoscape, yEd or igraph. Lists are JSON text."""
    from papergraph.export import networkx, whole

    with opened(_chosen(directory, graph)) as store:
        _write([networkx.graphml(whole.read_graph(store))], output)


@export.command()
@_graph
@_output
def html(directory: str | None, graph: str | None, output: str | None) -> None:
    """One HTML file of the whole graph that works offline.

    It has search, a page for each paper and concept, and the map. Where it would be larger than 5 MB the
    abstracts stay out, and stderr says so.
    """
    from papergraph.export.portable import portable

    with opened(_chosen(directory, graph)) as store:
        made = portable(store)
    _write([made.html], output)
    if not made.abstracts:
        size = len(made.html.encode()) / 1e6
        click.echo(f"Note: abstracts were left out, to keep the file small ({size:.1f} MB).", err=True)


@export.command("json")
@_graph
@_output
def json_(directory: str | None, graph: str | None, output: str | None) -> None:
    """One JSON document with all tables, every character as it is."""
    from papergraph.export import tabular, whole

    with opened(_chosen(directory, graph)) as store:
        _write([tabular.as_json(whole.read_graph(store), store.info())], output)


@export.command("csv")
@_graph
@click.option("--table", type=click.Choice(TABLES), help="Only this table, to FILE or standard output.")
@click.option("-o", "--output", metavar="PATH", help="Folder for all tables, or the file for one.")
def csv_(directory: str | None, graph: str | None, table: str | None, output: str | None) -> None:
    """CSV, one file a table: -o names the folder, or --table the one table wanted.

    Texts that a spreadsheet would run as a formula get a "'" in front; lists are JSON text.
    """
    from papergraph.export import tabular, whole

    if table is None and output is None:
        raise UsageError(
            "where to?", "give -o FOLDER for all tables, or --table NAME for one on standard output"
        )
    with opened(_chosen(directory, graph)) as store:
        whole_graph = whole.read_graph(store)
    if table:
        _write([tabular.as_csv(whole_graph, table)], output)
    else:
        written = tabular.write_csv_tables(whole_graph, Path(str(output)))
        click.echo(f"Wrote {plural(len(written), 'table')} to {output}.", err=True)


@export.command()
@_graph
@_outside
@_output
def bibtex(directory: str | None, graph: str | None, outside: bool, output: str | None) -> None:
    """BibTeX of the listed papers."""
    from papergraph.export import references, whole

    with opened(_chosen(directory, graph)) as store:
        papers = [p for p in whole.read_graph(store).papers if p.listed or outside]
    _write([references.bibtex(papers)], output)


@export.command()
@_graph
@_outside
@_output
def ris(directory: str | None, graph: str | None, outside: bool, output: str | None) -> None:
    """RIS of the listed papers, for reference managers."""
    from papergraph.export import references, whole

    with opened(_chosen(directory, graph)) as store:
        papers = [p for p in whole.read_graph(store).papers if p.listed or outside]
    _write([references.ris(papers)], output)


@export.command()
@_graph
@_output
def cypher(directory: str | None, graph: str | None, output: str | None) -> None:
    """Cypher statements, one a line, that make the graph in an empty Neo4j (cypher-shell reads them)."""
    from papergraph.export import cypher as statements
    from papergraph.export import whole

    with opened(_chosen(directory, graph)) as store:
        _write(statements.as_cypher(whole.read_graph(store)), output)


@export.command()
@_graph
@_output
def entities(directory: str | None, graph: str | None, output: str | None) -> None:
    """For scoring: a line a paper with what it names. `build --entities` takes this file."""
    from papergraph.export import scoring, whole

    with opened(_chosen(directory, graph)) as store:
        _write(_lines(scoring.entities(whole.read_graph(store))), output)


@export.command()
@_graph
@_output
def concepts(directory: str | None, graph: str | None, output: str | None) -> None:
    """For scoring: a line a concept with the papers that name it."""
    from papergraph.export import scoring, whole

    with opened(_chosen(directory, graph)) as store:
        _write(_lines(scoring.concepts(whole.read_graph(store))), output)


@export.command("builds-on")
@_graph
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    help="Edges from this confidence on, also below the graph's own floor (needs a graph folder).",
)
@_output
def builds_on(
    directory: str | None, graph: str | None, min_confidence: float | None, output: str | None
) -> None:
    """For scoring: a line a BUILDS_ON edge."""
    from papergraph.export import scoring, whole

    chosen = _chosen(directory, graph)
    if min_confidence is None:
        with opened(chosen) as store:
            _write(_lines(scoring.builds_on(whole.read_graph(store))), output)
        return
    from papergraph.tables import open_graph

    _write(_lines(scoring.all_builds_on(open_graph(local_graph(chosen)), min_confidence)), output)


@export.command()
@_graph
@click.option("-k", "k", type=click.IntRange(1, 1000), default=10, show_default=True, help="So many a paper.")
@_output
def similar(directory: str | None, graph: str | None, k: int, output: str | None) -> None:
    """For scoring: a line a paper with its nearest, drawn as edges or not (needs a graph folder)."""
    from papergraph.export import scoring
    from papergraph.tables import open_graph

    _write(_lines(scoring.similar(open_graph(local_graph(_chosen(directory, graph))), k)), output)
