"""The run that a command line names."""

from __future__ import annotations

from engine.errors import UsageError
from engine.language.moments import format_instant
from engine.ledger.queries import Queries
from engine.ledger.records import RunRecord

LATEST = "latest"
_PREFIX = "run-"
_SHOWN = 3


def run_named(ledger: Queries, wanted: str) -> RunRecord:
    """Return a run by its id, by the beginning of it, or as `latest`: the one recorded last.

    Raises UsageError, with what there is, for a name that fits no run or several.
    """
    if wanted == LATEST:
        latest = ledger.latest_run()
        if latest is None:
            raise UsageError("the ledger holds no run")
        return latest
    exact = ledger.run(wanted)
    if exact is not None:
        return exact
    runs = ledger.runs()
    beginning = _PREFIX + wanted.removeprefix(_PREFIX)
    found = [run for run in runs if wanted and run.run_id.startswith(beginning)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"several runs begin with {wanted!r}", hint=_told(found))
    hint = f"the last runs are {_told(runs)}" if runs else "the ledger holds no run"
    raise UsageError(f"no run {wanted!r}", hint=hint)


def _told(runs: tuple[RunRecord, ...] | list[RunRecord]) -> str:
    last = runs[: -_SHOWN - 1 : -1]
    told = ", ".join(f"{run.run_id} (as of {format_instant(run.as_of_us)})" for run in last)
    more = len(runs) - len(last)
    return f"{told}, and {more:,} more" if more else told
