"""Calibration of an entity's confidence on papers that were not trained on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from papergraph.extract.tagger import Reading
from papergraph.text import fold_name


def is_entity(reading: Reading, entities: list[dict]) -> NDArray[np.bool_]:
    """For each candidate, whether one of its surfaces is one of a labelled entity."""
    keys = {fold_name(s) for e in entities for s in [e["name"], *e["aliases"]]}
    surfaces = [[reading.document.surface(*m) for m in c.mentions] for c in reading.candidates]
    return np.array([any(fold_name(s) in keys for s in names) for names in surfaces], bool)


def calibrate(
    features: NDArray[np.float64], truth: NDArray[np.bool_], ridge: float = 1.0
) -> NDArray[np.float64]:
    """Weights and, last, intercept of a logistic regression with an L2 penalty on standardised inputs."""
    centre, scale = features.mean(0), np.maximum(features.std(0), 1e-3)
    x = np.column_stack([(features - centre) / scale, np.ones(len(features))])
    y = np.where(truth, 1.0, -1.0)
    penalty = np.full(x.shape[1], ridge)
    penalty[-1] = 0

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = y * (x @ w)
        slope = -y / (1 + np.exp(np.clip(z, -50, 50)))
        return float(np.logaddexp(0, -z).sum() + penalty @ w**2 / 2), x.T @ slope + penalty * w

    w = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x
    weights = w[:-1] / scale
    return np.append(weights, w[-1] - weights @ centre)


def reliability(
    confidence: NDArray[np.float64], truth: NDArray[np.bool_], bins: int = 10
) -> list[tuple[float, float, int]]:
    """The reliability diagram: mean confidence, share of true ones and number, for each bin of equal width
    that holds any."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        (float(confidence[place == b].mean()), float(truth[place == b].mean()), int((place == b).sum()))
        for b in range(bins)
        if (place == b).any()
    ]


def calibration_error(diagram: list[tuple[float, float, int]]) -> float:
    """Expected calibration error of a reliability diagram."""
    return sum(abs(said - true) * n for said, true, n in diagram) / sum(n for _, _, n in diagram)
