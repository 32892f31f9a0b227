"""Responses, links, packs, terms, lists, exemptions, sources and tests."""

from __future__ import annotations

import pytest
from small_pack import (
    EXEMPTION,
    LIST,
    PACK,
    SOURCE,
    as_yaml,
    codes_of,
    document,
    load,
    load_small,
    pack_of,
    policy_faults,
    policy_with,
)

from engine.activity.convert import CONVERTERS as CONVERTERS_OF_ACTIVITY
from engine.language.model.links import Connector, SignUp, Synchrony
from engine.language.model.response import Cap
from engine.language.moments import parse_instant
from engine.language.read.sources import CONVERTERS, split_converter
from engine.language.span import NOWHERE
from engine.language.words import ActionKind, Approval

_DAY = 86_400_000_000


def _actions(do: object) -> list[tuple[ActionKind, int | None, str | None]]:
    written = document("response", ladder=[{"do": do, "approval": "two"}])
    step = pack_of(load_small(response=written)).responses[0].ladder[0]
    return [(action.kind, action.for_us, action.feature) for action in step.do]


def test_actions_as_a_word_a_mapping_or_a_list() -> None:
    assert _actions("warn") == [(ActionKind.WARN, None, None)]
    assert _actions({"suspend": {"for": "30d"}}) == [(ActionKind.SUSPEND, 30 * _DAY, None)]
    assert _actions(["log", {"restrict": {"feature": "logprobs"}}]) == [
        (ActionKind.LOG, None, None),
        (ActionKind.RESTRICT, None, "logprobs"),
    ]


def test_a_ladder_keeps_its_order_and_asks_one_person_unless_told() -> None:
    response = pack_of(load_small()).responses[0]
    assert [step.approval for step in response.ladder] == [Approval.ONE, Approval.TWO]
    assert response.ladder[0].guard is None
    assert response.cap == Cap()
    assert response.text.startswith("response: answer\n")


def test_caps_are_numbers_shares_or_both() -> None:
    for cap in ({"accounts": 5}, {"share": 0.5}, {"accounts": 0, "share": 0}):
        written = document("response", cap=cap)
        found = pack_of(load_small(response=written)).responses[0].cap
        assert (found.accounts, found.share) == (cap.get("accounts"), cap.get("share"))
    assert codes_of(load_small(response=document("response", cap={}))) == ["EX129"]


def test_silent_degradation_has_no_word() -> None:
    written = document("response", ladder=[{"do": "degrade"}])
    assert codes_of(load_small(response=written)) == ["EX124"]


def test_connectors_and_their_limits() -> None:
    connect: list[dict[str, object]] = [
        {
            "shared": "ip/24",
            "min_accounts": 3,
            "max_accounts": 50,
            "min_events": 4,
            "at_most": 0.5,
            "times": 2,
        },
        {"shared": "account.payment_id"},
        {"shared": "prompt_shape"},
    ]
    links = pack_of(load_small(links=document("links", connect=connect))).links[0]
    first = links.connectors[0]
    assert first == Connector(
        shared="ip/24",
        min_accounts=3,
        max_accounts=50,
        min_events=4,
        at_most=0.5,
        times=2.0,
        span=first.span,
    )
    assert first.span != NOWHERE
    assert [connector.shared for connector in links.connectors[1:]] == [
        "account.payment_id",
        "prompt_shape",
    ]
    assert (links.strength, links.members_min, links.members_max) == (1.0, 2, 50_000)


def test_accounts_are_linked_by_doing_the_same_at_the_same_times() -> None:
    connect: list[dict[str, object]] = [
        {"shared": "prompt_shape"},
        {
            "synchronous": "prompt_shape",
            "bucket": "10m",
            "jaccard": {"gte": 0.5},
            "min_buckets": 24,
            "min_days": 3,
            "max_accounts": 200,
            "adds": 1,
        },
        {"signed_up_within": "1h"},
    ]
    links = pack_of(load_small(links=document("links", connect=connect))).links[0]
    assert [connector.shared for connector in links.connectors] == ["prompt_shape"]
    (synchrony,) = links.synchronous
    written = Synchrony("prompt_shape", 600_000_000, 0.5, 24, 3, 200, 1.0, synchrony.span)
    assert synchrony == written
    assert links.signed_up is not None
    assert links.signed_up == SignUp(3_600_000_000, 0.25, links.signed_up.span)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"connect": [{"shared": "ip"}]}, "EX241"),
        ({"connect": [{"shared": "prompt"}]}, "EX241"),
        ({"connect": [{"shared": "account_id"}]}, "EX241"),
        ({"connect": []}, "EX129"),
        ({"weight": "linear"}, "EX124"),
        ({"strength": 1}, "EX123"),
        ({"strength": {"gte": 0}}, "EX125"),
        ({"members": {"gte": 1}}, "EX125"),
    ],
)
def test_links_that_make_no_sense_are_refused(changed: dict[str, object], code: str) -> None:
    assert code in codes_of(load_small(links=document("links", **changed)))


