"""What a policy's test can expect, and what is said when it did not come."""

from __future__ import annotations

from typing import Any

import pytest
from authored import crew, written

from engine.authoring.trial import TestResult, run_tests, try_out

BUSY: dict[str, Any] = {
    "select": {"asks": {"prompt|contains": "think"}},
    "signals": {
        "asking": {"count": "asks", "window": "7d"},
        "part": {"share": "asks", "min_of": 5, "window": "7d"},
        "size": "members",
    },
    "when": {"all": [{"asking": {"gte": 60}}, {"part": {"gte": 0.5}}]},
    "unless": [{"size": {"gt": 30}}],
    "subject": "campaign",
}
GROUPS: dict[str, Any] = {
    "accounts": [
        {"name": "pool", "count": 20, "payment_id": "card"},
        {"name": "class", "count": 10},
        {"name": "silent", "count": 3},
    ],
    "exchanges": [
        {"accounts": "pool", "per_account": 4, "prompt": "think"},
        {"accounts": "pool", "per_account": 1, "prompt": "hello"},
        {"accounts": "class", "per_account": 6, "prompt": ["think", "hello"]},
        {"accounts": "silent", "per_account": 30},
    ],
    "links": "groups",
}


def tried(test: dict[str, Any], *others: dict[str, Any], **keys: Any) -> TestResult:
    told = {key: value for key, value in (BUSY | keys).items() if value is not None}
    pack, policy = written({"accounts": {}, **test}, *others, **told)
    return try_out(pack, policy, policy.tests[0], crew())


def messages(test: dict[str, Any], *others: dict[str, Any], **keys: Any) -> list[str]:
    return [fault.message for fault in tried(test, *others, **keys).faults]


NOBODY = (
    "pool: expected finding, came no campaign to judge: "
    "the pack's links make none of these accounts; `links: all` makes one"
)
APART = (
    "class: expected one campaign of pool and class; "
    "of 30 accounts 20 are not in it, and 0 others are"
)


def test_every_group_has_a_verdict_and_values_of_its_own() -> None:
    expect = {
        "pool": {
            "verdict": "finding",
            "values": {"asking": 80, "part": {"gte": 0.8, "lt": 0.81}},
            "campaign": "pool",
        },
        "class": {"verdict": "no finding", "values": {"asking": 30, "part": 0.5}},
        "silent": {"verdict": "indeterminate", "values": {"asking": "indeterminate", "size": 3}},
    }
    assert messages(GROUPS | {"expect": expect}) == []


def test_what_did_not_come_is_told_with_what_came() -> None:
    expect = {
        "pool": {"verdict": "no finding", "values": {"asking": 79, "part": {"lt": 0.8}}},
        "class": {"verdict": "finding", "campaign": ["pool", "class"]},
        "silent": {"verdict": "no finding", "values": {"asking": 0}, "campaign": "none"},
    }
    assert messages(GROUPS | {"expect": expect}) == [
        "pool: expected no finding, came finding",
        "pool: asking: expected 79, came 80",
        "pool: part: expected < 0.8, came 0.8",
        APART,
        "class: expected finding, came no finding",
        "silent: expected in no campaign, came 1",
        "silent: expected no finding, came indeterminate",
        "silent: asking: expected 0, came between 0 and 90",
    ]


def test_a_fault_stands_where_the_expectation_does() -> None:
    result = tried(GROUPS | {"expect": {"pool": {"verdict": "finding", "values": {"asking": 79}}}})
    (fault,) = result.faults
    (value,) = result.test.groups[0].values
    assert fault.span == value.span
    assert not result.passed


def test_only_what_kept_a_finding_away_is_shown() -> None:
    (fault,) = tried(GROUPS | {"expect": {"class": "finding"}}).faults
    assert fault.why[0] == "campaign campaign-of-class: no finding"
    (line,) = fault.why[1:]
    assert line.split() == [
        "when", "no", "asking", "≥", "60", "30", "x0.5,", "30", "lacking",
        "events", "30,", "unknown", "0",
    ]  # fmt: skip


def test_why_a_value_is_not_known_is_shown() -> None:
    (fault,) = tried(GROUPS | {"expect": {"silent": "no finding"}}).faults
    assert fault.why[-1].strip() == (
        "part is not known: `prompt` is not recorded on 90 of 90 exchanges"
    )


def test_values_of_all_are_those_of_the_subjects_that_came_as_expected() -> None:
    assert messages(GROUPS | {"expect": "finding", "values": {"asking": 80}}) == []
    assert messages(GROUPS | {"expect": "finding", "values": {"asking": {"gt": 80}}}) == [
        "asking: expected > 80, came 80"
    ]


def test_one_of_many_subjects_stands_for_those_that_differ() -> None:
    counted = {name: one for name, one in BUSY["signals"].items() if name != "size"}
    keys = {"subject": "account", "unless": None, "signals": counted}
    expect = {"pool": {"verdict": "no finding", "values": {"asking": 5}}}
    assert messages(GROUPS | {"expect": expect}, **keys) == [
        "pool: asking: expected 5, came 4 for 20 of 20, such as pool-00000"
    ]


