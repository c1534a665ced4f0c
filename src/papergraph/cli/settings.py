"""`papergraph settings`."""

from __future__ import annotations

from dataclasses import fields

import click

from papergraph.cli.output import format_option
from papergraph.settings import ENV_PREFIX, Settings, load_settings


@click.command()
@format_option
def settings() -> list[dict[str, object]]:
    """Show every setting with its value now, its default and its environment variable.

    Precedence: option, environment, papergraph.toml in the current folder, default.
    """
    now = load_settings()
    return [
        {
            "name": f.name,
            "value": "(set)" if f.metadata["secret"] and getattr(now, f.name) else getattr(now, f.name),
            "default": f.default,
            "unit": f.metadata["unit"],
            "environment": ENV_PREFIX + f.name.upper(),
            "help": f.metadata["help"],
        }
        for f in fields(Settings)
    ]
