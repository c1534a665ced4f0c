"""`papergraph serve` and `papergraph demo`."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import click

from papergraph.cli.options import graph_option, load_settings, setting_options
from papergraph.errors import PapergraphError, UsageError
from papergraph.settings import Settings

_SERVICE = (
    "host",
    "port",
    "allowed_host",
    "allow_cypher",
    "allow_corrections",
    "read_only",
    "state",
    "no_state",
    "allow_upload",
    "upload_bytes",
    "max_nodes",
    "query_timeout",
    "query_rows",
    "threads",
)


def _listen(host: str, port: int, *, other_port: bool) -> socket.socket:
    """A bound socket; with `other_port`, on a free port where the wanted one is taken. Raises UsageError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for wanted in (port, 0) if other_port else (port,):
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, wanted))
            return sock
        except OSError as error:
            sock.close()
            reason = error.strerror
    raise UsageError(
        f"--host {host} --port {port}: {reason}",
        "name another with --port, or 0 for a free one",
    )


def serve_graph(graph: str, settings: Settings, *, other_port: bool) -> None:
    """Serves a graph until it is stopped; prints the address once it answers."""
    import waitress

    from papergraph.service import create_app
    from papergraph.service.app import warm_up
    from papergraph.service.uploads import most_body
    from papergraph.tables import open_graph

    if "://" not in graph:
        open_graph(
            graph
        )  # a wrong folder is said now; a Neo4j may come up later, and the pages say so until then
    sock = _listen(settings.host, settings.port, other_port=other_port)
    port = sock.getsockname()[1]
    app = create_app(graph, settings)
    if port != settings.port and settings.port:
        click.echo(f"Port {settings.port} is taken, so the explorer is on {port}.")
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    server = waitress.create_server(
        app, sockets=[sock], threads=8, ident=None, max_request_body_size=most_body(settings) + 1
    )
    warm_up(app)
    click.echo(f"The explorer is on http://{shown}:{port} (stop it with Ctrl-C)")
    if app.config["PAPERGRAPH_ADDER"].token and not settings.upload_token:
        click.echo(f"Adding a listing in the page needs this token: {app.config['PAPERGRAPH_ADDER'].token}")
    try:
        server.run()
    finally:
        app.config["PAPERGRAPH_ADDER"].close()
        server.close()


@click.command()
@graph_option
@setting_options(*_SERVICE)
def serve(graph: str, **options: Any) -> None:
    """Serve the explorer of a graph on http://127.0.0.1:8642."""
    serve_graph(graph, load_settings(options), other_port=False)


@click.command()
@click.option(
    "--out",
    "-o",
    default="demo",
    show_default=True,
    metavar="DIR",
    help="Folder of the graph.",
)
@click.option("--no-serve", is_flag=True, help="Only build it and print the summary.")
@setting_options(*_SERVICE)
def demo(out: str, no_serve: bool, **options: Any) -> None:
    """Build the bundled example (well-known papers and their lineage) and serve its explorer."""
    from papergraph import assets
    from papergraph import build as builder
    from papergraph.cli.build import run

    settings = load_settings(options)
    files = [str(assets.example("lineage.txt"))]
    try:
        run(lambda progress: builder.build(files, out, settings, progress=progress))
    except PapergraphError as error:
        if not error.hint:
            error.hint = "name another folder with --out"
        raise
    if no_serve:
        click.echo(f"Serve it with: papergraph serve --graph {Path(out)}")
    else:
        serve_graph(out, settings, other_port=True)
