"""The policies that a command line names."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from engine.errors import UsageError
from engine.language.model.pack import Pack


def policies_named(pack: Pack, wanted: Sequence[str]) -> frozenset[str]:
    """Return the names as a set; UsageError, with a suggestion, for one the pack does not have."""
    known = sorted(policy.name for policy in pack.policies)
    for name in wanted:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            message = f"no policy named {name!r}"
            raise UsageError(message, hint=f"did you mean {close[0]}?" if close else None)
    return frozenset(wanted)
