"""What the rules derived for a subject, as findings and answers, checked against what must come.

The rules engine decides, but it is old and C: its findings must be those that the screening of
whole columns found, and its rungs those that the trace shows. A difference is a fault of the
engine, and no run survives it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from engine.decide.cases import Candidate, Cases
from engine.decide.finding import Answer, Climb, Finding
from engine.decide.program import holds, takes
from engine.decide.supervisor import EngineFault
from engine.decide.trace import Tracer, fact_of
from engine.language.model.response import Response


@dataclass(frozen=True, slots=True)
class Result:
    """The findings of one subject and the answers to them, each by name."""

    findings: tuple[Finding, ...]
    answers: tuple[Answer, ...]


def result(cases: Cases, candidate: Candidate, derived: frozenset[str], as_of_us: int) -> Result:
    """Return what the derived verdicts mean; raises `EngineFault` where they cannot be right."""
    subject = candidate.case.subject
    tracer = Tracer(
        cases.compiled,
        fact_of(cases.table, candidate.case.position),
        cases.strikes(subject),
        as_of_us,
        candidate.known,
    )
    reading = _Reading(cases, candidate, derived, tracer)
    findings = reading.findings()
    return Result(findings, reading.answers(findings))


@dataclass(frozen=True, slots=True)
class _Reading:
    cases: Cases
    candidate: Candidate
    derived: frozenset[str]
    tracer: Tracer

    def findings(self) -> tuple[Finding, ...]:
        policies = self.cases.compiled.policies
        held = {number for number in range(len(policies)) if holds(number) in self.derived}
        for number in sorted(held ^ self.candidate.known.holding):
            raise self._fault(f"policy `{policies[number].name}`")
        found = (self._finding(number, held) for number in held)
        return tuple(sorted(found, key=lambda finding: finding.policy.name))

    def _finding(self, number: int, held: Collection[int]) -> Finding:
        policies = self.cases.compiled.policies
        policy, keys = policies[number], self.cases.compiled.keys[number]
        outcome = self.tracer.policy(number)
        if not outcome.holds:
            raise self._fault(f"policy `{policy.name}`")
        facts = {name: self.tracer.fact(key) for name, key in keys.items()}
        rests_on = tuple(policies[one] for one in self._rests_on(number, held))
        return Finding(policy, self.candidate.case.subject, facts, outcome, rests_on)

    def _rests_on(self, number: int, held: Collection[int]) -> list[int]:
        """Return the policies that held among those that one asks about, directly or not."""
        reached, waiting = {number}, [number]
        while waiting:
            asked = [one for one in self.cases.compiled.needs[waiting.pop()] if one in held]
            waiting += [one for one in asked if one not in reached]
            reached.update(asked)
        return sorted(reached - {number})

    def answers(self, findings: tuple[Finding, ...]) -> tuple[Answer, ...]:
        answers = []
        for number, response in enumerate(self.cases.compiled.responses):
            climb = self._climb(number, findings) if number in self.candidate.answering else None
            rung = self._rung(number, response, climb)
            if climb is not None and rung is not None:
                step, subject = response.ladder[rung], self.candidate.case.subject
                asked = self.cases.asking[number].rungs[rung]
                behind = tuple(f for f in findings if f.policy.name in asked)
                answers.append(Answer(response, step, subject, behind, climb))
        return tuple(answers)

    def _climb(self, number: int, findings: tuple[Finding, ...]) -> Climb:
        response, asked = self.cases.compiled.responses[number], self.cases.asking[number].all
        guards = (step.guard for step in response.ladder)
        trace = self.tracer.response
        return Climb(
            trace(response.when),
            tuple(None if guard is None else trace(guard) for guard in guards),
            tuple(finding for finding in findings if finding.policy.name in asked),
        )

    def _rung(self, number: int, response: Response, climb: Climb | None) -> int | None:
        rungs = [r for r in range(len(response.ladder)) if takes(number, r) in self.derived]
        taken = rungs[-1] if rungs else None
        if taken != (None if climb is None else climb.rung):
            raise self._fault(f"response `{response.name}`")
        return taken

    def _fault(self, what: str) -> EngineFault:
        subject = self.candidate.case.subject
        name = f"{subject.kind.value} {subject.id!a}"
        message = f"{what}: the rules engine decided wrongly about {name}"
        return EngineFault(message, hint="nothing was decided or recorded; please report it")
