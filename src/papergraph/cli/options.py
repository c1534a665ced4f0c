"""Options that several commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

import click

from papergraph.errors import UsageError
from papergraph.settings import Settings, load_settings

F = TypeVar("F", bound=Callable[..., Any])


def setting_options(*names: str) -> Callable[[F], F]:
    """Adds an option for each named setting; the command receives them as keywords (None where not given).

    Turn them into Settings with load_settings(options).
    """
    table = {f.name: f for f in fields(Settings)}

    def decorate(function: F) -> F:
        for name in reversed(names):
            f = table[name]
            flag = "--" + name.replace("_", "-")
            text = f"{f.metadata['help']} ({f.metadata['unit']}; default {_shown(f.default)})."
            if str(f.type) == "bool":
                function = click.option(flag, name, is_flag=True, default=None, help=text)(function)
            else:
                kind = {"int": int, "float": float, "str": str}[str(f.type)]
                metavar = f.metadata["unit"].split("/")[0].upper()
                function = click.option(flag, name, type=kind, default=None, metavar=metavar, help=text)(
                    function
                )
        return function

    return decorate


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "none"


def graph_option(function: F) -> F:
    """--graph DIR or bolt://..., also from PAPERGRAPH_GRAPH; the command receives `graph`, never empty."""
    return click.option(
        "--graph",
        metavar="DIR|URI",
        envvar="PAPERGRAPH_GRAPH",
        required=True,
        help="Graph folder, or bolt:// address of a Neo4j "
        "(user and password from NEO4J_USER and NEO4J_PASSWORD).",
    )(function)


def local_graph(graph: str, option: str = "--graph") -> str:
    """A graph that must be a folder. Raises UsageError on a URI."""
    if "://" in graph:
        raise UsageError(f"{option} {graph}: this command works on a graph folder, not on a server")
    return graph


def neo4j_credentials() -> tuple[str, str]:
    """User and password from NEO4J_USER (default neo4j) and NEO4J_PASSWORD, or asked for at a terminal.

    Raises UsageError where there is no password and nobody to ask.
    """
    user = os.environ.get("NEO4J_USER", "neo4j")
    password = os.environ.get("NEO4J_PASSWORD")
    if password is None:
        if not sys.stdin.isatty():
            raise UsageError(
                "no password for Neo4j",
                "set NEO4J_PASSWORD (and NEO4J_USER if it is not neo4j); empty for none",
            )
        password = click.prompt(f"Password of {user}", hide_input=True, default="", show_default=False)
    return user, password


__all__ = [
    "graph_option",
    "load_settings",
    "local_graph",
    "neo4j_credentials",
    "setting_options",
]
