"""What an author expects of a backtest, so that a build can fail where it comes otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from engine.authoring.backtest.result import Backtest, PolicyResult

EVERY_OTHER = "*"
"""Stands for every policy that no other expectation names."""


class Bound(Enum):
    """How a number is compared with the one expected."""

    EXACTLY = "exactly"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"

    def met(self, seen: int, number: int) -> bool:
        """Say whether a number is as expected."""
        match self:
            case Bound.EXACTLY:
                return seen == number
            case Bound.AT_LEAST:
                return seen >= number
            case Bound.AT_MOST:
                return seen <= number


COUNTED: Mapping[str, Callable[[PolicyResult], int]] = {
    "hits": lambda result: result.hits,
    "newly_hit": lambda result: len(result.newly),
    "no_longer_hit": lambda result: len(result.gone),
    "undecided": lambda result: result.undecided,
    "accounts": lambda result: result.accounts,
    "newly_hit_rejected": lambda result: len(result.newly_rejected),
}
"""What can be expected of a policy, by its word."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One number expected of one policy, or of every other one."""

    policy: str
    counted: str
    bound: Bound
    number: int

    def __str__(self) -> str:
        of = f"{self.policy}.{self.counted}"
        return f"{of} {self.bound.value.replace('_', ' ')} {self.number:,}"


@dataclass(frozen=True, slots=True)
class Checked:
    """An expectation of one policy and what came."""

    expectation: Expectation
    policy: str
    seen: int | None
    """None where neither pack has the policy."""

    @property
    def met(self) -> bool:
        """Return whether it came as expected."""
        return self.seen is not None and self.expectation.bound.met(
            self.seen, self.expectation.number
        )


_WRITTEN = re.compile(
    r"(?P<policy>\*|[A-Za-z][A-Za-z0-9_-]*)(?:\.(?P<counted>[a-z_]+))?"
    r"=(?P<bound>[a-z_]+):(?P<number>[0-9]{1,12})"
)


def parse_expectation(text: str) -> Expectation:
    """Read `POLICY=at_most:10` or `POLICY.newly_hit=exactly:0`; raises ValueError saying how."""
    found = _WRITTEN.fullmatch(text.strip())
    counted = (found and found["counted"]) or "hits"
    bounds = {bound.value: bound for bound in Bound}
    if found is None or counted not in COUNTED or found["bound"] not in bounds:
        message = (
            f"`{text}` is no expectation; write POLICY=at_most:10 or POLICY.newly_hit=exactly:0, "
            f"of {', '.join(COUNTED)}, with {', '.join(bounds)}"
        )
        raise ValueError(message)
    return Expectation(found["policy"], counted, bounds[found["bound"]], int(found["number"]))


def check(backtest: Backtest, expectations: Sequence[Expectation]) -> tuple[Checked, ...]:
    """Hold a backtest against expectations, in their order."""
    named = frozenset(one.policy for one in expectations)
    return tuple(
        checked for one in expectations for checked in _checked(one, backtest.policies, named)
    )


def _checked(
    expectation: Expectation, results: Iterable[PolicyResult], named: frozenset[str]
) -> Iterator[Checked]:
    every = expectation.policy == EVERY_OTHER
    mine = [
        result
        for result in results
        if (every and result.name not in named) or result.name == expectation.policy
    ]
    for result in mine:
        yield Checked(expectation, result.name, COUNTED[expectation.counted](result))
    if not mine and not every:
        yield Checked(expectation, expectation.policy, None)
