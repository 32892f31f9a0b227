"""Checks of the whole pack, one file each, after its documents have been read."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks import duplicate_names
from engine.language.checks.problem import Check
from engine.language.diagnostic import Diagnostic
from engine.language.draft import Draft

CHECKS: tuple[Check, ...] = (duplicate_names,)
"""All checks, in order of their ids."""


def run_checks(draft: Draft) -> Iterator[Diagnostic]:
    """Yield what the checks find in a draft."""
    for check in CHECKS:
        for problem in check.check(draft):
            yield Diagnostic(
                check.ID, check.LEVEL, problem.message, problem.span, problem.hint, problem.related
            )
