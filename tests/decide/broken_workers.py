"""Workers that misbehave, and the subjects on which they do."""

from __future__ import annotations

import math
import os
import random
import signal
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from engine.decide import adapter, probe, worker
from engine.decide.adapter import LoadedRuleset, RulesError, load
from engine.decide.definition import number
from engine.decide.probe import facts
from engine.decide.program import Ruleset
from engine.decide.worker import Case, Judge

_derive = Judge.derive


def _replace(owner: object, name: str, function: object) -> None:
    """Put another function in place, in this worker only."""
    setattr(owner, name, function)


def _bad(case: Case) -> bool:
    return case.subject.id.startswith("bad")


def crashing(connection: Connection) -> None:
    """Crash on every bad subject."""

    def derive(judge: Judge, case: Case) -> frozenset[str]:
        if _bad(case):
            os.kill(os.getpid(), signal.SIGSEGV)
        return _derive(judge, case)

    _replace(Judge, "derive", derive)
    worker.run(connection)


def crashing_once(connection: Connection) -> None:
    """Crash on a bad subject; the first crash leaves a file, after which there is no other."""

    def derive(judge: Judge, case: Case) -> frozenset[str]:
        if _bad(case):
            mark = Path(case.subject.id.removeprefix("bad"))
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return _derive(judge, case)

    _replace(Judge, "derive", derive)
    worker.run(connection)


def hanging(connection: Connection) -> None:
    """Never return from a bad subject."""

    def derive(judge: Judge, case: Case) -> frozenset[str]:
        if _bad(case):
            threading.Event().wait()
        return _derive(judge, case)

    _replace(Judge, "derive", derive)
    worker.run(connection)


def raising(connection: Connection) -> None:
    """Raise on a bad subject."""

    def derive(judge: Judge, case: Case) -> frozenset[str]:
        if _bad(case):
            message = "a bad subject"
            raise RulesError(message)
        return _derive(judge, case)

    _replace(Judge, "derive", derive)
    worker.run(connection)


def hanging_while_loading(connection: Connection) -> None:
    """Never load a ruleset."""

    def wait(_loaded: LoadedRuleset) -> None:
        threading.Event().wait()

    _replace(worker, "probe", wait)
    worker.run(connection)


def misreading(connection: Connection) -> None:
    """Read every threshold a little too low, as a faulty engine might."""

    def misread(name: str, low: float, high: float) -> str:
        return number(name, low + 1e-6, high)

    _replace(probe, "number", misread)
    worker.run(connection)


def silent(connection: Connection) -> None:
    """End before saying a word."""
    connection.close()


def rambling(connection: Connection) -> None:
    """Answer something else than what was asked for."""
    connection.send("hello")
    connection.recv()
    connection.send("what?")


def shuffling(connection: Connection) -> None:
    """Not a worker: derive from the same facts in many orders; send the different results."""
    ruleset: Ruleset
    numbers: dict[str, tuple[float, float]]
    ruleset, numbers = connection.recv()
    loaded = LoadedRuleset(load(), ruleset)
    probe.probe(loaded)
    rng = random.Random(1)
    results = set()
    for _ in range(300):
        given = facts(numbers, ())
        rng.shuffle(given)
        results.add(frozenset(loaded.derive(given)))
    loaded.close()
    connection.send(results)


def refused(connection: Connection) -> None:
    """Not a worker: send how the adapter takes facts and rulesets that the engine refuses."""
    ruleset: Ruleset = connection.recv()
    loaded = LoadedRuleset(load(), ruleset)
    answers = []
    adapter.FIRING_CAP = 1
    same = f'{number("s1", 1.0, 1.0)[:-1]},"id":"same"}}'
    for given in (
        lambda: [same, same],
        lambda: [number("s1", math.inf, math.inf)],
        lambda: [number("s1", 1.0, 1.0), number("s2", 3.0, 4.0)],
    ):
        try:
            loaded.derive(given())
        except Exception as error:  # noqa: BLE001 - it is the answer
            answers.append(f"{type(error).__name__}: {error}")
    connection.send(answers)


def resident(connection: Connection) -> None:
    """A worker that names its memory, in kilobytes, among the verdicts of every subject."""

    def derive(judge: Judge, case: Case) -> frozenset[str]:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return _derive(judge, case) | {f"pages {pages}"}

    _replace(Judge, "derive", derive)
    worker.run(connection)


def inventing(connection: Connection) -> None:
    """Derive a finding of the second policy for everybody."""

    def derive(judge: Judge, case: Case) -> frozenset[str]:
        return _derive(judge, case) | {"p1+"}

    _replace(Judge, "derive", derive)
    worker.run(connection)


def forgetting(connection: Connection) -> None:
    """Derive nothing."""

    def derive(_judge: Judge, _case: Case) -> frozenset[str]:
        return frozenset()

    _replace(Judge, "derive", derive)
    worker.run(connection)


def answering(connection: Connection) -> None:
    """Let the first response apply to everybody."""

    def derive(judge: Judge, case: Case) -> frozenset[str]:
        return _derive(judge, case) | {"q0.0"}

    _replace(Judge, "derive", derive)
    worker.run(connection)
