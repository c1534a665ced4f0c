"""`papergraph correct`: say what is wrong in a graph, so that every rebuild gets it right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from papergraph.cli.output import Output, format_option, one_line
from papergraph.cli.progress import ProgressLine
from papergraph.errors import UsageError
from papergraph.model import EntityType, Role
from papergraph.text import plural

Command = Callable[..., Any]
_note = click.option("--note", default="", metavar="TEXT", help="Why, for whoever reads it later.")
_in_paper = click.option("--paper", default="", metavar="PAPER", help="Only in this paper.")


def _graph(context: click.Context, _: click.Parameter, value: str | None) -> str:
    found = value or (context.obj if isinstance(context.obj, str) else None)
    if not found:
        raise UsageError("no graph was given", "add --graph DIR, or set PAPERGRAPH_GRAPH")
    if "://" in found:
        raise UsageError(
            f"--graph {found}: corrections belong to the graph on disk",
            "correct the graph folder, then load it again with `papergraph load DIR --prune`",
        )
    return found


_graph_option = click.option(
    "--graph", metavar="DIR", envvar="PAPERGRAPH_GRAPH", callback=_graph, help="Graph folder."
)


@click.group()
@click.option("--graph", metavar="DIR", help="Graph folder; may also be given after the command.")
@click.pass_context
def correct(context: click.Context, graph: str | None) -> None:
    """Correct a graph: what is said here wins on every rebuild, and can be undone.

    Corrections are rows of DIR/corrections.csv, which can be edited by hand as well (docs/corrections.md).
    Each command writes a row and applies it at once; nothing is extracted or embedded again. PAPER is a
    title or an id, NAME any name of a concept.

    \b
    papergraph correct merge "CoT" "chain of thought" --graph DIR
    papergraph correct not-entity "reasoning engine" --paper "TinyBERT" --graph DIR
    papergraph correct undo 2 --graph DIR
    """
    context.obj = graph


def _say(graph: str, cells: Mapping[str, str]) -> None:
    """Writes a correction, applies it and says what became of it."""
    from papergraph import correct as corrector
    from papergraph.questions.corrections import settled, shown
    from papergraph.store import open_store
    from papergraph.tables import open_graph

    store = open_store(graph)
    try:
        row, notes = settled(store, cells)
    finally:
        store.close()
    for note in notes:
        click.echo(f"Note: {one_line(note)}.", err=True)
    _run(lambda progress: corrector.add(graph, row, progress=progress))
    outcome = corrector.standing(open_graph(graph))[-1]
    store = open_store(graph)
    try:
        (said,) = shown(store, [outcome])
    finally:
        store.close()
    click.echo(f"{one_line(said['words'])}.")
    touched = f", touches {plural(len(outcome.papers), 'paper')}" if outcome.papers else ""
    click.echo(f"Correction {outcome.correction.number}: {outcome.status}{touched}.")
    if outcome.reason:
        click.echo(f"Why: {outcome.reason}.")


def _run(work: Callable[[ProgressLine], Any]) -> None:
    line = ProgressLine()
    try:
        summary = work(line)
    finally:
        line.close()
    click.echo(f"{summary.directory}: generation {summary.generation}, {summary.seconds:.1f} s")


@correct.command()
@click.argument("name")
@click.argument("other")
@_note
@_graph_option
def merge(name: str, other: str, note: str, graph: str) -> None:
    """NAME is the same as OTHER.

    They become one concept, which keeps the name of OTHER's.
    """
    _say(graph, {"kind": "merge", "name": name, "other": other, "note": note})


@correct.command()
@click.argument("name")
@click.argument("other")
@_note
@_graph_option
def apart(name: str, other: str, note: str, graph: str) -> None:
    """NAME and OTHER are two things.

    They are never taken for one again. Both may be names of one concept as it is now.
    """
    _say(graph, {"kind": "apart", "name": name, "other": other, "note": note})


@correct.command("not-entity")
@click.argument("name")
@_in_paper
@_note
@_graph_option
def not_entity(name: str, paper: str, note: str, graph: str) -> None:
    """NAME is no entity, here or anywhere.

    It is no method, model, benchmark or task: in one paper, or without --paper anywhere.

    The concept that goes by NAME is meant, with all its names. To take out one of them alone, first keep it
    apart from the others.
    """
    _say(graph, {"kind": "not-entity", "paper": paper, "name": name, "note": note})


@correct.command("type")
@click.argument("name")
@click.argument("type_", metavar="TYPE", type=click.Choice(list(EntityType), case_sensitive=False))
@_in_paper
@_note
@_graph_option
def type_of(name: str, type_: str, paper: str, note: str, graph: str) -> None:
    """NAME is of this type.

    TYPE is Method, Model, Benchmark or Task.
    """
    _say(graph, {"kind": "type", "paper": paper, "name": name, "value": type_, "note": note})


@correct.command()
@click.argument("paper")
@click.argument("name")
@click.argument("role_", metavar="ROLE", type=click.Choice(list(Role), case_sensitive=False))
@_note
@_graph_option
def role(paper: str, name: str, role_: str, note: str, graph: str) -> None:
    """NAME has this role in PAPER.

    ROLE is introduces, builds_on, evaluates_on, uses, compares_with or mentions; it has no other there. A
    name that stands in the title or abstract and was passed over counts, too.
    """
    _say(graph, {"kind": "role", "paper": paper, "name": name, "value": role_, "note": note})


@correct.command("drop-edge")
@click.argument("paper")
@click.argument("other", metavar="OTHER_PAPER")
@click.option(
    "--kind",
    type=click.Choice(["builds_on", "similar"]),
    help="Which edge, where both are drawn.",
)
@_note
@_graph_option
def drop_edge(paper: str, other: str, kind: str | None, note: str, graph: str) -> None:
    """An edge between two papers is wrong."""
    _say(graph, {"kind": "drop-edge", "paper": paper, "other": other, "value": kind or "", "note": note})


@correct.command("add-edge")
@click.argument("paper")
@click.argument("other", metavar="OTHER_PAPER")
@_note
@_graph_option
def add_edge(paper: str, other: str, note: str, graph: str) -> None:
    """PAPER builds on OTHER_PAPER.

    The note is shown as the reason of the edge.
    """
    _say(graph, {"kind": "add-edge", "paper": paper, "other": other, "note": note})


@correct.command("list")
@_graph_option
@format_option
def list_(graph: str) -> Output:
    """Show all, with what became of each."""
    from papergraph import correct as corrector
    from papergraph.questions.corrections import shown
    from papergraph.store import open_store
    from papergraph.tables import open_graph

    store = open_store(graph)
    try:
        rows = shown(store, corrector.standing(open_graph(graph)))
    finally:
        store.close()
    return Output(
        rows,
        columns=("number", "line", "status", "words", "note", "reason"),
        empty="There are no corrections.",
    )


@correct.command()
@click.argument("number", type=int)
@_graph_option
def undo(number: int, graph: str) -> None:
    """Take back a correction.

    NUMBER is as `papergraph correct list` counts them.
    """
    from papergraph import correct as corrector

    _run(lambda progress: corrector.undo(graph, number, progress=progress))
    click.echo(f"Correction {number} is undone; the numbers after it have moved up.")


@correct.command()
@_graph_option
def apply(graph: str) -> None:
    """Apply what was edited by hand.

    Builds the graph again with the rows of corrections.csv, and lists those that are not applied.
    """
    from papergraph import correct as corrector
    from papergraph.corrections import Status
    from papergraph.tables import open_graph

    _run(lambda progress: corrector.apply(graph, progress=progress))
    outcomes = corrector.standing(open_graph(graph))
    done = sum(o.status is Status.APPLIED for o in outcomes)
    click.echo(f"{plural(len(outcomes), 'correction')}, {done:,} applied")
    for o in outcomes:
        if o.status is not Status.APPLIED:
            click.echo(f"  {o.status}: corrections.csv:{o.correction.line}: {one_line(o.reason)}")