def test_a_value_of_nobody_is_not_as_expected() -> None:
    nobody = "asking: nobody is judged, so nobody has a value"
    alone: dict[str, Any] = {"links": "rules", "values": {"asking": 0}}
    assert messages(alone | {"expect": "no finding"}) == [nobody]
    quiet = {**GROUPS["accounts"][0], "name": "quiet"}
    expect = {"quiet": {"verdict": "no finding", "values": {"asking": "indeterminate"}}}
    test = {**GROUPS, "accounts": [*GROUPS["accounts"], quiet], "links": "rules"}
    assert messages(test | {"expect": expect}) == [f"quiet: {nobody}"]


def test_accounts_of_no_campaign_make_no_finding() -> None:
    alone = GROUPS | {"links": "rules"}
    nowhere = {"verdict": "no finding", "campaign": "none"}
    assert messages(alone | {"expect": {"class": nowhere}}) == []
    assert messages(alone | {"expect": {"pool": {"verdict": "finding", "campaign": "pool"}}}) == [
        "pool: expected one campaign of pool; it is in none",
        NOBODY,
    ]


RESPONSE: dict[str, Any] = {
    "response": "answer",
    "subject": "campaign",
    "when": {"findings": {"axis": "content"}},
    "ladder": [
        {"do": [{"restrict": {"feature": "logprobs"}}, "log"]},
        {"do": "warn", "if": {"strikes": {"gte": 1, "within": "30d"}}},
    ],
}
PARAMETERS: dict[str, Any] = {
    "select": None,
    "signals": {"biased": {"distinct": "top_logprobs", "window": "7d"}, "size": "members"},
    "when": {"biased": {"gte": 2}},
    "unless": None,
}
"""Rests on request parameters alone, so that a feature may be restricted for it."""
SWEEP: dict[str, Any] = {
    "accounts": [{"name": "pool", "count": 20}, {"name": "other", "count": 20}],
    "exchanges": [
        {"accounts": "pool", "per_account": 6, "top_logprobs": [1, 2, 3]},
        {"accounts": "other", "per_account": 6, "top_logprobs": 1},
    ],
    "links": "groups",
}


def acted(expect: Any, **test: Any) -> list[str]:
    return messages(SWEEP | {"expect": expect} | test, RESPONSE, **PARAMETERS)


def test_what_the_pack_does_about_a_group() -> None:
    restricted = [{"restrict": {"feature": "logprobs"}}, "log"]
    expect = {
        "pool": {"verdict": "finding", "actions": restricted},
        "other": {"verdict": "no finding", "actions": "none"},
    }
    assert acted(expect) == []
    assert acted("finding", actions="restrict") == []  # whatever the feature; log is no matter


def test_what_was_done_before_leads_to_another_rung() -> None:
    strikes = [{"at": "2026-06-01", "action": "restrict", "accounts": "pool"}]
    told = "expected actions restrict, came log"
    assert acted("finding", actions="restrict", strikes=strikes) == [told]
    long_ago = [{"at": "2026-01-01", "action": "restrict"}]
    assert acted("finding", actions="restrict", strikes=long_ago) == []


def test_why_another_thing_is_done() -> None:
    result = tried(SWEEP | {"expect": "finding", "actions": "warn"}, RESPONSE, **PARAMETERS)
    (fault,) = result.faults
    assert fault.message == "expected actions warn, came restrict logprobs, log"
    assert result.test.actions
    assert fault.span == result.test.actions[0].span
    assert [" ".join(line.split()) for line in fault.why] == [
        "campaign campaign-of-pool:",
        "response answer: rung 1",
        "no strikes ≥ 1 within 30d 0 x0, 1 lacking strikes 0",
    ]


@pytest.mark.parametrize("status", ["draft", "enforce"])
def test_what_would_be_done_can_be_tried_before_it_may(status: str) -> None:
    test = SWEEP | {"expect": "finding", "actions": "restrict"}
    assert messages(test, RESPONSE, **PARAMETERS, status=status) == []


def test_several_groups_may_be_one_campaign() -> None:
    linked = GROUPS | {
        "accounts": [
            {"name": "pool", "count": 20, "payment_id": "card"},
            {"name": "mule", "count": 2, "payment_id": "card"},
        ],
        "exchanges": GROUPS["exchanges"][:2],
        "links": "rules",
    }
    links = {
        "links": "identity",
        "connect": [{"shared": "account.payment_id"}],
        "strength": {"gte": 0.1},
        "members": {"gte": 2},
    }
    told = {"verdict": "finding", "campaign": ["pool", "mule"]}
    assert messages(linked | {"expect": {"pool": told, "mule": told}}, links) == []


def test_tests_are_chosen_by_a_pattern() -> None:
    pack, _ = written(GROUPS | {"expect": "finding"}, **BUSY)
    assert [one.test.name for one in run_tests(pack, like="AUTH*", crew=crew())] == ["t"]
    assert [one.test.name for one in run_tests(pack, like="t", crew=crew())] == ["t"]
    assert list(run_tests(pack, like="auth")) == []


def test_activity_that_cannot_be_read_fails_the_test() -> None:
    negative = {"per_account": 2, "input_tokens": -5}
    endless = {"per_account": 2, "every": "3650d", "start": "9999-12-31"}
    said = messages({"exchanges": [negative, endless], "expect": "no finding"})
    assert said == [
        "2 records cannot be read: input_tokens is below 0",
        "1 records cannot be read: ts is before 2000 or after 2100",
        "1 records cannot be read: ts is not a time",
    ]
    ages = {"per_account": 300, "every": "3650d"}
    said = messages({"as_of": "1970-01-02", "exchanges": ages, "expect": "no finding"})
    assert any("ts is not a time" in one for one in said)
