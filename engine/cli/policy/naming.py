"""The policies that a command line names."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from engine.errors import UsageError
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy, Signal
from engine.language.read.mapping import suggestion

_LISTED = 20
"""A pack may hold a thousand policies."""


def policies_named(pack: Pack, wanted: Sequence[str]) -> frozenset[str]:
    """Return the names as a set; UsageError, with a suggestion, for one the pack does not have."""
    known = sorted(policy.name for policy in pack.policies)
    for name in wanted:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            message = f"no policy named {name!r}"
            raise UsageError(message, hint=f"did you mean {close[0]}?" if close else _there(known))
    return frozenset(wanted)


def _there(known: Sequence[str]) -> str:
    if not known:
        return "the pack has no policy"
    more = len(known) - _LISTED
    told = ", ".join(known[:_LISTED])
    return f"the pack has: {told}" + (f" and {more:,} more" if more > 0 else "")


def clauses_named(pack: Pack, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return clauses, each once; UsageError, with a suggestion, for one the pack does not have."""
    known = {
        f"{terms.name}/{clause.id}"
        for terms in pack.terms
        for version in terms.versions
        for clause in version.clauses
    }
    for clause in wanted:
        if clause not in known:
            hint = suggestion(clause, sorted(known))
            raise UsageError(f"the pack has no clause {clause!r}", hint=hint)
    return tuple(dict.fromkeys(wanted))


def signal_named(policy: Policy, wanted: str) -> Signal:
    """Return a policy's signal; UsageError, with a suggestion, for one that it does not have."""
    known = {signal.name: signal for signal in policy.signals}
    if wanted in known:
        return known[wanted]
    close = difflib.get_close_matches(wanted, known, n=1)
    message = f"{policy.name} has no signal named {wanted!r}"
    listed = f"it has: {', '.join(known)}"
    raise UsageError(message, hint=f"did you mean {close[0]}?" if close else listed)
