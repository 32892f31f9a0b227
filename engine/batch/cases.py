"""Answers become cases: one for each subject that a response takes up.

A case stays the same from run to run while it is open, so that a later run adds to it instead of
opening another. Once it is decided, the subject's next case needs conduct later than what was
decided upon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.batch.identity import identity
from engine.decide.finding import Answer, Finding
from engine.ledger.records import CaseRecord, CaseStatus
from engine.language.subject import Subject
from engine.language.words import Axis, SubjectKind

_OPEN = frozenset({CaseStatus.OPEN.value, CaseStatus.AWAITING_SECOND.value})


@dataclass(frozen=True, slots=True)
class Extent:
    """When a subject was active, in microseconds UTC, and with how many accounts."""

    first_us: int
    last_us: int
    accounts: int


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """An answer with the case it belongs to; `settled` when nothing new calls for another."""

    answer: Answer
    record: CaseRecord
    settled: bool


def open_cases(
    answers: Iterable[Answer],
    earlier: Iterable[CaseRecord],
    extents: Mapping[Subject, Extent],
    *,
    run_id: str,
    as_of_us: int,
) -> tuple[OpenedCase, ...]:
    """Return a case for every answer; `earlier` are the cases that the ledger already holds."""
    history: dict[tuple[str, str, str], list[CaseRecord]] = {}
    for case in earlier:
        history.setdefault((case.response, case.subject_kind, case.subject_id), []).append(case)
    return tuple(
        _open(answer, history, extents[answer.subject], run_id, as_of_us) for answer in answers
    )


def _open(
    answer: Answer,
    history: Mapping[tuple[str, str, str], list[CaseRecord]],
    extent: Extent,
    run_id: str,
    as_of_us: int,
) -> OpenedCase:
    subject = answer.subject
    past = history.get((answer.response.name, subject.kind.value, subject.id), [])
    for case in past:
        if case.status in _OPEN:
            return OpenedCase(answer, case, settled=False)
    decided_upto = max((case.last_event_us for case in past), default=None)
    if decided_upto is not None and extent.last_us <= decided_upto:
        latest = max(past, key=lambda case: (case.last_event_us, case.case_id))
        return OpenedCase(answer, latest, settled=True)
    return OpenedCase(
        answer, _record(answer, extent, len(past), run_id, as_of_us), settled=False
    )


def _record(
    answer: Answer, extent: Extent, episode: int, run_id: str, as_of_us: int
) -> CaseRecord:
    subject, response = answer.subject, answer.response
    lead = most_telling(answer.findings).policy
    worst = max((f.policy.severity for f in answer.findings), key=lambda s: s.rank)
    return CaseRecord(
        case_id=identity("case", response.name, subject.kind.value, subject.id, episode),
        run_id=run_id,
        response=response.name,
        behaviour=lead.behaviour.value,
        severity=worst.value,
        subject_kind=subject.kind.value,
        subject_id=subject.id,
        campaign_id=subject.id if subject.kind is SubjectKind.CAMPAIGN else None,
        accounts=extent.accounts,
        title=response.title,
        status=CaseStatus.OPEN.value,
        version=1,
        as_of_us=as_of_us,
        first_event_us=extent.first_us,
        last_event_us=extent.last_us,
    )



def most_telling(findings: Sequence[Finding]) -> Finding:
    """Return the finding that names the case: what was asked says more than how it came in."""
    return min(
        findings,
        key=lambda f: (f.policy.axis is not Axis.CONTENT, -f.policy.severity.rank, f.policy.name),
    )
