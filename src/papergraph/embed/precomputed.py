"""Vectors that were computed elsewhere: FILE.npy with a row for each line of FILE.ids."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from papergraph.errors import InputError, UsageError
from papergraph.model import Paper
from papergraph.text import fold_title


class Precomputed:
    """Rows of a matrix (papers, dim), matched to papers by id, DOI, arXiv id or title; scaled to length 1.

    Raises InputError where a file is missing or does not fit the other, or where a paper has no row.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        ids_path = self._path.with_suffix(".ids")
        for file in (self._path, ids_path):
            if not file.is_file():
                raise InputError(
                    f"--embedder vectors:{path}: {file} does not exist",
                    "FILE.npy holds a row a paper, FILE.ids its id, DOI, arXiv id or title, one a line",
                )
        try:
            matrix = np.load(self._path, allow_pickle=False)
        except (ValueError, OSError, EOFError, BadZipFile) as error:
            reason = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
            raise InputError(
                f"--embedder vectors:{path}: {path} is no .npy file of numbers that can be read{reason}",
                "write it with numpy.save(FILE, matrix), a matrix of float32 with a row a paper",
            ) from None
        try:
            ids = ids_path.read_text(encoding="utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise InputError(f"{ids_path}: not UTF-8 at byte {error.start}") from None
        if (
            not isinstance(matrix, np.ndarray)
            or matrix.ndim != 2
            or matrix.dtype.kind != "f"
            or not matrix.shape[1]
        ):
            shape = getattr(matrix, "shape", None)
            raise InputError(
                f"{path}: must be numbers with a fraction, of shape (papers, dimensions), but is {shape}"
            )
        if len(ids) != len(matrix):
            raise InputError(f"{path} has {len(matrix):,} rows, but {ids_path} has {len(ids):,} lines")
        matrix = matrix.astype(np.float32)
        length = np.linalg.norm(matrix, axis=1, keepdims=True)
        if not (wrong := np.isfinite(length[:, 0]) & (length[:, 0] > 0)).all():
            row = int(np.argmin(wrong))
            raise InputError(f"{path}: row {row} ({ids_path}:{row + 1}) is zero or not finite")
        self._matrix: NDArray[np.float32] = matrix / length
        self._rows: dict[str, int] = {}
        for row, name in enumerate(ids):
            keys = {key for key in (name.strip().casefold(), fold_title(name)) if key}
            if not keys:
                raise InputError(f"{ids_path}:{row + 1}: empty line; each row needs a name")
            for key in sorted(keys):
                if self._rows.setdefault(key, row) != row:
                    raise InputError(
                        f"{ids_path}:{row + 1}: {name!r} stands in line {self._rows[key] + 1} already"
                    )
        self.dim = int(matrix.shape[1])
        digest = hashlib.sha256(self._path.read_bytes() + ids_path.read_bytes()).hexdigest()
        self.name = f"vectors:{self._path.name}:{digest[:12]}"

    def _row(self, paper: Paper) -> int | None:
        for name in (paper.id, paper.doi, paper.arxiv_id):
            if name and (row := self._rows.get(name.casefold())) is not None:
                return row
        return self._rows.get(fold_title(paper.title))

    def embed_papers(self, papers: Sequence[Paper]) -> NDArray[np.float32]:
        rows = [self._row(p) for p in papers]
        missing = [p.title for p, row in zip(papers, rows, strict=True) if row is None]
        if missing:
            shown = "; ".join(missing[:3]) + ("; ..." if len(missing) > 3 else "")
            raise InputError(
                f"{self._path}: no row for {len(missing):,} of {len(papers):,} papers: {shown}",
                f"add their ids or titles to {self._path.with_suffix('.ids').name}, and their rows",
            )
        return self._matrix[np.array(rows, np.intp)]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise UsageError(
            f"the vectors of this graph were given ({self._path.name}), "
            "so free text cannot be compared with them",
            "ask by words or names, or build with --embedder minilm or sentence-transformers:NAME_OR_PATH",
        )
