"""A knowledge graph of papers from titles and abstracts, with evidence on every edge."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from papergraph.export.networkx import load_networkx
    from papergraph.store import open_store

# Papers are read side by side, on threads of ours. OpenBLAS's own threads in each of them fight for the cores
# (three times the time) and add in another order, so that another number of cores gave other bits.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__all__ = ["load_networkx", "open_store"]


def __getattr__(name: str) -> Any:
    """The library's front door, imported when it is first used: `import papergraph` itself stays quick."""
    if name == "load_networkx":
        from papergraph.export.networkx import load_networkx

        return load_networkx
    if name == "open_store":
        from papergraph.store import open_store

        return open_store
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
