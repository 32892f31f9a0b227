"""One decision is one strike, and a few members' past is not their campaign's."""

from __future__ import annotations

from engine.batch.strikes import strikes_of
from engine.language.subject import Subject
from engine.language.words import ActionKind, SubjectKind

CAMPAIGN = Subject(SubjectKind.CAMPAIGN, "c-1")
MEMBERS = tuple(f"a{n}" for n in range(10))


def strikes(past: dict[str, list[tuple[int, str]]]) -> tuple[tuple[int, ActionKind], ...]:
    return strikes_of(past, lambda _: MEMBERS)(CAMPAIGN)


def test_a_decision_over_all_members_is_one_strike_of_its_gravest_action() -> None:
    past = {member: [(5, "require_verification"), (5, "throttle")] for member in MEMBERS}
    assert strikes(past) == ((5, ActionKind.THROTTLE),)


def test_two_decisions_are_two_strikes() -> None:
    past = {member: [(5, "throttle"), (9, "suspend")] for member in MEMBERS}
    assert strikes(past) == ((5, ActionKind.THROTTLE), (9, ActionKind.SUSPEND))


def test_half_of_the_members_make_a_strike_and_fewer_do_not() -> None:
    assert strikes({member: [(5, "throttle")] for member in MEMBERS[:5]}) != ()
    assert strikes({member: [(5, "throttle")] for member in MEMBERS[:4]}) == ()
    assert strikes({}) == ()
