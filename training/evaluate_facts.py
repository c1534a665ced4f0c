"""Kind, gist and claims against facts.jsonl: 100 papers labelled by reading (README.md has the command)."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

from papergraph.extract import TrainedExtractor
from papergraph.text import fold_title, sentences
from training.data import read_listing, read_papers

LABELS = Path(__file__).with_name("facts.jsonl")


def key(title: str) -> str:
    """How facts.jsonl names a paper."""
    return hashlib.sha256(fold_title(title).encode()).hexdigest()[:16]


def main() -> None:
    """Print how often each fact is right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, nargs="+", required=True)
    parser.add_argument("--listing", type=Path, nargs="*", default=[])
    args = parser.parse_args()
    texts: dict[str, tuple[str, str]] = {}
    for path in args.listing:
        texts |= {k: v for k, v in read_listing(path).items() if k not in texts}
    papers = {key(r["title"]): r for path in args.gold for r in read_papers(path, texts)}
    extractor = TrainedExtractor()
    kinds: list[tuple[str, str]] = []
    gists: list[bool] = []
    hits = found_claims = true_claims = 0
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        paper = papers[label["paper"]]
        number = {start: i for i, (start, _) in enumerate(sentences(paper["abstract"]))}
        if len(number) != label["sentences"]:
            raise SystemExit(
                f"{paper['title']}: split into {len(number)} sentences, labelled {label['sentences']}"
            )
        found = extractor.extract(paper["title"], paper["abstract"])
        kinds.append((label["kind"], str(found.kind)))
        gists.append(found.gist is not None and number[found.gist.at.start] in label["gist"])
        claims = {number[c.at.start] for c in found.claims}
        hits += len(claims & set(label["claims"]))
        found_claims, true_claims = found_claims + len(claims), true_claims + len(label["claims"])
    print(f"kind right: {sum(a == b for a, b in kinds)} of {len(kinds)}")
    print("kinds mistaken (label, found):", sorted({(a, b, kinds.count((a, b))) for a, b in kinds if a != b}))
    print(f"gist right: {sum(gists)} of {len(gists)}")
    print(f"claims: {hits} right of {found_claims} found, {true_claims} labelled")


if __name__ == "__main__":
    main()
