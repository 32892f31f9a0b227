"""What each step of a run took: measured only when asked for, and never part of what it records.

Seconds come from a clock, so a profile stands beside the report and the ledger, in neither.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.batch.evaluate import MEASURING, Progress
from engine.errors import InputError
from engine.version import VERSION

_DIGITS = 6


class Stopwatch:
    """Hears what is done, as progress does, and keeps how long each step went on."""

    def __init__(
        self, show: Progress = lambda _: None, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        """Tell `show` what is heard; `clock` returns seconds."""
        self._show, self._clock = show, clock
        self._seconds: dict[str, float] = {}
        self._step: str | None = None
        self._since = 0.0

    def __call__(self, step: str) -> None:
        """End the step before and begin one."""
        self.stop()
        self._step, self._since = step, self._clock()
        self._show(step)

    def stop(self) -> Mapping[str, float]:
        """End the last step and return each step's seconds, in the order in which they began."""
        if self._step is not None:
            now = self._clock()
            self._seconds[self._step] = self._seconds.get(self._step, 0.0) + now - self._since
            self._step = None
        return {step: round(seconds, _DIGITS) for step, seconds in self._seconds.items()}


@dataclass(frozen=True, slots=True)
class Profile:
    """What a run took, with all that says which plan it carried out."""

    run: str
    pack: str
    """The pack's digest."""
    coverage: Mapping[str, str]
    """By field: how far the activity supplied it, as `build_plan` wants it told."""
    seconds: Mapping[str, float]
    """By step, in the order in which they began."""
    version: str = VERSION

    @property
    def measuring(self) -> Mapping[str, float]:
        """Return the seconds of the plan's own steps, by their names in the plan.

        There are none when the ledger held the run already, for then nothing is measured.
        """
        own = self.seconds.items()
        return {s.removeprefix(MEASURING): took for s, took in own if s.startswith(MEASURING)}

    def to_json(self) -> dict[str, object]:
        """Return the profile as its file has it."""
        return {
            "run": self.run,
            "pack": self.pack,
            "version": self.version,
            "coverage": dict(sorted(self.coverage.items())),
            "steps": [{"step": one, "seconds": seconds} for one, seconds in self.seconds.items()],
        }


def read_profile(path: Path) -> Profile:
    """Return the profile in a file; raises InputError, naming it, where there is none."""
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        message = f"{str(path)!r} cannot be read: {(error.strerror or 'no file').lower()}"
        raise InputError(message) from error
    except (ValueError, RecursionError) as error:
        raise _no_profile(path, "it is not JSON") from error
    try:
        return _profile(document)
    except _MalformedError as error:
        raise _no_profile(path, str(error)) from None


def _no_profile(path: Path, why: str) -> InputError:
    message = f"{str(path)!r} is not the profile of a run: {why}"
    return InputError(message, hint="`excise run --profile FILE` writes one")


class _MalformedError(Exception):
    """What is read is not a profile; the text says why."""


def _profile(document: object) -> Profile:
    run, pack, version = (_text(document, key) for key in ("run", "pack", "version"))
    coverage = _value(document, "coverage", dict)
    if not all(isinstance(known, str) for known in coverage.values()):
        raise _MalformedError("`coverage` holds what is no word")
    steps = _value(document, "steps", list)
    seconds = {_text(step, "step"): _seconds(step) for step in steps}
    return Profile(run, pack, coverage, seconds, version)


def _text(document: object, key: str) -> str:
    return str(_value(document, key, str))


def _seconds(step: object) -> float:
    found = _value(step, "seconds", (int, float))
    try:
        seconds = math.nan if isinstance(found, bool) else float(found)
    except OverflowError:
        seconds = math.inf
    if not (math.isfinite(seconds) and seconds >= 0):
        raise _MalformedError("`seconds` is not a time")
    return seconds


def _value(document: object, key: str, kind: type | tuple[type, ...]) -> Any:  # noqa: ANN401 - a JSON value
    found = document.get(key) if isinstance(document, dict) else None
    if not isinstance(found, kind):
        raise _MalformedError(f"it has no `{key}` where one belongs")
    return found
