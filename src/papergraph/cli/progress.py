"""Progress of long commands, on stderr: one line that rewrites itself at a terminal, else a line a stage."""

from __future__ import annotations

import sys
import time


class ProgressLine:
    """Callable as papergraph.build.Progress."""

    def __init__(self) -> None:
        self._tty = sys.stderr.isatty()
        self._stage = ""
        self._last = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if self._tty:
            if stage != self._stage or done == total or now - self._last > 0.1:
                sys.stderr.write(f"\r\033[K{stage} {done:,} of {total:,}")
                sys.stderr.flush()
                self._last = now
        elif stage != self._stage and total:
            sys.stderr.write(f"{stage} ({total:,})\n")
        self._stage = stage

    def close(self) -> None:
        """Clears the line."""
        if self._tty and self._stage:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
