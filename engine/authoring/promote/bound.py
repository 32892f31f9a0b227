"""The exact upper confidence bound of a share."""

from __future__ import annotations

from scipy.stats import beta


def upper_bound(wrong: int, of: int, confidence: float) -> float:
    """Return the one-sided upper Clopper-Pearson bound of a share, 1 where nothing was seen.

    It is the largest share under which seeing at most `wrong` of `of` still has a probability of
    1 - `confidence`. Clopper and Pearson, The use of confidence or fiducial limits illustrated in
    the case of the binomial, Biometrika 26 (1934), 404-413; by quantiles of the beta distribution
    as in Brown, Cai and DasGupta, Interval estimation for a binomial proportion, Statistical
    Science 16 (2001), 101-133.
    """
    if wrong >= of:
        return 1.0
    return float(beta.ppf(confidence, wrong + 1, of - wrong))
