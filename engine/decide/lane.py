"""One worker process and the pipe to it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from engine.decide.program import Program
from engine.decide.worker import Case, Failed, Job, Progress, Verdicts, run

SILENCE_S = 60.0
"""A worker that says nothing for so long is hung; a batch takes some hundredths of a second."""
BATCH = 64
GROW_AFTER = 32
"""Batches for each worker at work before one more is started."""
_PARTING_S = 2.0
_SAFE_PATH = "PYTHONSAFEPATH"

Target = Callable[[Connection], None]


class Lost(Exception):  # noqa: N818 - not an error by itself: another worker takes over
    """The worker broke off, fell silent or gave up; the message says which."""


@dataclass(frozen=True, slots=True)
class Orders:
    """How workers are run; `target` is another function only in tests."""

    pack: str
    workers: int = 1
    silence_s: float = SILENCE_S
    batch: int = BATCH
    grow_after: int = GROW_AFTER
    target: Target = run


class Lane:
    """A worker that is replaced by a fresh one once it is lost."""

    def __init__(self, programs: tuple[Program, ...], orders: Orders, *, verify: bool) -> None:
        """Start a worker; `greet` and `loaded` make it ready."""
        self._programs = programs
        self._orders = orders
        self._start(verify=verify)

    def _start(self, *, verify: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self._listens = False
        self._broken: Lost | None = None
        self._order(verify=verify)
        with _interrupts_held(), _working_folder_left_out():
            self._connection, theirs = context.Pipe()
            self._process = context.Process(target=self._orders.target, args=(theirs,), daemon=True)
            with theirs:
                self._process.start()

    def take(self, programs: tuple[Program, ...]) -> None:
        """Have the worker judge by other programs, which it is to test, from now on."""
        if programs != self._programs:
            self._programs = programs
            self._order(verify=True)

    def _order(self, *, verify: bool) -> None:
        self._verify = verify
        self._greeted = False
        self._left = sum(len(s.rulesets) for program in self._programs for s in program.stages)

    def greet(self) -> None:
        """Wait for the worker's first word, then give it the programs; raises `Lost`.

        Only a worker that is known to listen is sent anything, or a large message could block.
        """
        if not self._listens:
            self._receive()
            self._listens = True
        if not self._greeted:
            self._put(Job(self._programs, self._verify, self._orders.silence_s))
            self._greeted = True

    def loaded(self) -> None:
        """Wait until every ruleset is in place; raises `Lost`."""
        self.greet()
        while self._left:
            answer = self._receive()
            if not isinstance(answer, Progress):
                message = f"a worker answered {type(answer).__name__}"
                raise Lost(message)
            self._left = answer.left

    def send(self, batch: tuple[Case, ...]) -> None:
        """Give the worker a batch to judge; what goes wrong shows when the answer is asked for."""
        try:
            self.loaded()
            self._put(batch)
        except Lost as lost:
            self._broken = lost

    def verdicts(self) -> Verdicts:
        """Return the answer to the batch sent last; raises `Lost`, and then has a new worker."""
        try:
            if self._broken:
                raise self._broken
            answer = self._receive()
            if not isinstance(answer, tuple):
                message = f"a worker answered {type(answer).__name__}"
                raise Lost(message)  # noqa: TRY301 - handled like a loss that `_receive` meets
        except Lost:
            self.stop()
            self._start(verify=False)
            raise
        return answer

    def ask(self, case: Case) -> frozenset[str]:
        """Judge one case by itself; raises `Lost`."""
        self.send((case,))
        return self.verdicts()[0]

    def _put(self, message: object) -> None:
        try:
            self._connection.send(message)
        except OSError as error:
            raise Lost(self._ending()) from error

    def _receive(self) -> object:
        try:
            if not self._connection.poll(self._orders.silence_s):
                message = f"a worker was silent for {self._orders.silence_s:g} s"
                raise Lost(message)
            answer = self._connection.recv()
        except (EOFError, OSError) as error:
            raise Lost(self._ending()) from error
        if isinstance(answer, Failed):
            raise Lost(answer.message)
        return answer

    def _ending(self) -> str:
        self._process.join(_PARTING_S)
        return f"a worker broke off (exit code {self._process.exitcode})"

    def stop(self) -> None:
        """Kill the process, which holds nothing, wait for its end, and close the pipe."""
        self._connection.close()
        self._process.kill()
        self._process.join()
        self._process.close()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold back Ctrl-C until a new process is known; the process itself never gets one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _working_folder_left_out() -> Iterator[None]:
    """Keep a new process from importing what lies in the working folder.

    Python looks there first for a process started as `-c`, as workers are; and the folder may be
    that of somebody else's logs.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before
