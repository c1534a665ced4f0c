"""Values of both stores as plain JSON, the same for the same graph."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from papergraph.model import EntityType, Label

HIDDEN = frozenset({"embedding", "uid"})  # Neo4j's own: the vector, and the key of a load
_EXACT = 2**53  # JSON readers keep integers up to here


def plain(value: Any) -> Any:
    """A JSON value. A node becomes {"_id", "_labels", properties}, a relationship {"_id", "_type", "_start",
    "_end", properties}, a path {"_nodes", "_relationships"}; properties without a value are left out.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if -_EXACT <= value <= _EXACT else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return plain(int(value) if value == value.to_integral_value() else float(value))
    if isinstance(value, list | tuple | set):
        if type(value).__module__.startswith("neo4j"):
            return str(value)  # a duration or a point
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return _ladybug(value)
    if isinstance(value, bytes | bytearray):
        return value.hex()
    return _neo4j(value)


def _ladybug(value: dict[Any, Any]) -> Any:
    """Ladybug gives nodes, relationships and paths as maps with keys in capitals."""
    if "_NODES" in value and "_RELS" in value:
        return {"_nodes": plain(value["_NODES"]), "_relationships": plain(value["_RELS"])}
    if "_ID" not in value or "_LABEL" not in value:
        return {str(k): plain(v) for k, v in value.items()}
    properties = {k: plain(v) for k, v in value.items() if not k.startswith("_") and v is not None}
    if "_SRC" in value:
        ends = {"_start": _ladybug_id(value["_SRC"]), "_end": _ladybug_id(value["_DST"])}
        return {"_id": _ladybug_id(value["_ID"]), "_type": value["_LABEL"], **ends, **properties}
    labels = [value["_LABEL"]]
    if labels == [Label.CONCEPT] and properties.get("type") in set(EntityType):
        labels.append(properties["type"])
    return {"_id": _ladybug_id(value["_ID"]), "_labels": labels, **properties}


def _ladybug_id(value: Any) -> str:
    return f"{value['table']}:{value['offset']}"


def _neo4j(value: Any) -> Any:
    from neo4j.graph import Node, Path, Relationship

    if isinstance(value, Path):
        return {
            "_nodes": [plain(n) for n in value.nodes],
            "_relationships": [plain(r) for r in value.relationships],
        }
    if isinstance(value, Node | Relationship):
        properties = {k: plain(v) for k, v in value.items() if k not in HIDDEN}
        if isinstance(value, Node):
            labels = sorted(set(value.labels) - {Label.PAPERGRAPH})
            return {"_id": value.element_id, "_labels": labels, **properties}
        start, end = value.nodes
        ends = {"_start": start and start.element_id, "_end": end and end.element_id}
        return {"_id": value.element_id, "_type": value.type, **ends, **properties}
    if hasattr(value, "iso_format"):
        return value.iso_format()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)
