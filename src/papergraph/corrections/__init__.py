"""What people corrected: a table beside the graph, an input of every build, that wins over what was found."""

from papergraph.corrections.outcome import Outcome, Status, load_outcomes, reports, save_outcomes
from papergraph.corrections.table import FILE, Correction, Kind, Table, read_table

__all__ = [
    "FILE",
    "Correction",
    "Kind",
    "Outcome",
    "Status",
    "Table",
    "load_outcomes",
    "read_table",
    "reports",
    "save_outcomes",
]
