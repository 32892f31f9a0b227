"""Rules are packed into rulesets that stay far below every cap of the engine.

The caps (DURABLE-RULES' own: 250 rules on one condition, 60 conditions that one fact can meet, 500
conditions on a level) end in a crash, an endless loop or a false error. Small rulesets are faster,
too: the engine clears about 8 KB for every pattern of a ruleset before each subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engine.decide.encode import MAX_STRING_BYTES
from engine.decide.program import Bound, NumberPattern, Rule, Ruleset
from engine.errors import ExciseError

MAX_RULES = 32
MAX_JOINED = 96
"""Patterns of a ruleset in all, and so more than its names."""
MAX_BOUNDS = 24
"""Different bounds on one number: what one fact can meet at once."""

_FNV_OFFSET, _FNV_PRIME = 0x811C9DC5, 0x01000193


class CompileError(ExciseError):
    """Conditions that cannot be put before the rules engine."""


@dataclass
class _Open:
    """A ruleset being filled."""

    rules: list[Rule] = field(default_factory=list)
    served: list[int] = field(default_factory=list)
    joined: int = 0
    bounds: dict[str, set[Bound]] = field(default_factory=dict)

    def fits(self, rules: Sequence[Rule]) -> bool:
        if len(self.rules) + len(rules) > MAX_RULES:
            return False
        if self.joined + sum(len(rule.patterns) for rule in rules) > MAX_JOINED:
            return False
        more = _bounds(rules)
        return all(
            len(bounds | self.bounds.get(name, set())) <= MAX_BOUNDS
            for name, bounds in more.items()
        )

    def add(self, rules: Sequence[Rule], target: int) -> None:
        self.rules.extend(rules)
        self.served.extend([target] * len(rules))
        self.joined += sum(len(rule.patterns) for rule in rules)
        for name, bounds in _bounds(rules).items():
            self.bounds.setdefault(name, set()).update(bounds)


def pack_rules(served: Iterable[tuple[int, Sequence[Rule]]]) -> tuple[Ruleset, ...]:
    """Return rulesets for the rules of each target, in order.

    The rules of a target stay together; a target too large for one ruleset goes on in the next
    ones, which come later and so may read what earlier ones derived. Raises `CompileError`.
    """
    made = [_Open()]
    for target, rules in served:
        for part in [rules] if _Open().fits(rules) else [[rule] for rule in rules]:
            if not made[-1].fits(part):
                made.append(_Open())
            made[-1].add(part, target)
    rulesets = [Ruleset(tuple(one.rules), tuple(one.served)) for one in made if one.rules]
    for ruleset in rulesets:
        _check_lengths(ruleset)
    return tuple(rulesets)


def _bounds(rules: Iterable[Rule]) -> dict[str, set[Bound]]:
    found: dict[str, set[Bound]] = {}
    for rule in rules:
        for pattern in rule.patterns:
            if isinstance(pattern, NumberPattern):
                found.setdefault(pattern.name, set()).update(pattern.bounds)
    return found


def _check_lengths(ruleset: Ruleset) -> None:
    for name in ruleset.numbers | ruleset.nodes:
        if len(name.encode()) > MAX_STRING_BYTES:
            message = f"the name {name[:40]!r}... is too long for the rules engine"
            raise CompileError(message)


def check_hashes(names: Iterable[str]) -> None:
    """Raise `CompileError` if two different names are one to the engine, which keeps only hashes.

    The hash is 32-bit FNV-1a (Fowler, Noll, Vo).
    """
    seen: dict[int, str] = {}
    for name in names:
        known = seen.setdefault(fnv1a(name), name)
        if known != name:
            message = f"the rules engine cannot tell the names `{known}` and `{name}` apart"
            raise CompileError(message)


def fnv1a(name: str) -> int:
    """Return the 32-bit FNV-1a hash of a name."""
    value = _FNV_OFFSET
    for byte in name.encode():
        value = (value ^ byte) * _FNV_PRIME & 0xFFFFFFFF
    return value
