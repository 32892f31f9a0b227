"""Checks of the whole pack, one file each, after its documents have been read.

A module of this package that has an `ID` is a check: writing the file is all it takes to add one.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import cast

from engine.language.checks.problem import Check
from engine.language.diagnostic import Diagnostic
from engine.language.draft import Draft


def _checks() -> Iterator[Check]:
    for found in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        if hasattr(module, "ID"):
            yield cast("Check", module)


CHECKS: tuple[Check, ...] = tuple(sorted(_checks(), key=lambda check: check.ID))
"""All checks, in order of their ids."""
ALONE = tuple(check for check in CHECKS if getattr(check, "ALONE", False))
"""Those that judge each policy alone."""
TOGETHER = tuple(check for check in CHECKS if check not in ALONE)
"""Those that need all policies at once, or look at none."""


def run_checks(draft: Draft, checks: Iterable[Check] = CHECKS) -> Iterator[Diagnostic]:
    """Yield what the checks find in a draft."""
    for check in checks:
        for problem in check.check(draft):
            yield Diagnostic(
                check.ID, check.LEVEL, problem.message, problem.span, problem.hint, problem.related
            )
