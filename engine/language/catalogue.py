"""Every code of a diagnostic, with what an author should know about it."""

from __future__ import annotations

from engine.language import codes
from engine.language.checks import CHECKS
from engine.language.codes import Code
from engine.language.diagnostic import Level


def _of_reading() -> dict[str, Code]:
    return {code.id: code for code in vars(codes).values() if isinstance(code, Code)}


def _of_checks() -> dict[str, Code]:
    return {
        check.ID: Code(check.ID, check.TITLE, (check.__doc__ or "").strip()) for check in CHECKS
    }


CATALOGUE: dict[str, Code] = dict(sorted((_of_reading() | _of_checks()).items()))
"""The codes by id; a check's explanation holds an accepted and a refused example."""

_LEVELS = {check.ID: check.LEVEL for check in CHECKS}


def level_of(code: str) -> Level:
    """Return how serious a diagnostic of the code is: what reading refuses is always an error."""
    return _LEVELS.get(code, Level.ERROR)
