"""The worker process: loads programs, then judges batches of subjects until the pipe closes.

Other programs may come at any time; what was loaded is then unloaded.

It holds no database connection and reads no file of the run; it gets numbers and gives names of
nodes. Any exception is reported and ends it: an engine that refused something is not used again.
"""

from __future__ import annotations

import signal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

from engine.decide.adapter import LoadedRuleset, load
from engine.decide.probe import facts, probe
from engine.decide.program import ALWAYS, Interval, Program, is_verdict
from engine.errors import ExciseError
from engine.language.subject import Subject


@dataclass(frozen=True, slots=True)
class Job:
    """What the worker is to load; `verify` runs the self-test of every ruleset."""

    programs: tuple[Program, ...]
    verify: bool
    silence_s: float


@dataclass(frozen=True, slots=True)
class Case:
    """A subject to judge: its numbers, and who of its program could say anything about them."""

    subject: Subject
    position: int
    """Of the subject, in the caller's table."""
    program: int
    reads: Mapping[int, tuple[str, ...]]
    """The numbers and tallies to tell each ruleset; these are numbered through all stages."""
    numbers: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Failed:
    """The worker met an exception."""

    message: str


Verdicts = tuple[frozenset[str], ...]
"""For each case of a batch, the nodes that are verdicts."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker listens."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A ruleset has been loaded."""

    left: int


class Judge:
    """A loaded program."""

    def __init__(self, program: Program, rulesets: Sequence[LoadedRuleset]) -> None:
        """Take the program and its rulesets, loaded, in the order of its stages."""
        self._rulesets = rulesets
        self._tallies = {one.name: one for stage in program.stages for one in stage.tallies}

    def derive(self, case: Case) -> frozenset[str]:
        """Return the verdicts that the rules derive for a subject."""
        derived: set[str] = {ALWAYS.name}
        for position, loaded in enumerate(self._rulesets):
            if position in case.reads:
                numbers = self._numbers(case, case.reads[position], derived)
                derived |= loaded.derive(facts(numbers, loaded.ruleset.nodes & derived))
        return frozenset(filter(is_verdict, derived))

    def _numbers(self, case: Case, names: Iterable[str], derived: set[str]) -> dict[str, Interval]:
        """Return what is known of some numbers; tallies are of earlier stages, which are done."""
        tallies, numbers = self._tallies, case.numbers
        return {
            name: tallies[name].count(derived) if name in tallies else numbers[name]
            for name in names
            if name in tallies or name in numbers
        }

    def close(self) -> None:
        """Unload the rulesets."""
        for loaded in self._rulesets:
            loaded.close()


def run(connection: Connection) -> None:
    """Serve one parent: a `Job` first, then batches or another job, until it closes the pipe.

    Interrupts are the parent's to handle: it starts workers with SIGINT blocked.
    """
    with connection:
        try:
            _serve(connection)
        except (EOFError, ConnectionError):  # the parent is gone
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
            kind = "" if isinstance(error, ExciseError) else f"{type(error).__name__}: "
            connection.send(Failed(f"{kind}{error}"))


def _serve(connection: Connection) -> None:
    connection.send(Ready())
    job: Job = connection.recv()
    judges = _load(connection, job)
    while True:
        message: Job | Sequence[Case] = connection.recv()
        if isinstance(message, Job):
            job = message
            for judge in judges:
                judge.close()
            judges = _load(connection, job)
            continue
        _alarm(job.silence_s)
        verdicts: Verdicts = tuple(judges[case.program].derive(case) for case in message)
        _alarm(0)
        connection.send(verdicts)


def _load(connection: Connection, job: Job) -> list[Judge]:
    extension = load()
    left = sum(len(stage.rulesets) for program in job.programs for stage in program.stages)
    judges = []
    for program in job.programs:
        rulesets = []
        for stage in program.stages:
            for ruleset in stage.rulesets:
                _alarm(job.silence_s)
                rulesets.append(LoadedRuleset(extension, ruleset))
                if job.verify:
                    probe(rulesets[-1])
                _alarm(0)
                left -= 1
                connection.send(Progress(left))
        judges.append(Judge(program, rulesets))
    return judges


def _alarm(seconds: float) -> None:
    """Have the kernel end this process if it outlives a parent that could have stopped it.

    The extension keeps the interpreter's lock, so that nothing in this process could.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 2 * seconds)
