"""Declared fields, from JSON records to counts, against a direct reading of what Sigma means."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fractions import Fraction
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.activity.ingest import read_activity
from engine.activity.workspace import Workspace
from engine.language.declared import declare, number_of
from engine.language.fields import Absent, Field, FieldRef, FieldType
from engine.language.model import measure as m
from engine.language.model.selection import AllOf, Not, Test
from engine.language.words import Match, SubjectKind
from engine.signals.execute import measure
from engine.signals.facts import signal_key
from engine.signals.plan import build_plan

EVENT = declare("EventID", FieldType.ANY, Absent.NONE)
NESTED = declare("winlog.event.id", FieldType.ANY, Absent.NONE)
KNOWN = declare("host", FieldType.ANY, Absent.UNKNOWN)
FIELDS = (EVENT, NESTED, KNOWN)
_NUMBER = re.compile(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*")
_VALUES: list[Any] = [
    None, "", "a", "A", "Ab", "b", "4625", "4625.0", " 7", 4625, 7, -3, 0, 1, 1.0, 1.5, 1e3, True,
    False, "true", "TRUE", "10.1.2.3", "10.1.2.300", "2001:db8::1", "1e3", "x1", "-", "null",
    9007199254740993, 9007199254740992, "0.1", 0.1, "0.1000000000000001", "12345678901234567890123",
    [], ["a", "b"], ["A", None, 4625], [7, "4625.0"], ["10.1.2.3"], ["a\\b"], "[a", [True, 1.5],
    "\u00e9", "\u00c9", "a*b", "a\\b",
]  # fmt: skip


@dataclass(frozen=True)
class _Case:
    match: Match
    values: tuple[Any, ...]
    cased: bool = False
    every: bool = False


_TEXTS = ["a", "A", "b", "4625", "true", "\u00e9", "x", "ab"]
_cases = st.one_of(
    st.builds(
        _Case,
        st.just(Match.EQUALS),
        st.lists(st.sampled_from(["a", "b", "4625", 4625, 7, 1, 1.5, True, False, "", -3]),
                 min_size=1, max_size=3).map(tuple),
        st.booleans(),
        st.booleans(),
    ),
    st.builds(
        _Case,
        st.sampled_from([Match.CONTAINS, Match.STARTSWITH, Match.ENDSWITH, Match.RE]),
        st.lists(st.sampled_from(_TEXTS), min_size=1, max_size=2).map(tuple),
        st.booleans(),
        st.booleans(),
    ),
    st.builds(
        _Case,
        st.sampled_from([Match.GT, Match.GTE, Match.LT, Match.LTE]),
        st.tuples(st.sampled_from([0, 1, 1.5, 7, 1000, -3, 4625, 9007199254740993, 0.1])),
    ),
    st.builds(_Case, st.just(Match.EXISTS), st.booleans().map(lambda one: (one,))),
    st.builds(_Case, st.just(Match.CIDR), st.sampled_from([("10.0.0.0/8",), ("2001:db8::/32",)])),
)  # fmt: skip


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _one(case: _Case, text: str, wanted: Any) -> bool:
    """Return whether a recorded value satisfies one value of a test."""
    numeric = isinstance(wanted, int | float) and not isinstance(wanted, bool)
    if case.match is Match.CIDR:
        try:
            address = ip_address(text.strip())
        except ValueError:
            return False
        return address.version == ip_network(wanted).version and address in ip_network(wanted)
    if numeric and case.match in (Match.EQUALS, Match.GT, Match.GTE, Match.LT, Match.LTE):
        if not _NUMBER.fullmatch(text):
            return False
        found, bound = Fraction(text.strip()), Fraction(str(wanted))
        return {
            Match.EQUALS: found == bound, Match.GT: found > bound, Match.GTE: found >= bound,
            Match.LT: found < bound, Match.LTE: found <= bound,
        }[case.match]  # fmt: skip
    sought = _as_text(wanted)
    if not case.cased:
        text, sought = text.casefold(), sought.casefold()
    return {
        Match.EQUALS: text == sought, Match.CONTAINS: sought in text, Match.RE: sought in text,
        Match.STARTSWITH: text.startswith(sought), Match.ENDSWITH: text.endswith(sought),
    }[case.match]  # fmt: skip


def _holds(case: _Case, value: Any, field: Field) -> bool | None:
    if case.match is Match.EXISTS:
        return (value is not None) is case.values[0]
    if value is None:
        return False if field.absent is Absent.NONE else None
    texts = [_as_text(one) for one in (value if isinstance(value, list) else ()) if one is not None]
    texts.append(_as_text(value))
    outcomes = [any(_one(case, text, wanted) for text in texts) for wanted in case.values]
    return all(outcomes) if case.every else any(outcomes)


def _record(number: int, field: Field, value: Any, *, nested: bool, missing: bool) -> str:
    record: dict[str, Any] = {
        "event_id": f"e{number}", "ts": 1_780_000_000_000_000 + number, "account_id": "a",
        "model": "m",
    }  # fmt: skip
    if value is None and missing:
        return json.dumps(record)
    if nested and "." in field.key:
        first, second, third = field.key.split(".")
        record[first] = {second: {third: value}}
    else:
        record[field.key] = value
    return json.dumps(record)


@pytest.fixture(scope="module")
def workspace() -> Any:
    with Workspace(threads=1) as made:
        yield made


@settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
    deadline=None,
)
@given(
    st.lists(st.sampled_from(_VALUES), min_size=1, max_size=30),
    st.lists(_cases, min_size=1, max_size=5),
    st.sampled_from(FIELDS),
    st.booleans(),
    st.booleans(),
)
def test_selections_on_any_field_mean_what_sigma_says(
    workspace: Workspace,
    values: list[Any],
    cases: list[_Case],
    field: Field,
    nested: bool,
    missing: bool,
) -> None:
    folder = workspace.folder / "in"
    folder.mkdir(exist_ok=True)
    lines = [
        _record(number, field, value, nested=nested, missing=missing)
        for number, value in enumerate(values)
    ]
    (folder / "exchanges.jsonl").write_text("\n".join(lines), encoding="utf-8")
    intake = read_activity(workspace, str(folder), fields=FIELDS)
    assert intake.tables["exchanges"].kept == len(values)
    ref = FieldRef(field.name, declared=field)
    measures: list[m.Measure] = []
    for case in cases:
        test = Test(ref, case.match, case.values, every=case.every, cased=case.cased)
        measures += [m.Count(where=test), m.Count(where=Not(test))]
    coverage = {name: known.value for name, known in intake.coverage.items()}
    plan = build_plan({SubjectKind.ACCOUNT: measures}, coverage=coverage)
    table = measure(workspace, plan, as_of_us=1_790_000_000_000_000, since_us=0)[
        SubjectKind.ACCOUNT
    ]
    for case, (held, refused) in zip(cases, _pairs(measures), strict=True):
        outcomes = [_holds(case, value, field) for value in values]
        for one, wanted in ((held, True), (refused, False)):
            facts = table.facts(0, (signal_key(one),))[signal_key(one)]
            certain = outcomes.count(wanted)
            assert facts.low == certain, (case, values)
            assert facts.high == certain + outcomes.count(None), (case, values)


def _pairs(measures: list[m.Measure]) -> list[tuple[m.Measure, m.Measure]]:
    return list(zip(measures[::2], measures[1::2], strict=True))


def test_numbers_in_a_field_of_any_type_are_summed_and_the_rest_is_no_value(
    workspace: Workspace,
) -> None:
    folder = workspace.folder / "in"
    folder.mkdir(exist_ok=True)
    values = [1, "2.5", "junk", None, True, -0.25, "1e1", ""]
    lines = [
        _record(n, EVENT, value, nested=False, missing=False) for n, value in enumerate(values)
    ]
    (folder / "exchanges.jsonl").write_text("\n".join(lines), encoding="utf-8")
    ref = FieldRef(EVENT.name, declared=EVENT)
    numbers = number_of(ref)
    assert numbers.declared is not None
    read_activity(workspace, str(folder), fields=(EVENT, numbers.declared))
    measures = [m.Sum(field=numbers), m.Maximum(field=numbers), m.Distinct(field=ref)]
    plan = build_plan({SubjectKind.ACCOUNT: measures})
    table = measure(workspace, plan, as_of_us=1_790_000_000_000_000, since_us=0)[
        SubjectKind.ACCOUNT
    ]
    facts = [table.facts(0, (signal_key(one),))[signal_key(one)] for one in measures]
    assert [(fact.low, fact.high) for fact in facts] == [(13.25, 13.25), (10.0, 10.0), (7.0, 7.0)]


def test_a_number_too_large_to_be_summed_sets_its_row_aside(workspace: Workspace) -> None:
    folder = workspace.folder / "in"
    folder.mkdir(exist_ok=True)
    lines = [_record(n, EVENT, one, nested=False, missing=False) for n, one in enumerate((1, 1e15))]
    (folder / "exchanges.jsonl").write_text("\n".join(lines), encoding="utf-8")
    numbers = number_of(FieldRef(EVENT.name, declared=EVENT)).declared
    assert numbers is not None
    intake = read_activity(workspace, str(folder), fields=(EVENT, numbers))
    assert (intake.tables["exchanges"].kept, intake.tables["exchanges"].quarantined) == (1, 1)
    (aside,) = map(json.loads, intake.quarantine_path.read_text().splitlines())
    assert (aside["field"], aside["reason"]) == ("EventID", "is too large a number")


def test_an_empty_selection_of_parts_is_not_confused_by_one_and_true(workspace: Workspace) -> None:
    ref = FieldRef(EVENT.name, declared=EVENT)
    one, true = (Test(ref, Match.EQUALS, (value,)) for value in (1, True))
    plan = build_plan({SubjectKind.ACCOUNT: [m.Count(where=AllOf((one,))), m.Count(where=true)]})
    assert len(plan.leaves) == 2
