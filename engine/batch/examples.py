"""Example exchanges of judged subjects: a few that their policies' selections pick.

One an account first, so that the examples show how many are involved. Most subjects have enough
among a few of their accounts, so the exchanges of all are looked at only for those that have not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.activity.workspace import Workspace
from engine.language.model.selection import Selection
from engine.language.subject import Subject
from engine.language.words import SubjectKind
from engine.signals.cut import SLICED_BY, has_slices, in_slice
from engine.signals.matching import columns_matched, matching_sql

SAMPLES_PER_CASE = 6
FIRST_ACCOUNTS = 24
"""How many accounts of a subject are looked at before all are."""

EXAMPLE_COLUMNS = frozenset({"event_id", "account_id", "ts_us", "model", "prompt", "system_prompt"})
"""Columns of `events` that an example shows."""


@dataclass(frozen=True, slots=True)
class Example:
    """An exchange as it came in; its text is hostile and not yet redacted."""

    event_id: str
    account_id: str
    ts_us: int
    model: str
    text: str | None


Wanted = Mapping[Subject, tuple[Selection, ...]]
Found = dict[Subject, list[Example]]


def find_examples(
    workspace: Workspace, wanted: Wanted, as_of_us: int, *, first: int = FIRST_ACCOUNTS
) -> Mapping[Subject, tuple[Example, ...]]:
    """Return a few exchanges of each subject that one of its selections picks, or just a few.

    Reads `events` and, for the accounts of each subject, `judged`; `fold_text` must be registered.
    Accounts are taken in the order of their ids: when as many as there are samples have an example
    among the first, those of later accounts would come after all of them.
    """
    found = _among(workspace, wanted, as_of_us, first)
    sizes = _sizes(workspace)
    rest = {
        subject: selections
        for subject, selections in wanted.items()
        if sizes.get(subject, 0) > first
        and len({one.account_id for one in found.get(subject, ())}) < SAMPLES_PER_CASE
    }
    if rest:
        found |= _among(workspace, rest, as_of_us, max(sizes.values()))
    return {subject: tuple(found.get(subject, ())) for subject in wanted}


def _among(workspace: Workspace, wanted: Wanted, as_of_us: int, accounts: int) -> Found:
    """Return the examples that the first so many accounts of each subject have."""
    _look_at(workspace, wanted, accounts)
    sliced = has_slices(workspace)
    read = EXAMPLE_COLUMNS | columns_matched(s for each in wanted.values() for s in each)
    columns = ", ".join(f'"{one}"' for one in sorted(read.union(SLICED_BY if sliced else ())))
    workspace.execute(_JUDGED_EVENTS.format(columns=columns), [as_of_us])
    groups: dict[tuple[Selection, ...], list[Subject]] = {}
    for subject, selections in wanted.items():
        groups.setdefault(selections, []).append(subject)
    found: Found = {}
    own = _IN_ITS_SLICE.format(within=in_slice("s", "e")) if sliced else ""
    for selections, subjects in groups.items():
        picked = matching_sql(selections, "looked_at", "judged_events") if selections else _ALL
        _look_at(workspace, subjects, accounts)
        rows = workspace.rows(_EXAMPLES.format(picked=picked, own=own), [SAMPLES_PER_CASE])
        for kind, id_, *example in rows:
            found.setdefault(Subject(SubjectKind(kind), id_), []).append(Example(*example))
    return found


def _look_at(workspace: Workspace, subjects: Iterable[Subject], accounts: int) -> None:
    listed: Sequence[Subject] = tuple(subjects)
    pairs = [[one.kind.value for one in listed], [one.id for one in listed]]
    workspace.execute(_LOOKED_AT, [*pairs, accounts])


def _sizes(workspace: Workspace) -> Mapping[Subject, int]:
    rows = workspace.rows("SELECT kind, id, count(*) FROM judged GROUP BY kind, id")
    return {Subject(SubjectKind(kind), id_): accounts for kind, id_, accounts in rows}


_ALL = "SELECT event_id FROM judged_events"

_LOOKED_AT = """
CREATE OR REPLACE TEMP TABLE looked_at AS
SELECT kind, id, account_id FROM (
  SELECT *, row_number() OVER (PARTITION BY kind, id ORDER BY account_id) AS place FROM judged
  JOIN (SELECT unnest(?::VARCHAR[]) AS kind, unnest(?::VARCHAR[]) AS id) AS these USING (kind, id)
) WHERE place <= ?
"""

_JUDGED_EVENTS = """
CREATE OR REPLACE TEMP TABLE judged_events AS
SELECT {columns} FROM events WHERE ts_us <= ? AND account_id IN (SELECT account_id FROM looked_at)
"""

# Of a slice only what is in it; what is no slice has no row there.
_IN_ITS_SLICE = """
  ANTI JOIN (SELECT DISTINCT campaign_id AS id, field, value FROM slices) s
    ON kind = 'campaign' AND s.id = looked_at.id AND ({within}) IS NOT TRUE
"""

_EXAMPLES = """
WITH mine AS (
  SELECT kind, id, event_id, account_id, ts_us, model, coalesce(prompt, system_prompt) AS text,
         row_number() OVER (PARTITION BY kind, id, account_id ORDER BY ts_us, event_id) AS turn
  FROM judged_events e JOIN looked_at USING (account_id) {own} WHERE event_id IN ({picked})
), placed AS (
  SELECT *, row_number() OVER (
    PARTITION BY kind, id ORDER BY turn, account_id, ts_us, event_id) AS place FROM mine
)
SELECT kind, id, event_id, account_id, ts_us, model, text FROM placed WHERE place <= ?
ORDER BY kind, id, place
"""
