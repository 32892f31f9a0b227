"""The result of verifying the audit log, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.ledger.verify import verify


@dataclass(frozen=True, slots=True)
class Audit:
    """What verification found; `problems` says where and what, in order."""

    ok: bool
    entries: int
    root: str
    problems: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """One line: `OK 48,213 entries, head 9f3c2a71c0de`, or `BROKEN` and the first problem."""
        if self.ok:
            noun = "entry" if self.entries == 1 else "entries"
            return f"OK {self.entries:,} {noun}, head {self.root[:12]}"
        return f"BROKEN {self.problems[0] if self.problems else 'the log does not verify'}"


def audit(url: str, progress: Callable[[int, int], None] | None = None) -> Audit:
    """Verify the ledger at `url`; raises what `engine.ledger.verify.verify` raises."""
    result = verify(url, progress=progress)
    return Audit(result.ok, result.entries, result.root, tuple(map(str, result.problems)))
