"""Answers become cases: one for each subject, with all that responses ask for it.

A case stays the same from run to run while it is open, so that a later run adds to it instead of
opening another. Once it is decided, the subject's next case needs conduct later than what was
decided upon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.batch.identity import identity
from engine.decide.finding import Answer, Finding
from engine.language.subject import Subject
from engine.language.words import ActionKind, Axis, Severity, SubjectKind
from engine.ledger.records import CaseRecord, CaseStatus, GrowthRecord

_OPEN = frozenset({CaseStatus.OPEN.value, CaseStatus.AWAITING_SECOND.value})
_GRAVITY = {kind: rank for rank, kind in enumerate(ActionKind)}


@dataclass(frozen=True, slots=True)
class Extent:
    """When a subject was active, in microseconds UTC, and with how many accounts."""

    first_us: int
    last_us: int
    accounts: int


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A subject's answers with the case they belong to.

    `settled` when the case was decided and nothing since calls for another.
    """

    answers: tuple[Answer, ...]
    record: CaseRecord
    settled: bool

    @property
    def subject(self) -> Subject:
        return self.answers[0].subject

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings behind any of the answers, each once."""
        return _findings(self.answers)


def open_cases(
    answers: Iterable[Answer],
    earlier: Iterable[CaseRecord],
    extents: Mapping[Subject, Extent],
    *,
    run_id: str,
    as_of_us: int,
) -> tuple[OpenedCase, ...]:
    """Return a case for every answered subject; `earlier` are those that the ledger holds."""
    history: dict[tuple[str, str], list[CaseRecord]] = {}
    for case in earlier:
        history.setdefault((case.subject_kind, case.subject_id), []).append(case)
    grouped: dict[Subject, list[Answer]] = {}
    for answer in answers:
        grouped.setdefault(answer.subject, []).append(answer)
    return tuple(
        _open(
            tuple(mine),
            history.get((subject.kind.value, subject.id), []),
            extents[subject],
            run_id,
            as_of_us,
        )
        for subject, mine in grouped.items()
    )


def _open(
    answers: tuple[Answer, ...],
    past: Sequence[CaseRecord],
    extent: Extent,
    run_id: str,
    as_of_us: int,
) -> OpenedCase:
    for case in past:
        if case.status in _OPEN:
            return OpenedCase(answers, case, settled=False)
    decided_upto = max((case.last_event_us for case in past), default=None)
    if decided_upto is not None and extent.last_us <= decided_upto:
        latest = max(past, key=lambda case: (case.last_event_us, case.case_id))
        return OpenedCase(answers, latest, settled=True)
    return OpenedCase(answers, _record(answers, extent, len(past), run_id, as_of_us), settled=False)


def grown(opened: OpenedCase, extent: Extent, run_id: str) -> GrowthRecord:
    """Return how an open case of the ledger stands after a run that adds to it.

    It is called by the gravest that was found of it, by what came first where that is the same.
    """
    case, now = opened.record, _Standing.of(opened.answers)
    graver = now.severity.rank > Severity(case.severity).rank
    return GrowthRecord(
        case_id=case.case_id,
        run_id=run_id,
        response=now.response if graver else case.response,
        behaviour=now.behaviour if graver else case.behaviour,
        severity=now.severity.value if graver else case.severity,
        title=now.title if graver else case.title,
        first_event_us=min(extent.first_us, case.first_event_us),
        last_event_us=max(extent.last_us, case.last_event_us),
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a case is called by the answers of a run."""

    response: str
    behaviour: str
    severity: Severity
    title: str

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> _Standing:
        findings = _findings(answers)
        first = min(answers, key=lambda answer: (-_gravity(answer), answer.response.name))
        return cls(
            first.response.name,
            most_telling(findings).policy.behaviour.value,
            max((f.policy.severity for f in findings), key=lambda severity: severity.rank),
            first.response.title,
        )


def _record(
    answers: tuple[Answer, ...], extent: Extent, episode: int, run_id: str, as_of_us: int
) -> CaseRecord:
    subject, now = answers[0].subject, _Standing.of(answers)
    return CaseRecord(
        case_id=identity("case", subject.kind.value, subject.id, episode),
        run_id=run_id,
        response=now.response,
        behaviour=now.behaviour,
        severity=now.severity.value,
        subject_kind=subject.kind.value,
        subject_id=subject.id,
        campaign_id=subject.id if subject.kind is SubjectKind.CAMPAIGN else None,
        accounts=extent.accounts,
        title=now.title,
        status=CaseStatus.OPEN.value,
        version=1,
        as_of_us=as_of_us,
        first_event_us=extent.first_us,
        last_event_us=extent.last_us,
    )


def _gravity(answer: Answer) -> int:
    return max((_GRAVITY[spec.kind] for spec in answer.step.do), default=-1)


def _findings(answers: Iterable[Answer]) -> tuple[Finding, ...]:
    found = {finding.policy.name: finding for answer in answers for finding in answer.findings}
    return tuple(found[name] for name in sorted(found))


def most_telling(findings: Sequence[Finding]) -> Finding:
    """Return the finding that names the case: what was asked says more than how it came in."""
    return min(
        findings,
        key=lambda f: (f.policy.axis is not Axis.CONTENT, -f.policy.severity.rank, f.policy.name),
    )