def test_guardrails_are_by_action() -> None:
    guardrails = pack_of(load_small()).guardrails
    assert guardrails.per_run == {ActionKind.TERMINATE: Cap(10, 0.01)}
    assert guardrails.per_day == {}
    wrong = document("pack", guardrails={"per_run": {"ban": {"accounts": 1}}})
    assert codes_of(load_small(pack=wrong)) == ["EX121"]


def test_terms_stand_in_order_of_their_effect() -> None:
    clause = {"id": "scraping", "section": "1", "summary": "s", "url": "u"}
    versions = [
        {"version": version, "effective": effective, "clauses": [clause]}
        for version, effective in [("b", "2026-01-01"), ("a", "2025-01-01T12:00+02:00")]
    ]
    terms = pack_of(load_small(terms=document("terms", versions=versions))).terms[0]
    assert [version.version for version in terms.versions] == ["a", "b"]
    assert terms.versions[0].effective_us == 1_735_725_600_000_000
    in_force = terms.in_force(terms.versions[0].effective_us)
    assert in_force is not None
    assert in_force.version == "a"
    assert terms.in_force(0) is None


def test_lists_hold_plain_values_once_each() -> None:
    written = document("list", list="numbers", values=[1, True, 1.5, "1", "one"])
    pack = pack_of(load_small(exemption=written))
    numbers = next(each for each in pack.lists if each.name == "numbers")
    assert numbers.values == (1, True, 1.5, "1", "one")
    for values in ([None], [[1]], [""], ["a", "a"]):
        assert codes_of(load_small(exemption=document("list", list="n", values=values))) != []


def test_the_day_of_a_review_is_a_day() -> None:
    for reviewed in ("2026-01-05T10:00Z", "January", 2026):
        assert codes_of(load(PACK, document("list", reviewed=reviewed))) != []


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"until": None}, ["EX122"]),
        ({"until": "never"}, ["EX127"]),
        ({"organisations": None}, ["EX122"]),
        ({"organisations": []}, ["EX129"]),
        ({"organisations": [7]}, ["EX123"]),
        ({"policies": ["nobody"]}, ["EX302"]),
        ({"behaviours": ["theft"]}, ["EX124"]),
        ({"accounts": ["a", "a"]}, ["EX130"]),
    ],
)
def test_an_exemption_is_narrow_and_ends(changed: dict[str, object], codes: list[str]) -> None:
    assert codes_of(load_small(exemption=document("exemption", **changed))) == codes


def test_an_exemption_is_read() -> None:
    written = document("exemption", policies=["harness"], approvals="study", accounts=["a", "b"])
    found = pack_of(load_small(exemption=written)).exemptions[0]
    assert (sorted(found.accounts), sorted(found.approvals)) == (["a", "b"], ["study"])
    assert (sorted(found.policies), sorted(found.behaviours)) == (["harness"], ["distillation"])
    assert found.until_us == parse_instant("2027-01-02") - 1  # the whole of the day written
    assert not found.expired(found.until_us)
    assert found.expired(found.until_us + 1)


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ("time ~iso", ("time", "iso")),
        ("time~iso", ("time", "iso")),
        ("a || b ~ms ", ("a || b", "ms")),
        ("a.b", ("a.b", None)),
        ("'~x'", ("'~x'", None)),
    ],
)
def test_a_converter_stands_at_the_end(expression: str, parts: tuple[str, str | None]) -> None:
    assert split_converter(expression) == parts


def test_converters_are_those_that_activity_has() -> None:
    assert set(CONVERTERS) == set(CONVERTERS_OF_ACTIVITY)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "events"}, "EX124"),
        ({"fields": {"event_id": "id"}}, "EX122"),
        ({"where": "a ||"}, "EX242"),
        ({"where": "(" * 50_000}, "EX242"),
        ({"zone": "+05:30"}, "EX244"),
        ({"zone": "../../etc/passwd"}, "EX244"),
    ],
)
def test_sources_that_cannot_work_are_refused(changed: dict[str, object], code: str) -> None:
    assert code in codes_of(load_small(source=document("source", **changed)))


def test_a_source_of_accounts_has_their_fields() -> None:
    written = document("source", kind="accounts", fields={"account_id": "id", "plan": "`free`"})
    source = pack_of(load_small(source=written)).sources[0]
    assert source.fields == (("account_id", "id"), ("plan", "`free`"))
    assert (source.where, source.zone) == (None, "UTC")


