"""Random packs and facts: every operator, stages, statuses, infinite ends, awkward floats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from deciding import SIGNALS, key, pack, policy, response

from engine.decide.compile import BUILT_IN_KEYS
from engine.decide.kleene import Strikes
from engine.language.model.condition import (
    All,
    Any,
    Compare,
    Condition,
    Found,
    FoundAny,
    Negation,
    Struck,
)
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.words import ActionKind, Axis, Behaviour, Operator, Severity, Status

NUMBERS = (
    *(0.0, -0.0, 1.0, 2.0, 3.0, -1.0, -2.5, 0.1, 0.3, 0.1 + 0.2, 1e-9, -1e-9, 1e16, 1e22),
    *(2.0**53, 2.0**53 + 2, -(2.0**53), 5e-324, 1e-310, 1.7976931348623157e308, 1e300, 1 / 3),
)
AS_OF_US = 1_000_000
NAMES = ("p", "größe", "方針", "a b", "x\ty", "it's", '"q"', "🛑", "p\\q", "\x07")


_STAGED = [behaviour for behaviour in Behaviour if behaviour is not Behaviour.EVASION]


@dataclass(frozen=True, slots=True)
class Trial:
    """A pack, and subjects: their intervals by `signal_key`, and their strikes."""

    pack: Pack
    subjects: tuple[tuple[dict[str, tuple[float, float]], Strikes], ...]


def trial(rng: Random, subjects: int) -> Trial:
    """Return a random pack with random subjects."""
    numbers = tuple(rng.choice(NUMBERS) for _ in range(rng.randint(1, 5)))
    policies = _policies(rng, numbers)
    responses = [
        response(
            f"response {number}",
            _condition(rng, numbers, policies, 3, responding=True),
            *(_guard(rng, numbers, policies) for _ in range(rng.randint(1, 4))),
        )
        for number in range(rng.randint(0, 3))
    ]
    rng.shuffle(policies)
    return Trial(
        pack(policies, responses),
        tuple((_facts(rng, numbers), _strikes(rng)) for _ in range(subjects)),
    )


def _policies(rng: Random, numbers: Sequence[float]) -> list[Policy]:
    """Policies refer to earlier ones; a stage has its own behaviours, so that none is circular."""
    policies: list[Policy] = []
    for behaviour in rng.sample(_STAGED, rng.randint(1, 4)):
        earlier = tuple(policies)
        for _ in range(rng.randint(1, 3)):
            when = _condition(rng, numbers, earlier, rng.choice((0, 1, 2, 2, 3, 3, 4)))
            unless = [_condition(rng, numbers, earlier, 1) for _ in range(rng.randint(0, 2))]
            policies.append(
                policy(
                    f"{rng.choice(NAMES)}{len(policies)}",
                    when,
                    *unless,
                    behaviour=behaviour,
                    axis=rng.choice(list(Axis)),
                    severity=rng.choice(list(Severity)),
                    status=rng.choice([*Status, Status.ENFORCE, Status.REVIEW, Status.SHADOW]),
                )
            )
    # One more stage, which makes visible whether a policy certainly failed.
    for one in tuple(policies):
        if rng.random() < 0.5:
            when = Negation(Found(one.name))
            policies.append(policy(f"not {one.name}", when, behaviour=Behaviour.EVASION))
    return policies


def _condition(
    rng: Random,
    numbers: Sequence[float],
    earlier: Sequence[Policy],
    depth: int,
    *,
    responding: bool = False,
) -> Condition:
    if depth and rng.random() < 0.8:
        shape = rng.choice((All, Any, Negation))
        if shape is Negation:
            inner = _condition(rng, numbers, earlier, depth - 1, responding=responding)
            return Negation(inner)
        widths = (0, 1, *(2,) * 10, *(3,) * 6, 15)
        parts = tuple(
            _condition(rng, numbers, earlier, depth - 1, responding=responding)
            for _ in range(rng.choice(widths if depth < 3 else widths[1:-1]))
        )
        return All(parts) if shape is All else Any(parts)
    return _leaf(rng, numbers, earlier, responding=responding)


def _leaf(
    rng: Random, numbers: Sequence[float], earlier: Sequence[Policy], *, responding: bool
) -> Condition:
    kind = rng.random()
    if kind < 0.3 and earlier:
        return _finding(rng, earlier, responding=responding)
    if kind < 0.4:
        return Struck(
            rng.choice(list(Operator)),
            rng.randint(0, 3),
            rng.choice((1, 1000, AS_OF_US)),
            frozenset(rng.sample(list(ActionKind)[1:], rng.choice((0, 0, 1, 3)))),
        )
    signals = tuple(BUILT_IN_KEYS) if responding else SIGNALS
    return Compare(rng.choice(signals), rng.choice(list(Operator)), rng.choice(numbers))


def _finding(rng: Random, earlier: Sequence[Policy], *, responding: bool) -> Condition:
    if rng.random() < 0.5:
        return Found(rng.choice(earlier).name)
    known = sorted({one.behaviour for one in earlier}, key=lambda one: one.value)
    least = 0 if responding else 1
    return FoundAny(
        frozenset(rng.sample(known, rng.randint(least, len(known)))),
        frozenset(rng.sample(list(Axis), rng.choice((0, 0, 1, 2)))),
        rng.choice(list(Severity)),
    )


def _guard(rng: Random, numbers: Sequence[float], policies: Sequence[Policy]) -> Condition | None:
    if rng.random() < 0.3:
        return None
    return _condition(rng, numbers, policies, 2, responding=True)


def _facts(rng: Random, numbers: Sequence[float]) -> dict[str, tuple[float, float]]:
    keys = [*(key(name) for name in SIGNALS), *BUILT_IN_KEYS.values()]
    return {name: _interval(rng, numbers) for name in keys if rng.random() < 0.95}


def _interval(rng: Random, numbers: Sequence[float]) -> tuple[float, float]:
    ends = sorted((_near(rng, numbers), _near(rng, numbers)))
    shape = rng.random()
    if shape < 0.5:
        return ends[0], ends[0]
    low = -math.inf if shape > 0.9 else ends[0]
    high = math.inf if 0.85 < shape < 0.95 else ends[1]
    return low, high


def _near(rng: Random, numbers: Sequence[float]) -> float:
    value = rng.choice(numbers)
    moved = math.nextafter(value, rng.choice((-math.inf, math.inf)))
    return rng.choice((value, value, moved if math.isfinite(moved) else value, rng.uniform(-4, 4)))


def _strikes(rng: Random) -> Strikes:
    times = (0, 1, AS_OF_US - 1001, AS_OF_US - 1000, AS_OF_US - 1, AS_OF_US, AS_OF_US + 1)
    kinds = list(ActionKind)[1:]
    return tuple((rng.choice(times), rng.choice(kinds)) for _ in range(rng.randint(0, 4)))
