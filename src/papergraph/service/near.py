"""How near papers are: what is alike to one, in three views, and the steps from one to another."""

from __future__ import annotations

from typing import TypedDict

from papergraph import questions
from papergraph.model import View
from papergraph.questions.alike import AlikeView, alike
from papergraph.questions.answers import Neighbour, PaperRef, Step
from papergraph.service.pages import Data, page, store
from papergraph.service.parameters import Choice, Number, Text

VIEWS = {
    "overall": "overall",
    View.PROBLEM.value: "about the same problem",
    View.APPROACH.value: "with the same approach",
}
PAPER = Text(name="paper", help="a paper: id, title or label", most=1000)
VIEW = Choice(name="view", help="which nearness", allowed=VIEWS, default="overall")
MOST = Number(name="max", help="papers at most", low=1, high=200, default=20)


class NearAnswer(TypedDict):
    """The papers near to one: `neighbours` overall, `alike` in the other views; null where not asked for."""

    paper: PaperRef | None
    view: str
    neighbours: list[Neighbour] | None
    alike: AlikeView | None
    max: int


@page("/near", "near.html", takes=(PAPER, VIEW, MOST), answer=NearAnswer)
def near() -> Data:
    """The papers near to one: overall, about the same problem, or with the same approach."""
    asked, view, most = PAPER.read(), VIEW.read(), MOST.read()
    data: Data = {"paper": None, "view": view, "neighbours": None, "alike": None, "max": most}
    if not asked:
        return data
    found = questions.names(store()).resolve_paper(asked).paper
    data["paper"] = found.as_dict()
    if view == "overall":
        data["neighbours"] = [n.as_dict() for n in questions.similar(store(), found.id, most)]
    else:
        data["alike"] = alike(store(), found.id, View(view), most).as_dict()
    return data


A = Text(name="a", help="the paper to start from: id, title or label", most=1000)
B = Text(name="b", help="the paper to reach: id, title or label", most=1000)


class PathAnswer(TypedDict):
    """The steps from one paper to another; null where none were asked for."""

    a: PaperRef | None
    b: PaperRef | None
    steps: list[Step] | None


@page("/path", "path.html", takes=(A, B), answer=PathAnswer)
def path() -> Data:
    """How two papers are connected, step by step."""
    held = questions.names(store())
    a, b = (held.resolve_paper(text).paper if text else None for text in (A.read(), B.read()))
    steps = questions.path(store(), a.id, b.id) if a and b else None
    return {
        "a": a and a.as_dict(),
        "b": b and b.as_dict(),
        "steps": None if steps is None else [s.as_dict() for s in steps],
    }
