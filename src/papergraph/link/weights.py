"""The fitted numbers of the links: data/links.json, written by training/fit_links.py."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from papergraph.assets import data
from papergraph.model import View


@dataclass(frozen=True, slots=True)
class Weights:
    """Bias and weights of a logistic function a kind of link."""

    similar: tuple[float, NDArray[np.float64]]  # over features.NAMES
    views: tuple[tuple[float, float], ...]  # over the centred cosine, in the order of model.View
    near: tuple[float, float, float]  # BUILDS_ON from nearness: bias, log odds of SIMILAR_TO, tanh(years / 2)


@cache
def load_weights() -> Weights:
    """The numbers that travel with the package."""
    content = json.loads(data("links.json").read_text(encoding="utf-8"))
    similar, near, views = content["similar"], content["near"], content["views"]
    return Weights(
        similar=(similar["bias"], np.array(similar["weights"], np.float64)),
        views=tuple((views[v]["bias"], views[v]["weight"]) for v in View),
        near=(near["bias"], *near["weights"]),
    )
