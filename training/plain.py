"""Unlabelled papers and the vectors that the network shall give them."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from papergraph.embed.minilm import MiniLM
from papergraph.text import fold_title, readable

TITLES_ONLY = 6  # one text in so many is a title alone, as short as a search
FIRST_YEAR = 2016  # papers of the ACL Anthology before it are not for training (their licence)
LONGEST = 2500  # characters of an abstract


def read_plain(paths: list[Path], number: int) -> list[tuple[str, str]]:
    """`number` papers (title, abstract) of JSON lines files, gzip or not, chosen by a hash of the title."""
    found: dict[str, tuple[str, str, str]] = {}
    for path in paths:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for line in content.decode("utf-8").split("\n"):
            if not line.strip():
                continue
            row = json.loads(line)
            abstract = row.get("abstract") or ""
            if not 200 <= len(abstract) <= LONGEST or int(row.get("year") or FIRST_YEAR) < FIRST_YEAR:
                continue
            key = hashlib.sha256(fold_title(row["title"]).encode()).hexdigest()
            found.setdefault(key, (key, row["title"], abstract))
    return [(title, abstract) for _, title, abstract in sorted(found.values())[:number]]


def shown(texts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The texts, every sixth without its abstract."""
    return [(title, "" if i % TITLES_ONLY == 0 else abstract) for i, (title, abstract) in enumerate(texts)]


def minilm_vectors(texts: list[tuple[str, str]], threads: int) -> NDArray[np.float32]:
    """The vectors that the texts shall have, [n, 384], of length 1: those of all-MiniLM-L6-v2."""
    return MiniLM(threads).embed([f"{readable(t)}\n{readable(a)}".strip() for t, a in texts])
