"""docs/cli.md, made from the help of every command: `python -m papergraph.cli.reference > docs/cli.md`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from papergraph.cli import cli

WIDTH = 100
_HEAD = """# Command line

Made from `--help` by `python -m papergraph.cli.reference > docs/cli.md`; a test checks that it is current.

Every command that reads a graph takes `--graph` with a folder that `papergraph build` made, or with the
`bolt://` address of a Neo4j that `papergraph load` filled; `PAPERGRAPH_GRAPH` stands in for it. Every
command that prints rows takes `--format table|json|csv`. A table is cut to the width of a terminal, but
never when it is piped. In CSV, a text that a spreadsheet would run as a formula gets a `'` in front; JSON
holds every character as it is.

Exit codes: 0 done, 1 not done (or `--strict` and something was rejected), 2 wrong usage, 3 the store cannot
be reached.
With `--format json` an error is one line of JSON on stderr, of the shape that the service gives:
`{"error": {"code", "message", "hint"}}`.
"""


def render() -> str:
    """The whole page."""
    return "".join([_HEAD, *_sections(cli, "papergraph")])


def _sections(command: click.Command, path: str, parent: click.Context | None = None) -> Iterator[str]:
    settings = {**command.context_settings, "max_content_width": WIDTH, "terminal_width": WIDTH}
    with click.Context(command, info_name=path.rsplit(" ", 1)[-1], parent=parent, **settings) as context:
        yield f"\n## {path}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                sub = command.get_command(context, name)
                assert sub is not None, f"{name} is listed but is not there"
                yield from _sections(sub, f"{path} {name}", context)


if __name__ == "__main__":
    click.echo(render(), nl=False)
