"""Names for what is written: of policies after titles, of selections after detections."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_LONGEST = 80
"""A name has at most 100 characters; what makes it unique comes after these."""
_RESERVED = frozenset({"all", "any", "not", "them", "and", "or", "of", "condition", "finding"})


def policy_name(title: str) -> str:
    """Return a title as the name of a policy: `Many logins` is `many-logins`."""
    return _named(title, "-").lower() or "sigma-rule"


def selection_name(detection: str) -> str:
    """Return the name of a detection, or of a rule, as the name of a selection."""
    name = _named(re.sub(r"^_filt_[a-z]+_", "filter_", detection), "_")
    return f"{name}_" if name.lower() in _RESERVED else name or "selection"


def _named(text: str, joint: str) -> str:
    ascii_ = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^A-Za-z0-9_-]+" if joint == "_" else r"[^A-Za-z0-9]+", joint, ascii_)
    kept = re.sub(r"^[^A-Za-z]+", "", kept).strip(joint)
    return kept[:_LONGEST].rstrip("-_")


def unique(name: str, taken: Collection[str], joint: str = "-") -> str:
    """Return the name, with a number after it when it is taken."""
    candidate, number = name, 2
    while candidate in taken:
        candidate = f"{name}{joint}{number}"
        number += 1
    return candidate
