"""What a policy has shown at its present status, as the ledger has it.

The time in which it meant something else does not count, nor what it found then: every run records
what each policy of its pack meant, and counting starts after the last run with another meaning.
Runs are taken in the order of the moments they judge from, and a day counts once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.moments import format_instant
from engine.language.words import Status
from engine.ledger.records import CaseRecord, CaseStatus, FindingRecord, RunRecord

_DECIDED = frozenset({CaseStatus.APPROVED.value, CaseStatus.REJECTED.value})


class Books(Protocol):
    """What is asked of the ledger."""

    def runs(self) -> Sequence[RunRecord]:
        """Return the runs in the order in which they were recorded."""

    def findings(self, *, policy: str | None = None) -> Sequence[FindingRecord]:
        """Return findings of a policy."""

    def cases(self) -> Sequence[CaseRecord]:
        """Return cases."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a policy has shown."""

    days: tuple[str, ...] = ()
    """Days, in UTC and in order, that runs judged it on at its present status and meaning."""
    runs: int = 0
    findings: int = 0
    subjects: int = 0
    """Different ones with a finding: the hits."""
    cases: int = 0
    """Cases with a finding of it."""
    reviewed: int = 0
    """Those of them that reviewers have decided."""
    wrong: int = 0
    """Those of them that were rejected."""
    restarted: str | None = None
    """The moment of the last run in which it meant something else, or did not say what it meant."""


def shown(books: Books, pack: Pack, policy: Policy, meaning: str) -> Shown:
    """Return what a policy of a pack has shown at its present status and meaning."""
    seen = sorted(_seen(books.runs(), pack.name, policy.name), key=lambda one: one[0].as_of_us)
    others = [place for place, (_, line) in enumerate(seen) if line.get("meaning") != meaning]
    start = others[-1] + 1 if others else 0
    counted = [run for run, line in seen[start:] if line.get("status") == policy.status.value]
    runs = {run.run_id for run in counted}
    findings = [found for found in books.findings(policy=policy.name) if found.run_id in runs]
    cases = _cases(books, findings) if policy.status is not Status.SHADOW else []
    decided = [case for case in cases if case.status in _DECIDED]
    return Shown(
        days=tuple(sorted({format_instant(run.as_of_us)[:10] for run in counted})),
        runs=len(counted),
        findings=len(findings),
        subjects=len({(found.subject_kind, found.subject_id) for found in findings}),
        cases=len(cases),
        reviewed=len(decided),
        wrong=sum(case.status == CaseStatus.REJECTED.value for case in decided),
        restarted=format_instant(seen[start - 1][0].as_of_us) if others else None,
    )


def _seen(
    runs: Sequence[RunRecord], pack: str, policy: str
) -> Iterator[tuple[RunRecord, Mapping[str, Any]]]:
    """Yield the runs of the pack, with what each reports of the policy."""
    for run in runs:
        if run.pack_name == pack:
            lines = json.loads(run.report).get("policies", ())
            yield from ((run, line) for line in lines if line.get("policy") == policy)


def _cases(books: Books, findings: Sequence[FindingRecord]) -> list[CaseRecord]:
    """Return the cases that findings stand in, each once: a reviewer decides a case, not a finding.

    With several policies' findings in a case, its decision counts for each of them.
    """
    ids = {found.case_id for found in findings if found.case_id is not None}
    return [case for case in books.cases() if case.case_id in ids] if ids else []
