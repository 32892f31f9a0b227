"""How often a policy was right where reviewers decided, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Precision:
    """Of decided hits: those that reviewers approved."""

    approved: int
    rejected: int

    @property
    def decided(self) -> int:
        """Return how many hits were decided upon."""
        return self.approved + self.rejected

    @property
    def share(self) -> float | None:
        """Return the share of approved ones; None where nothing was decided."""
        return self.approved / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float]:
        """Return the exact two-sided confidence interval of the share; all of it for no decision.

        Each end is the share at which what was seen, or more extreme, has a probability of
        (1 - `CONFIDENCE`) / 2. Clopper and Pearson, The use of confidence or fiducial limits
        illustrated in the case of the binomial, Biometrika 26 (1934), 404-413.
        """
        from scipy.special import betaincinv  # noqa: PLC0415 - takes a while, seldom needed

        tail, right, wrong = (1 - CONFIDENCE) / 2, self.approved, self.rejected
        low = float(betaincinv(right, wrong + 1, tail)) if right else 0.0
        high = float(betaincinv(right + 1, wrong, 1 - tail)) if wrong else 1.0
        return low, high
