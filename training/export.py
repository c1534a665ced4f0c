"""From a trained network to the shipped files: ONNX, int8, and the heads as arrays."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from papergraph.extract.candidates import N_HAND
from papergraph.extract.cues import N_CUES
from training.network import Network


def export(net: Network, folder: Path, calibration: np.ndarray | None = None) -> None:
    """Write tagger.onnx (int8) and tagger_heads.npz into `folder`."""
    net = net.to("cpu").eval()
    ids = torch.ones(1, 8, dtype=torch.long)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        torch.onnx.export(
            net.encoder, (ids, ids), str(full),
            input_names=["ids", "features"], output_names=["hidden", "tags"],
            dynamic_axes={k: {1: "length"} for k in ("ids", "features", "hidden", "tags")},
            opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(
            str(full), str(folder / "tagger.onnx"), weight_type=QuantType.QInt8, per_channel=True
        )
    heads(net, folder, calibration)


def heads(net: Network, folder: Path, calibration: np.ndarray | None) -> None:
    """Write tagger_heads.npz; without a calibration the head's own score counts."""
    np.savez(folder / "tagger_heads.npz", **head_arrays(net, calibration))


def head_arrays(net: Network, calibration: np.ndarray | None) -> dict[str, np.ndarray]:
    """The weights of the heads under the names that `papergraph.extract.tagger` reads."""
    arrays = {k: v.detach().numpy().astype(np.float32) for k, v in net.entity.state_dict().items()}
    arrays |= {
        f"sentence.{k}": v.detach().numpy().astype(np.float32) for k, v in net.sentence.state_dict().items()
    }
    arrays["vector"] = net.vector.weight.detach().numpy().astype(np.float32)
    if calibration is None:
        calibration = np.zeros(N_HAND + N_CUES + 4)
        calibration[0] = 1
    return arrays | {"calibration": calibration}
