"""What the keys do: said once, for the page and for the dialog that every page opens with "?"."""

from __future__ import annotations

from typing import TypedDict

from papergraph.service.pages import Data, page


class Key(TypedDict):
    """Keys, any of which does something."""

    keys: list[str]
    does: str


class KeyGroup(TypedDict):
    """Keys that work in one place."""

    where: str
    keys: list[Key]


class HelpAnswer(TypedDict):
    """All keys, by where they work."""

    groups: list[KeyGroup]


KEY_GROUPS: list[KeyGroup] = [
    {
        "where": "Everywhere",
        "keys": [
            {"keys": ["/"], "does": "to the search box"},
            {"keys": ["?"], "does": "these keys"},
            {"keys": ["Esc"], "does": "closes what is open"},
            {"keys": ["Tab"], "does": "to the next link, field or picture"},
        ],
    },
    {
        "where": "In the search box",
        "keys": [
            {"keys": ["↓", "↑"], "does": "choose a suggestion"},
            {"keys": ["Enter"], "does": "opens it; without one, searches for what is typed"},
            {"keys": ["Esc"], "does": "closes the suggestions"},
        ],
    },
    {
        "where": "On a row of the graph's table, and so in the picture",
        "keys": [
            {"keys": ["↓", "↑", "Home", "End"], "does": "move, and say in the panel why it is there"},
            {"keys": ["Enter"], "does": "opens what is around it, in place"},
            {"keys": ["Backspace"], "does": "undoes the last step"},
            {"keys": ["Space"], "does": "ticks it"},
            {"keys": ["C"], "does": "makes it the centre"},
            {"keys": ["H", "Delete"], "does": "hides it"},
            {"keys": ["P"], "does": "gives a dragged node its own place back"},
            {"keys": ["F"], "does": "fits the picture"},
        ],
    },
    {
        "where": "In the picture, with a mouse",
        "keys": [
            {"keys": ["Click"], "does": "chooses; with Ctrl it also ticks"},
            {"keys": ["Double-click"], "does": "opens what is around a node"},
            {"keys": ["Drag"], "does": "pins a node; on the ground it moves the picture"},
            {"keys": ["Wheel"], "does": "zooms"},
        ],
    },
    {"where": "In the Cypher editor", "keys": [{"keys": ["Ctrl+Enter"], "does": "runs the query"}]},
]


@page("/help", "help.html", answer=HelpAnswer)
def help_page() -> Data:
    """The keys, and where they work."""
    return {"groups": KEY_GROUPS}
