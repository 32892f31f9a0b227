"""Finding the subject that an author means, or saying what is there instead."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from engine.authoring.judging import Judged
from engine.errors import UsageError
from engine.language.moments import format_instant
from engine.language.subject import Subject
from engine.language.words import SubjectKind

_NEIGHBOURS = 500
"""Ids are compared with those that stand near in order: a million of them would take minutes."""
_SHOWN = 3
_ACTIVE = "SELECT count(*) > 0 FROM events WHERE account_id = ?"
_OPENED = "SELECT count(*) > 0 FROM accounts WHERE account_id = ?"
_FIRST = "SELECT min(ts_us) FROM events"


def subject_named(judged: Judged, kind: SubjectKind, wanted: str) -> Subject:
    """Return the subject of that id; raises UsageError with the nearest ids there are."""
    table = judged.evaluation.tables.get(kind)
    known = () if table is None else table.subjects
    if holds(known, wanted):
        return Subject(kind, wanted)
    message = f"no {kind.value} {wanted!r} in this activity"
    hint = "; ".join(_hints(judged, kind, wanted, known)) or None
    raise UsageError(message, hint=hint)


def no_such_subject(judged: Judged, wanted: str) -> UsageError:
    """Return what to say of an id that no kind of subject has."""
    if not judged.evaluation.tables:
        message = "the pack has no policy that a run evaluates"
        return UsageError(message, hint="a draft is explained when it is named")
    message = f"no subject {wanted!r} in this activity"
    absent = list(_absent(judged, wanted))
    tables = judged.evaluation.tables
    close = [near for table in tables.values() for near in _close(wanted, table.subjects)]
    if close:
        absent.append(f"did you mean {' or '.join(close[:_SHOWN])}?")
    counts = (f"{len(t.subjects):,} {kind.value}s" for kind, t in tables.items())
    return UsageError(message, hint="; ".join([*absent, f"there are {', '.join(counts)}"]))


def holds(known: Sequence[str], wanted: str) -> bool:
    """Return whether sorted ids hold one."""
    place = bisect_left(known, wanted)
    return place < len(known) and known[place] == wanted


def _hints(judged: Judged, kind: SubjectKind, wanted: str, known: Sequence[str]) -> Iterator[str]:
    campaigns = judged.evaluation.linkage.campaigns
    if kind is SubjectKind.CAMPAIGN:
        mine = [one.id for one in campaigns if wanted in one.account_ids]
        if mine:
            yield f"it is an account of campaign {' and '.join(mine[:_SHOWN])}"
            return
        if judged.workspace.value(_ACTIVE, [wanted]):
            yield "it is an account that is in no campaign"
            return
    elif any(one.id == wanted for one in campaigns):
        yield f"it is a campaign, and the policy judges {kind.value}s"
        return
    yield from _absent(judged, wanted)
    close = _close(wanted, known)
    if close:
        yield f"did you mean {' or '.join(close)}?"
    yield f"there are {len(known):,}" if known else f"there is no {kind.value} at all"


def _absent(judged: Judged, wanted: str) -> Iterator[str]:
    """Yield why somebody whom the input names is not judged."""
    as_of = format_instant(judged.as_of_us)
    first_us = judged.workspace.value(_FIRST)
    if first_us is not None and first_us > judged.as_of_us:
        first = format_instant(first_us)
        yield f"nothing had happened by {as_of}: the first exchange is of {first}"
    elif judged.workspace.value(_ACTIVE, [wanted]):
        yield f"it is an account that was not active by {as_of}"
    elif judged.workspace.value(_OPENED, [wanted]):
        yield "it is an account without any exchange here"


def _close(wanted: str, known: Sequence[str]) -> list[str]:
    place = bisect_left(known, wanted)
    near = known[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS]
    return get_close_matches(wanted, near, n=_SHOWN, cutoff=0.7)
