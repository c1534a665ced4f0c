"""Commands that write a graph folder: build, add, remove; and listings."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from papergraph import build as builder
from papergraph import tables
from papergraph.cli.options import (
    graph_option,
    load_settings,
    local_graph,
    setting_options,
)
from papergraph.cli.output import format_option
from papergraph.cli.progress import ProgressLine
from papergraph.model import Rejected
from papergraph.sources import FORMATS
from papergraph.text import plural

_SHOWN = 5
_strict = click.option("--strict", is_flag=True, help="Leave with exit code 1 if anything was rejected.")
_format = click.option(
    "--input-format",
    type=click.Choice(list(FORMATS)),
    help="Format of the files, instead of the one seen in their content.",
)


def _list(title: str, rows: list[Rejected]) -> None:
    for row in rows[:_SHOWN]:
        place = row.file if row.line is None else f"{row.file}:{row.line}"
        click.echo(f"  {title}: {place}: {row.reason}")
    if len(rows) > _SHOWN:
        click.echo(f"  ... and {len(rows) - _SHOWN:,} more {title}")


def show_summary(s: builder.Summary) -> None:
    """The summary of a build, in words, on stdout."""
    if s.unchanged:
        click.echo(f"{s.directory}: nothing has changed, generation {s.generation} stays ({s.seconds:.1f} s)")
    click.echo(
        f"{plural(s.entries, 'entry')}, {s.merged:,} merged: {plural(s.papers, 'paper')}; "
        f"{len(s.rejected):,} rejected"
    )
    _list("rejected", s.rejected)
    _list("warning", s.warnings)
    if s.rejected_path:
        click.echo(f"  all rejects with their reasons: {s.rejected_path}")
    c = s.counts
    outside = c["papers"] - s.papers
    click.echo(
        f"{plural(c['concepts'], 'concept')} on {plural(c['paper_concepts'], 'edge')}, "
        f"{c['builds_on']:,} builds-on, "
        f"{c['similar']:,} similar, {c['variants']:,} variants, {c['cites']:,} cites; "
        f"{plural(outside, 'paper')} outside the listings"
    )
    if not s.unchanged:
        click.echo(
            f"{s.directory}: generation {s.generation}, {s.extracted:,} extracted, {s.embedded:,} embedded, "
            f"{s.seconds:.1f} s"
        )


def run(work: Callable[[builder.Progress], builder.Summary], strict: bool = False) -> builder.Summary:
    """Runs a build with a progress line, prints its summary, and honours --strict."""
    line = ProgressLine()
    try:
        summary = work(line)
    finally:
        line.close()
    show_summary(summary)
    if strict and summary.rejected:
        click.echo(
            f"Error: --strict, and {plural(len(summary.rejected), 'piece')} of input rejected",
            err=True,
        )
        sys.exit(1)
    return summary


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--out",
    "-o",
    required=True,
    metavar="DIR",
    help="Folder of the graph; made if missing.",
)
@click.option(
    "--replace",
    "replace_graph",
    is_flag=True,
    help="Build anew over a graph of other files.",
)
@click.option(
    "--entities",
    metavar="FILE",
    help="Take entities from this file (form of `export entities`).",
)
@_format
@_strict
@setting_options(
    "embedder",
    "entity_min_confidence",
    "similar_k",
    "similar_floor",
    "builds_on_min_confidence",
    "threads",
)
def build(
    files: tuple[str, ...],
    out: str,
    replace_graph: bool,
    entities: str | None,
    input_format: str | None,
    strict: bool,
    **options: Any,
) -> None:
    """Build a graph in a folder from listings of papers.

    FILE is a listing (a title line, an abstract line, ...), JSON lines, CSV, BibTeX or RIS, plain or gzip;
    "-" reads standard input. What cannot be taken is listed with its reason, and everything else is kept.
    """
    settings = load_settings(options)
    run(
        lambda progress: builder.build(
            files,
            local_graph(out, "--out"),
            settings,
            input_format=input_format,
            replace_graph=replace_graph,
            entities=entities,
            progress=progress,
        ),
        strict,
    )


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@graph_option
@click.option(
    "--refit",
    is_flag=True,
    help="Fit the corpus statistics again, instead of those of the last build.",
)
@_format
@_strict
@setting_options("threads")
def add(
    files: tuple[str, ...],
    graph: str,
    refit: bool,
    input_format: str | None,
    strict: bool,
    **options: Any,
) -> None:
    """Add files to a graph as new listings; only papers that it does not hold are worked on."""
    directory = local_graph(graph)
    settings = load_settings({**tables.open_graph(directory).manifest["settings"], **options})
    run(
        lambda progress: builder.add(
            files,
            directory,
            settings,
            input_format=input_format,
            refit=refit,
            progress=progress,
        ),
        strict,
    )


@click.command()
@click.option(
    "--listing",
    required=True,
    metavar="ID",
    help="Id of the listing, as `papergraph listings` shows it.",
)
@graph_option
def remove(listing: str, graph: str) -> None:
    """Remove a listing, and the papers that no other listing holds."""
    directory = local_graph(graph)
    settings = load_settings(tables.open_graph(directory).manifest["settings"])
    run(lambda progress: builder.remove(listing, directory, settings, progress=progress))


@click.command()
@graph_option
@format_option
def listings(graph: str) -> list[dict[str, Any]]:
    """Show the listings of a graph with the number of their papers."""
    from papergraph.questions import listings as rows
    from papergraph.store import open_store

    store = open_store(graph)
    try:
        return [dict(r) for r in rows(store)]
    finally:
        store.close()