def test_tests_are_kept_as_plain_data() -> None:
    test = {
        "name": "t",
        "as_of": "2026-06-05T00:00Z",
        "accounts": [{"name": "a", "count": 2, "plan": "free"}, {"name": "b"}],
        "exchanges": {"accounts": "a", "per_account": 3, "every": "1h", "labels": ["x", "y"]},
        "expect": "indeterminate",
    }
    (found,) = policy_with(tests=[test]).tests
    assert found.accounts == ({"name": "a", "count": 2, "plan": "free"}, {"name": "b"})
    assert found.exchanges == (test["exchanges"],)
    assert (found.links, found.twin, found.expect) == ("rules", False, "indeterminate")
    assert found.as_of_us == 1_780_617_600_000_000


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"expect": "nothing"}, "EX124"),
        ({"as_of": "soon"}, "EX127"),
        ({"accounts": {"count": 0}}, "EX125"),
        ({"accounts": {"colour": "red"}}, "EX121"),
        ({"exchanges": {"every": "1 hour"}}, "EX126"),
        ({"exchanges": {"prompt": {"a": 1}}}, "EX204"),
        ({"exchanges": {"prompt": 5}}, "EX204"),
        ({"exchanges": {"status": "ok"}}, "EX204"),
        ({"exchanges": {"status": [200, True]}}, "EX204"),
        ({"exchanges": {"ip": "each"}}, "EX204"),
        ({"exchanges": {"ip": "10.0.{x}.1"}}, "EX204"),
        ({"exchanges": {"temperature": "hot"}}, "EX204"),
        ({"exchanges": {"logprobs": "no"}}, "EX204"),
        ({"accounts": {"created_at": "each"}}, "EX204"),
        ({"accounts": {"approvals": [["a"]]}}, "EX204"),
        ({"exchanges": [{"accounts": "nobody"}]}, "EX243"),
        ({"links": "none"}, "EX124"),
    ],
)
def test_tests_that_make_no_sense_are_refused(changed: dict[str, object], code: str) -> None:
    test = {"name": "t", "as_of": "2026-06-05", "accounts": {}, "expect": "finding"}
    assert policy_faults(tests=[test | changed]) == [code]


def test_values_of_tests_are_those_of_their_fields() -> None:
    account = {"payment_id": "each", "created_at": "2026-01-01", "approvals": ["a"], "plan": None}
    exchange = {
        "ip": "10.0.{a}.{i}",
        "status": [200, 429],
        "n": "{n}",
        "temperature": 0.5,
        "logit_bias_ids": ["{n}", 5],
        "prompt": "task {n}",
        "logprobs": True,
    }
    test = {"name": "t", "as_of": "2026-06-05", "accounts": account, "exchanges": exchange}
    assert policy_faults(tests=[test | {"expect": "finding"}]) == []


def test_a_group_may_be_called_like_a_key_of_an_expectation() -> None:
    test = {"name": "t", "as_of": "2026-06-05", "expect": {"verdict": "finding"}}
    assert policy_faults(tests=[test | {"accounts": {"name": "verdict"}}]) == []
    assert policy_faults(tests=[test | {"accounts": {"name": "values"}}]) == ["EX243"]


@pytest.mark.parametrize(
    ("explain", "codes"),
    [
        ("{events} of {events:percent}", []),
        ("{event}", ["EX232"]),
        ("{events:ratio}", ["EX232"]),
        ("{events", ["EX232"]),
        ("}", ["EX232"]),
        ("{}", ["EX232"]),
        (" ", ["EX129"]),
    ],
)
def test_explanations_show_signals(explain: str, codes: list[str]) -> None:
    assert policy_faults(explain=explain) == codes


@pytest.mark.parametrize(
    "text",
    [EXEMPTION.replace("exemption:", "exemptions:"), LIST.replace("list:", "List:"), "x: 1", "- 1",
     "just text", SOURCE + "policy: x\n"],
)  # fmt: skip
def test_a_document_says_what_it_is_first(text: str) -> None:
    assert codes_of(load(PACK, text)) != []


def test_every_key_of_a_policy_is_checked_at_once() -> None:
    wrong = as_yaml(
        {"policy": 1, "title": [], "version": 0, "status": "on", "owner": None, "axis": 2.5,
         "severity": "Higher", "clauses": [], "subject": "user", "behaviour": True, "explain": {},
         "when": 3, "signals": [], "extra": 1}
    )  # fmt: skip
    assert len(codes_of(load_small(policy=wrong))) == 14
