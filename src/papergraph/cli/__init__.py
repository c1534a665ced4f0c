"""The command line. Commands are imported only when they are called, so that --help is quick."""

from __future__ import annotations

import importlib
import json
import sys
from itertools import pairwise
from typing import Any

import click

from papergraph.errors import PapergraphError, UsageError, disk_is_full

COMMANDS: dict[str, tuple[str, str]] = {
    "build": ("papergraph.cli.build:build", "Build a graph from listings of papers."),
    "add": ("papergraph.cli.build:add", "Add listings to a graph."),
    "remove": ("papergraph.cli.build:remove", "Remove a listing from a graph."),
    "correct": ("papergraph.cli.correct:correct", "Say what is wrong in a graph, and undo it."),
    "listings": ("papergraph.cli.build:listings", "Show the listings of a graph."),
    "demo": ("papergraph.cli.serve:demo", "Build the bundled example and serve it."),
    "serve": ("papergraph.cli.serve:serve", "Serve the explorer."),
    "load": ("papergraph.cli.load:load", "Load a graph into Neo4j."),
    "connected": (
        "papergraph.cli.read:connected",
        "Papers connected to methods, models, benchmarks or tasks.",
    ),
    "similar": ("papergraph.cli.read:similar", "The nearest papers of a paper."),
    "lineage": (
        "papergraph.cli.read:lineage",
        "What a paper builds on, or what builds on it.",
    ),
    "path": ("papergraph.cli.read:path", "How two papers are connected, step by step."),
    "search": (
        "papergraph.cli.read:search",
        "Search titles, abstracts, names and aliases.",
    ),
    "explain": (
        "papergraph.cli.read:explain",
        "What was extracted from a paper, and why.",
    ),
    "stats": ("papergraph.cli.read:stats", "Counts and most connected concepts."),
    "query": (
        "papergraph.cli.read:query",
        "Run a named query, or your own read-only Cypher.",
    ),
    "export": ("papergraph.cli.export:export", "Export the graph in other formats."),
    "settings": (
        "papergraph.cli.settings:settings",
        "Show every setting, its value and its help.",
    ),
}


class _Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=2)
            if not near:
                raise
            message = f"{error.message} Did you mean {' or '.join(near)}?"
            raise click.UsageError(message, error.ctx) from None


@click.group(
    cls=_Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="papergraph", message="papergraph %(version)s")
def cli() -> None:
    """A knowledge graph of papers from titles and abstracts, with evidence on every edge."""


def main(args: list[str] | None = None) -> None:
    """Entry point: runs a command and turns errors into a message and an exit code."""
    try:
        cli.main(args=args, prog_name="papergraph", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        if not _json_asked(args):
            error.show()
            sys.exit(error.exit_code)
        fail(UsageError(error.format_message()), as_json=True)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except PapergraphError as error:
        fail(error, as_json=_json_asked(args))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        if not disk_is_full(error):
            raise
        fail(
            PapergraphError(
                "the output could not be written: the disk is full", "free some space, run this again"
            ),
            as_json=_json_asked(args),
        )


def _json_asked(args: list[str] | None) -> bool:
    """Whether the command line asks for JSON; read anew, because an error may come before any option is."""
    words = sys.argv[1:] if args is None else args
    return "--format=json" in words or ("--format", "json") in pairwise(words)


def fail(error: PapergraphError, *, as_json: bool = False) -> Any:
    """Prints an error of ours to stderr, in words or as a JSON object, and leaves with its exit code."""
    if as_json:
        click.echo(json.dumps(error.as_json(), ensure_ascii=False), err=True)
        sys.exit(error.exit_code)
    click.echo(f"Error: {error.message}", err=True)
    if error.hint:
        click.echo(f"Hint: {error.hint}", err=True)
    sys.exit(error.exit_code)
