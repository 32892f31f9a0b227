"""Activity written as a timeline in a policy test becomes input files, read like any other input.

A test's `accounts` are groups: `count` accounts with the fields given; `each` gives every account a
value of its own. Its `exchanges` are series: every account of the series' group sends `per_account`
exchanges, one `every` so often, the last at `as_of` (or the first at `start`), accounts staggered
evenly within the interval. `at` names the moments instead, the same for every account. With a
`burst` each moment stands for several exchanges, evenly within a time that ends there, or begins
there when `start` or `at` says where the series is. `duplicates` writes every record so many times
more, as a log that is delivered twice does. In text, `{n}` is the exchange's number among all of
the series, `{i}` its number within the account and `{a}` the account's number; a list given for a
field that is no list is taken in turn.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from pathlib import Path
from types import MappingProxyType

from engine.language.fields import ACCOUNT_FIELDS, EXCHANGE_FIELDS, Field, FieldType
from engine.language.model.policy import PolicyTest
from engine.language.moments import format_instant, parse_duration, parse_instant

_GROUP_WORDS = frozenset({"count", "name"})
_SERIES_WORDS = frozenset(
    {"per_account", "every", "start", "at", "burst", "duplicates", "accounts"}
)


def write_timeline(
    test: PolicyTest, folder: Path, declared: Mapping[str, Field] = MappingProxyType({})
) -> None:
    """Write the test's accounts, exchanges and models as JSON Lines into a folder."""
    groups = _groups(test)
    with (folder / "accounts.jsonl").open("w", encoding="utf-8") as lines:
        for group in groups:
            for record in group.records():
                lines.write(json.dumps(record) + "\n")
    with (folder / "models.jsonl").open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(release) + "\n" for release in test.models)
    known = {**EXCHANGE_FIELDS, **declared}
    with (folder / "exchanges.jsonl").open("w", encoding="utf-8") as lines:
        for index, series in enumerate(test.exchanges):
            for record in _exchanges(index, series, groups, test.as_of_us, known):
                lines.write(json.dumps(record) + "\n")


def accounts_by_group(test: PolicyTest) -> Mapping[str, tuple[str, ...]]:
    """Return the ids of the accounts of every group, by its name."""
    groups = _groups(test)
    return {one.name: tuple(map(one.account, range(one.count))) for one in groups}


def _groups(test: PolicyTest) -> list[_Group]:
    return [_Group(index, spec) for index, spec in enumerate(test.accounts or ({},))]


class _Group:
    """Accounts alike."""

    def __init__(self, index: int, spec: Mapping[str, object]) -> None:
        self.name = str(spec.get("name", f"group{index}"))
        self.count = _integer(spec.get("count", 1))
        self._fields = {name: v for name, v in spec.items() if name not in _GROUP_WORDS}

    def account(self, number: int) -> str:
        return f"{self.name}-{number:05d}"

    def records(self) -> Iterator[dict[str, object]]:
        for number in range(self.count):
            record: dict[str, object] = {"account_id": self.account(number)}
            for name, value in self._fields.items():
                if value == "each":
                    record[name] = f"{name}-{self.name}-{number}"
                else:
                    record[name] = _value(
                        ACCOUNT_FIELDS[name], value, {"n": number, "i": number, "a": number}
                    )
            yield record


def _exchanges(
    index: int,
    series: Mapping[str, object],
    groups: list[_Group],
    as_of_us: int,
    known: Mapping[str, Field],
) -> Iterator[dict[str, object]]:
    wanted = series.get("accounts")
    chosen = [group for group in groups if wanted in (None, group.name)]
    fields = {name: v for name, v in series.items() if name not in _SERIES_WORDS}
    accounts = [group.account(number) for group in chosen for number in range(group.count)]
    copies = 1 + _integer(series.get("duplicates", 0))
    for a, account in enumerate(accounts):
        moments = list(_moments(series, a, len(accounts), as_of_us))
        for i, moment_us in enumerate(moments):
            numbers = {"n": a * len(moments) + i, "i": i, "a": a}
            record: dict[str, object] = {
                "event_id": f"e{index}-{a}-{i}",
                "ts": _written(moment_us),
                "account_id": account,
                "model": "model-a",
            }
            for name, value in fields.items():
                record[name] = _value(known[name], value, numbers)
            yield from repeat(record, copies)


def _written(moment_us: int) -> str:
    """Return a moment as input has it; one that no calendar has is set aside when it is read."""
    try:
        return format_instant(moment_us)
    except OverflowError:
        return f"{moment_us} us"


def _moments(
    series: Mapping[str, object], account: int, accounts: int, as_of_us: int
) -> Iterator[int]:
    """Yield when one of the accounts sends, in microseconds UTC."""
    burst = series.get("burst")
    spread: Sequence[int] = _spread(burst) if isinstance(burst, dict) else (0,)
    backwards = "start" not in series and "at" not in series
    offsets = [offset - spread[-1] for offset in spread] if backwards else spread
    for moment_us in _beginnings(series, account, accounts, as_of_us):
        yield from (moment_us + offset_us for offset_us in offsets)


def _beginnings(
    series: Mapping[str, object], account: int, accounts: int, as_of_us: int
) -> Iterator[int]:
    at, start = series.get("at"), series.get("start")
    if at is not None:
        yield from (parse_instant(str(one)) for one in (at if isinstance(at, list) else [at]))
        return
    each = _integer(series.get("per_account", 1))
    every_us = parse_duration(str(series.get("every", "1m")))
    stagger_us = every_us * account // accounts
    if start is None:
        first_us = as_of_us - (each - 1) * every_us - stagger_us
    else:
        first_us = parse_instant(str(start)) + stagger_us
    yield from (first_us + i * every_us for i in range(each))


def _spread(burst: Mapping[str, object]) -> list[int]:
    """Return how long after the first the exchanges of a burst come, the last one at its end."""
    count, within_us = _integer(burst["count"]), parse_duration(str(burst["within"]))
    return [within_us * k // max(count - 1, 1) for k in range(count)]


def _value(field: Field, value: object, numbers: Mapping[str, int]) -> object:
    if isinstance(value, list | tuple):
        if field.type.is_list:
            return [_scalar(field, item, numbers) for item in value]
        value = value[numbers["i"] % len(value)] if value else None
    return _scalar(field, value, numbers)


def _scalar(field: Field, value: object, numbers: Mapping[str, int]) -> object:
    if not isinstance(value, str):
        return value
    for name, number in numbers.items():
        value = value.replace(f"{{{name}}}", str(number))
    if field.type in (FieldType.INTEGER, FieldType.INTEGERS):
        return int(value)
    if field.type is FieldType.TIMESTAMP:
        return format_instant(parse_instant(value))  # policies may leave out the seconds
    return value


def _integer(value: object) -> int:
    return value if isinstance(value, int) else int(str(value))
