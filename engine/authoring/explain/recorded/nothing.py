"""What to say where a run recorded nothing of a subject."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from engine.errors import UsageError
from engine.ledger.queries import Queries
from engine.ledger.records import RunRecord

_SHOWN = 3
_COMPARED = 5_000
"""Ids looked at for one that is meant."""


def nothing_recorded(
    ledger: Queries, run: RunRecord, subject_id: str, policy: str | None
) -> UsageError:
    """Return an error with what there is, and how to see what the ledger does not keep."""
    what = "finding" if policy is None else f"finding of {policy}"
    message = f"{run.run_id} recorded no {what} for {subject_id!r}"
    return UsageError(message, hint="; ".join(_hints(ledger, run, subject_id)))


def _hints(ledger: Queries, run: RunRecord, subject_id: str) -> Iterator[str]:
    elsewhere = ledger.findings(subject_id=subject_id)
    if elsewhere:
        told = {f"{one.policy} in {one.run_id}": None for one in elsewhere}
        yield f"it has {_few(list(told))}"
    mine = {one.subject_id for one in ledger.findings(run.run_id)}
    if not elsewhere:
        cases = [one for one in ledger.cases() if one.campaign_id in mine]
        for case in cases:
            if any(one.account_id == subject_id for one in ledger.members(case.case_id)):
                yield f"it is an account of campaign {case.subject_id}, which has one"
                break
        else:
            near = get_close_matches(subject_id, sorted(mine)[:_COMPARED], n=_SHOWN, cutoff=0.7)
            if near:
                yield f"did you mean {' or '.join(near)}?"
        yield f"it recorded findings for {len(mine):,} subjects"
    yield (
        "facts of subjects without a finding are not recorded: to see why there is none, explain "
        "the activity itself, with --activity in place of --run"
    )


def _few(told: list[str]) -> str:
    more = len(told) - _SHOWN
    return ", ".join(told[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
