"""From facts to findings, and from findings to responses.

Rows that cannot come to anything are screened out over whole columns; the rules engine decides
about the rest, in workers; and what it decides must be what the screening says, or the run fails.
Equal input gives equal output, in sorted order.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from engine.decide.cases import Candidate, Cases, PastActions
from engine.decide.collecting import garbage_left
from engine.decide.compile import compile_pack
from engine.decide.crew import Crew
from engine.decide.finding import Answer, Finding
from engine.decide.lane import Orders
from engine.decide.results import Result, result
from engine.decide.screen import Undecided
from engine.decide.supervisor import Supervisor
from engine.decide.worker import Case
from engine.language.model.pack import Pack
from engine.language.subject import Subject
from engine.language.words import SubjectKind
from engine.signals.facts import FactTable

OnProgress = Callable[[int], None]
"""Called with the number of candidates judged so far."""

_MOST_WORKERS = 4


@dataclass(frozen=True, slots=True)
class Decisions:
    """What came of a pack over the facts of a run."""

    findings: tuple[Finding, ...]
    """By kind and id of the subject, then by policy."""
    answers: tuple[Answer, ...]
    """By kind and id of the subject, then by response."""
    undecided: Mapping[str, Undecided]
    """By policy, where it could not be decided for some subject."""
    judged: Mapping[SubjectKind, int]
    """How many subjects there were of each kind."""
    candidates: int
    """How many of them went before the rules engine."""


def decide(
    pack: Pack,
    tables: Mapping[SubjectKind, FactTable],
    *,
    strikes: PastActions | None,
    as_of_us: int,
    progress: OnProgress | None = None,
    crew: Crew | None = None,
) -> Decisions:
    """Decide about every subject.

    `strikes` gives the past actions on a subject's accounts, as (time in microseconds UTC, kind);
    None means that nothing was ever done. Responses read `members`, `payers`, `organisations` and
    `portion` from the campaigns' table; what is not there is undecided. A `crew` lends its worker.

    Raises `CompileError`, `ReferenceCycleError` and `BrokenFactError` for what cannot be judged,
    and `EngineFault` when the rules engine breaks down: then nothing has been decided.
    """
    programs = [one for one in compile_pack(pack) if one.kind in tables]
    cases = [Cases(one, tables[one.kind], strikes, as_of_us) for one in programs]
    findings: list[Finding] = []
    answers: list[Answer] = []
    candidates = 0
    with garbage_left(), closing(_results(pack.name, cases, as_of_us, crew)) as results:
        for one in results:
            findings.extend(one.findings)
            answers.extend(one.answers)
            candidates += 1
            if progress is not None:
                progress(candidates)
    undecided = {name: one for case in cases for name, one in case.screen.undecided.items()}
    return Decisions(
        findings=tuple(sorted(findings, key=lambda f: (*_order(f.subject), f.policy.name))),
        answers=tuple(sorted(answers, key=lambda a: (*_order(a.subject), a.response.name))),
        undecided=dict(sorted(undecided.items())),
        judged={kind: len(tables[kind].subjects) for kind in SubjectKind if kind in tables},
        candidates=candidates,
    )


def _results(
    pack: str, cases: Sequence[Cases], as_of_us: int, crew: Crew | None
) -> Generator[Result, None, None]:
    sent: deque[Candidate] = deque()

    def feed() -> Iterator[Case]:
        for program, one in enumerate(cases):
            for candidate in one.candidates(program):
                sent.append(candidate)
                yield candidate.case

    programs = tuple(one.compiled.program for one in cases)
    with Supervisor(programs, Orders(pack, _workers()), crew) as supervisor:
        for case, derived in supervisor.judge(feed()):
            yield result(cases[case.program], sent.popleft(), derived, as_of_us)


def _workers() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, _MOST_WORKERS)


def _order(subject: Subject) -> tuple[str, str]:
    return subject.kind.value, subject.id
