"""Random Sigma rules on flat events, with the same detections as our selections."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

FIELDS = ("EventID", "Image", "CommandLine", "winlog.user", "Size")
Plain = str | int | float | bool | None
Event = dict[str, Plain]

_TEXTS = (
    "", "a", "A", "Ab", "abc", "C:\\Windows\\cmd.exe", "cmd.exe /c whoami", "50% off",
    "under_score", "a*b", "what?", "it's", "4625", "true", "-", "null", "10.1.2.3", "10.200.0.1",
    "192.168.7.9",
)  # fmt: skip
_NUMBERS = (0, 1, -3, 7, 4625, 1.5, 2.25, 9007199254740991, 9007199254740993)
_PIECES = ("a", "B", "cmd", ".exe", "\\", "%", "_", "4", "/c", "it's", "10.", "who")
_PATTERNS = ("^a", "cmd\\.exe", "[0-9]+$", "^$", "A|b", "w.*i", "\\\\")
_NETWORKS = ("10.0.0.0/8", "192.168.7.0/24", "10.1.2.3/32")


@dataclass(frozen=True)
class Rule:
    """One rule: named detections, and a condition over them that both languages read alike."""

    detections: dict[str, Any]
    condition: str


def events(source: random.Random, number: int) -> list[Event]:
    """Return events; a field is absent, null, text, a number or a truth value."""
    return [_event(source) for _ in range(number)]


def _event(source: random.Random) -> Event:
    pools: list[Any] = [_TEXTS, _TEXTS, _NUMBERS, (True, False), (None,)]
    return {name: source.choice(source.choice(pools)) for name in FIELDS if source.random() < 0.8}


def rule(source: random.Random) -> Rule:
    """Return a rule of a few detections."""
    names = [f"s{at}" for at in range(source.randint(1, 3))]
    detections = {name: _detection(source) for name in names}
    return Rule(detections, _condition(source, names))


def _condition(source: random.Random, names: list[str]) -> str:
    if source.random() < 0.3:
        return source.choice(["1 of s*", "all of s*", "not 1 of s*"])
    parts = [f"not {name}" if source.random() < 0.3 else name for name in names]
    joined = parts[0]
    for part in parts[1:]:
        joined = f"({joined} {source.choice(['and', 'or'])} {part})"
    return f"not {joined}" if source.random() < 0.2 else joined


def _detection(source: random.Random) -> Any:
    if source.random() < 0.15:
        return [_tests(source) for _ in range(2)]
    return _tests(source)


def _tests(source: random.Random) -> dict[str, Any]:
    return dict(_test(source) for _ in range(source.randint(1, 2)))


def _test(source: random.Random) -> tuple[str, Any]:
    name = source.choice(FIELDS)
    kind = source.choice(_KINDS)
    modifiers, values = kind(source)
    return "|".join([name, *modifiers]), values


def _some(source: random.Random, pool: Any) -> Any:
    if source.random() < 0.5:
        return source.choice(pool)
    return source.sample(pool, source.randint(1, 3))


def _plain(source: random.Random) -> tuple[list[str], Any]:
    return [], _some(source, [*map(escaped, _TEXTS), *_NUMBERS[:7], None])


def _truth(source: random.Random) -> tuple[list[str], Any]:
    return [], source.choice([True, False])


def _wild(source: random.Random) -> tuple[list[str], Any]:
    shapes = ("*{0}", "{0}*", "*{0}*", "{0}*{1}", "?{0}", "{0}?", "*", "{0}?{1}*")
    return [], _some(source, [
        shape.format(escaped(source.choice(_PIECES)), escaped(source.choice(_PIECES)))
        for shape in shapes
    ])  # fmt: skip


def _substring(source: random.Random) -> tuple[list[str], Any]:
    modifiers = [source.choice(["contains", "startswith", "endswith"])]
    if source.random() < 0.2:
        modifiers.append("cased")
    if modifiers[0] == "contains" and source.random() < 0.3:
        return [*modifiers, "all"], source.sample(_PIECES, 2)
    return modifiers, _some(source, _PIECES)


def _cased(source: random.Random) -> tuple[list[str], Any]:
    return ["cased"], escaped(source.choice(_TEXTS[1:]))


def _order(source: random.Random) -> tuple[list[str], Any]:
    # pySigma reads whole numbers beyond 2^53 as the nearest float, events keep them.
    return [source.choice(["gt", "gte", "lt", "lte"])], source.choice(_NUMBERS[:8])


def _regex(source: random.Random) -> tuple[list[str], Any]:
    return ["re", *source.sample(["i", "m", "s"], source.randint(0, 1))], source.choice(_PATTERNS)


def _network(source: random.Random) -> tuple[list[str], Any]:
    return ["cidr"], source.choice(_NETWORKS)


def _presence(source: random.Random) -> tuple[list[str], Any]:
    return ["exists"], source.choice([True, False])


_KINDS = (_plain, _plain, _truth, _wild, _wild, _substring, _substring, _cased, _order, _regex,
          _network, _presence)  # fmt: skip


def escaped(text: str) -> str:
    """Return a plain text as both languages write it: wildcards and backslashes escaped."""
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?")
