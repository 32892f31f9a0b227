"""Every statement of BOUNDARIES.md, from a policy's text through its activity to what comes of it.

A test is called after the number of its statement; the last test finds statements without a test.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from authored import AS_OF, came, crew, measured, written

import engine.language
from engine.activity.workspace import Workspace
from engine.authoring.closure import isolate
from engine.authoring.timeline import write_timeline
from engine.authoring.trial import Trial
from engine.batch.run import RunRequest, run
from engine.decide.compile import signal_keys
from engine.language.moments import parse_instant

PAGE = Path(engine.language.__path__[0]) / "BOUNDARIES.md"
VOID = (-math.inf, math.inf)
BEFORE, EXACT, AFTER = (
    "2026-05-28T23:59:59.999999Z",
    "2026-05-29T00:00Z",
    "2026-06-05T00:00:00.000001Z",
)
"""A week before the moment judged from, less a microsecond; and one after that moment."""

Ends = tuple[float, float]


def at(*moments: str, **fields: object) -> dict[str, Any]:
    """Return a test with one exchange at each moment."""
    return {"exchanges": [{"start": moment, **fields} for moment in moments]}


def values(test: dict[str, Any], **signals: Any) -> dict[str, Ends]:
    """Return the smallest and largest value of several signals of the only account."""
    shown = " ".join(f"{{{name}}}" for name in signals)
    first = next(iter(signals))
    keys: dict[str, Any] = {"signals": signals, "when": {first: {"gt": 0.123}}, "explain": shown}
    pack, policy = written({"accounts": {}, **test}, **keys)
    with Workspace(threads=1) as workspace:
        trial = Trial(workspace, pack, policy.tests[0])
        table = trial.judged(isolate(pack, policy), crew()).evaluation.tables[policy.subject]
    names = signal_keys(policy)
    facts = table.facts(0, tuple(names.values()))
    return {name: (facts[key].low, facts[key].high) for name, key in names.items()}


WEEK = {"count": "all", "window": "7d"}


def test_b01_a_window_is_closed() -> None:
    assert values(at(BEFORE, EXACT, AS_OF), it=WEEK)["it"] == (2, 2)


def test_b02_later_events_are_never_seen() -> None:
    assert values(at(AS_OF, AFTER), it=WEEK, ever="count") == {"it": (1, 1), "ever": (1, 1)}


def test_b03_the_window_ends_with_the_moment_judged_from() -> None:
    found = values(at("2026-06-03T00:00Z"), day={"count": "all", "window": "1d"}, it=WEEK)
    assert found == {"day": (0, 0), "it": (1, 1)}


def test_b04_without_a_window_all_counts() -> None:
    assert values(at("2020-01-01T00:00Z", AS_OF), it="count")["it"] == (2, 2)


FIRST_DAY = {"count": "all", "window": {"after": "release", "for": "24h"}}
RELEASED = {"models": {"model": "model-a", "released_at": "2026-06-01"}}


def test_b05_an_anchored_window_is_closed() -> None:
    sent = at(
        "2026-05-31T23:59:59.999999Z", "2026-06-01", "2026-06-02", "2026-06-02T00:00:00.000001Z"
    )
    assert values({**sent, **RELEASED}, it=FIRST_DAY)["it"] == (2, 2)


def test_b06_without_its_anchor_an_event_may_count() -> None:
    assert values(at("2026-06-01", "2026-06-09"), it=FIRST_DAY)["it"] == (0, 1)


def test_b07_an_event_delivered_twice_counts_once(tmp_path: Path) -> None:
    signals = {"it": {"count": "all"}}
    pack, policy = written({"accounts": {}, **at(AS_OF)}, signals=signals, when={"it": {"gte": 2}})
    write_timeline(policy.tests[0], tmp_path)
    rows = (tmp_path / "exchanges.jsonl").read_text()
    (tmp_path / "exchanges.jsonl").write_text(rows + rows)
    result = run(pack, RunRequest(str(tmp_path)), None)
    assert result.report.tables["exchanges"]["duplicates"] == 1
    assert result.records is not None
    assert result.records.findings == ()


HOUR_APART = at("2026-06-04T10:00Z", "2026-06-04T11:00Z")


def test_b08_intervals_that_slide_hold_both_ends() -> None:
    pair = {"windows": {"count": "all"}, "span": "1h", "with": {"gte": 2}}
    found = values(HOUR_APART, it={"busiest": "all", "span": "1h"}, pair=pair)
    assert found == {"it": (2, 2), "pair": (1, 1)}


def test_b09_events_at_one_moment_leave_no_gap() -> None:
    even = at(*["2026-06-04T10:00Z"] * 2, "2026-06-04T11:00Z")
    # Gaps of 0 and 60 minutes: their deviation is the mean times the root of two.
    assert values(even, it="gap_cv")["it"][0] == pytest.approx(math.sqrt(2))


def steps(second: str) -> dict[str, Any]:
    return {
        "exchanges": [
            {"start": "2026-06-04T10:00Z", "status": 403},
            {"start": second, "status": 200},
        ]
    }


IN_ORDER = {"sequence": [{"status": 403}, {"status": 200}], "within": "1h"}


def test_b10_equal_times_are_in_no_order() -> None:
    assert values(steps("2026-06-04T10:00Z"), it=IN_ORDER)["it"] == (0, 0)
    assert values(steps("2026-06-04T10:00:00.000001Z"), it=IN_ORDER)["it"] == (1, 1)


def test_b11_the_last_step_may_come_at_the_very_end() -> None:
    assert values(steps("2026-06-04T11:00Z"), it=IN_ORDER)["it"] == (1, 1)
    assert values(steps("2026-06-04T11:00:00.000001Z"), it=IN_ORDER)["it"] == (0, 0)


def test_b12_equal_times_come_together() -> None:
    both = {"together": [{"status": 403}, {"status": 200}], "within": "1h"}
    low, high = values(steps("2026-06-04T10:00Z"), it=both)["it"]
    assert low == high > 0


def test_b13_who_did_nothing_is_not_judged() -> None:
    asked = {"signals": {"it": "count"}, "when": {"it": {"lte": 0}}}
    assert came({}, **asked) == "no finding"
    assert measured({}, "count") == {}


NONE = {"status": 500}


def test_b14_of_nothing_there_is_none() -> None:
    found = values(
        at(AS_OF, status=200, input_tokens=5),
        count={"count": NONE}, sum={"sum": "input_tokens", "where": NONE},
        distinct={"distinct": "model", "where": NONE}, busiest={"busiest": NONE, "span": "1h"},
        hours={"active_hours": NONE},
    )  # fmt: skip
    assert set(found.values()) == {(0, 0)}


def test_b15_nothing_has_no_mean() -> None:
    numbers = {word: {word: "input_tokens", "where": NONE} for word in ("mean", "min", "max")}
    found = values(at(AS_OF, status=200, input_tokens=5), **numbers, gaps={"gap_cv": NONE})
    assert set(found.values()) == {VOID}


SHARE = {"share": {"status": 200}, "of": {"model": "model-b"}}


def test_b16_a_share_of_nothing_is_unknown() -> None:
    assert values(at(AS_OF, status=200), it=SHARE)["it"] == VOID


def test_b17_the_minimum_itself_is_enough() -> None:
    asked = {"share": {"status": 200}, "min_of": 3}
    three = {"exchanges": {"per_account": 3, "every": "1m", "status": 200}}
    assert values(three, it=asked, more={**asked, "min_of": 4}) == {"it": (1, 1), "more": VOID}


def test_b18_one_value_has_no_entropy() -> None:
    assert values(at(EXACT, AS_OF), it={"entropy": "model"})["it"] == (0, 0)


def test_b19_the_fewest_events_of_gaps() -> None:
    four = {"exchanges": {"per_account": 4, "every": "1m"}}
    found = values(
        four, it={"gap_cv": None, "min_events": 4}, more={"gap_cv": None, "min_events": 5}
    )
    assert found == {"it": (0, 0), "more": VOID}


PARTLY = {
    "exchanges": [
        {"start": "2026-06-04T10:00Z", "status": 200, "prompt": "task one"},
        {"start": "2026-06-04T11:00Z", "status": 200},
        {"start": "2026-06-04T12:00Z", "status": 429, "prompt": "hello"},
    ]
}
TASKS = {"prompt|contains": "task"}


def test_b20_what_is_missing_may_count() -> None:
    assert values(PARTLY, it={"count": TASKS})["it"] == (1, 2)


def test_b21_the_whole_interval_decides() -> None:
    signals = {"it": {"count": TASKS}}
    outcomes = [came(PARTLY, signals=signals, when={"it": {"gte": least}}) for least in (1, 2, 3)]
    assert outcomes == ["finding", "indeterminate", "no finding"]


def test_b22_alternatives_and_negations_of_what_is_missing() -> None:
    either = {"any": [TASKS, {"status": 200}]}
    found = values(PARTLY, it={"count": either}, no={"count": {"not": TASKS}})
    assert found == {"it": (2, 2), "no": (1, 2)}


def test_b23_an_empty_list_was_not_used() -> None:
    biased = {"count": {"logit_bias_ids|exists": True}}
    assert values(at(AS_OF, logit_bias_ids=[]), it=biased)["it"] == (0, 0)
    assert values(at(AS_OF), it=biased)["it"] == (0, 1)


def test_b24_each_missing_value_may_be_a_new_one() -> None:
    sent = {"exchanges": [{"per_account": 2, "ip": "10.0.0.1"}, {"per_account": 3}]}
    assert values(sent, it={"distinct": "ip"})["it"] == (1, 4)


def test_b25_exactly_at_the_threshold() -> None:
    three = {"exchanges": {"per_account": 3, "every": "1m"}}
    held = [{"it": {"gte": 3}}, {"it": {"lte": 3}}, {"not": {"it": {"gt": 3}}}]
    when = {"all": [*held, {"not": {"it": {"lt": 3}}}]}
    assert came(three, signals={"it": "count"}, when=when) == "finding"


def of_twenty(selected: int) -> dict[str, Any]:
    left = {"per_account": 20 - selected, "every": "1m", "status": 429}
    return {"exchanges": [{"per_account": selected, "every": "1m", "status": 200}, left]}


def test_b26_decimals_compare_as_written() -> None:
    counts = ((1, 200, 1), (2, 200, 2), (2, 429, 1), (5, 429, 2))
    ten = [{"per_account": n, "status": status, "n": kind} for n, status, kind in counts]
    signals = {
        "three": {"share": {"status": 200}},
        "seven": {"share": {"status": 429}},
        "third": {"share": {"status": 200}, "of": {"n": 1}},
    }
    exactly = [{"three": {"gte": 0.3, "lte": 0.3}}, {"seven": {"gte": 0.7, "lte": 0.7}}]
    when = {"all": [*exactly, {"third": {"gt": 0.3333, "lt": 0.3334}}]}
    assert came({"exchanges": ten}, signals=signals, when=when) == "finding"


def test_b27_a_share_of_a_member_exactly_met() -> None:
    asked = {"accounts": {"status": 200}, "at_least_share": 0.95}
    for selected, members in ((19, 1), (18, 0)):
        test = {**of_twenty(selected), "links": "all"}
        (fact,) = measured(test, asked, subject="campaign").values()
        assert (fact.low, fact.high) == (members, members)


def alike(accounts: int, **asked: object) -> set[Ends]:
    """Return where each of some accounts stands that all did the same."""
    signals = {"sent": "count", "it": {"cohort": "sent", **asked}}
    facts = measured({"accounts": {"count": accounts}, **at(EXACT)}, "", signals=signals)
    return {(fact.low, fact.high) for fact in facts.values()}


def test_b28_where_all_are_alike_each_is_in_the_middle() -> None:
    assert alike(5, min_peers=4) == {(0.5, 0.5)}


def test_b29_the_fewest_peers() -> None:
    assert alike(4, min_peers=4) == {VOID}


def test_b30_where_peers_are_alike_only_their_like_has_a_z() -> None:
    signals = {"sent": "count", "it": {"cohort": "sent", "as": "robust_z", "min_peers": 3}}
    test = {
        "accounts": [{"name": "own"}, {"name": "peer", "count": 4}],
        "exchanges": [{"accounts": "own", "per_account": 2}, {"accounts": "peer"}],
    }
    facts = measured(test, "", signals=signals)
    assert {(one.low, one.high) for name, one in facts.items() if name[:4] == "peer"} == {(0, 0)}
    assert [one.void for name, one in facts.items() if name[:3] == "own"] == [True]


def test_b31_hours_and_weeks() -> None:
    hour = at("2026-06-01T10:00Z", "2026-06-01T10:59:59.999999Z")
    week = at("2026-05-31T23:59:59.999999Z", "2026-06-01T00:00Z", "2026-05-25T00:00Z")
    assert values(hour, it="active_hours")["it"] == (1, 1)
    assert values(week, it="active_hours")["it"] == (2, 2)


def test_b32_the_history_ends_before_the_window() -> None:
    new = {"novel": "model", "window": "7d", "history": "7d"}
    assert values(at(BEFORE, AS_OF), it=new)["it"] == (0, 0)
    assert values(at(EXACT, AS_OF), it=new)["it"] == VOID


def test_b33_past_windows_and_the_first_event() -> None:
    jump = {"spike": "all", "window": "1d", "baseline": "3d", "min_windows": 3}
    # Of the three days before yesterday's end the earliest begins with the first event.
    assert values(at("2026-06-01", AS_OF), it=jump)["it"] == (1, 1)
    assert values(at("2026-06-01T00:00:00.000001Z", AS_OF), it=jump)["it"] == VOID


PROBES = {
    "signals": {"it": {"count": {"logprobs": True}}},
    "when": {"it": {"gte": 1}},
    "status": "enforce",
}
RESPONSE = {
    "response": "answer",
    "title": "Answer",
    "subject": "account",
    "when": {"findings": {"behaviour": "distillation"}},
    "ladder": [{"do": {"restrict": {"feature": "logprobs"}}}],
}


def statuses(tmp_path: Path, accounts: int, *others: dict[str, Any]) -> set[str]:
    """Return how the actions on some accounts stand that all asked for log probabilities."""
    test = {"accounts": {"count": accounts}, **at(EXACT, logprobs=True)}
    pack, policy = written(test, *others, **PROBES)
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    folder.mkdir()
    write_timeline(policy.tests[0], folder)
    records = run(pack, RunRequest(str(folder), as_of_us=parse_instant(AS_OF)), None).records
    assert records is not None
    assert len(records.actions) == accounts
    return {action.status for action in records.actions}


def test_b34_an_exemption_holds_until_its_last_moment(tmp_path: Path) -> None:
    exempt = {
        "exemption": "study", "reason": "agreed", "owner": "trust", "approved_by": "counsel",
        "accounts": ["group0-00000"],
    }  # fmt: skip
    last, over = {**exempt, "until": AS_OF}, {**exempt, "until": "2026-06-04T23:59:59.999999Z"}
    assert statuses(tmp_path, 1, RESPONSE, last) == {"exempt"}
    assert statuses(tmp_path, 1, RESPONSE, over) == {"proposed"}


def test_b35_a_cap_exactly_met_is_kept(tmp_path: Path) -> None:
    capped = {**RESPONSE, "cap": {"accounts": 3}}
    assert statuses(tmp_path, 3, capped) == {"proposed"}
    assert statuses(tmp_path, 4, capped) == {"held"}


def test_b36_a_clause_binds_from_its_first_moment(tmp_path: Path) -> None:
    versions = []
    for moment in ("2020-01-01T00:00Z", "2019-12-31T23:59:59.999999Z"):
        pack, policy = written({"accounts": {}, **at(moment, logprobs=True)}, **PROBES)
        folder = tmp_path / str(len(versions))
        folder.mkdir()
        write_timeline(policy.tests[0], folder)
        records = run(pack, RunRequest(str(folder)), None).records
        assert records is not None
        (clause,) = json.loads(records.findings[0].clauses)
        versions.append(clause["version"])
    assert versions == ["1", None]


def happening(*moments: tuple[str, int]) -> dict[str, Any]:
    """Return a test with an exchange of a status at each moment of 4 June."""
    exchanges = [{"start": f"2026-06-04T{moment}Z", "status": status} for moment, status in moments]
    return {"exchanges": exchanges}


UNANSWERED = {"sequence": [{"status": 403}, {"not": {"status": 200}}], "within": "1h"}


def test_b37_absence_is_awaited_to_the_end() -> None:
    alone = {"together": [{"status": 403}, {"not": {"status": 200}}], "within": "1h"}
    for late, count in (("11:00", 0), ("11:00:00.000001", 1)):
        found = values(happening(("10:00", 403), (late, 200)), it=UNANSWERED, alone=alone)
        assert found == {"it": (count, count), "alone": (count, count)}
    for begun, count in (("23:00", 1), ("23:00:00.000001", 0)):
        found = values(happening((begun, 403)), it=UNANSWERED, alone=alone)
        assert found == {"it": (count, count), "alone": (count, count)}


def test_b38_between_is_strictly_between() -> None:
    it = {"sequence": [{"status": 403}, {"not": {"status": 500}}, {"status": 200}], "within": "1h"}
    for moment, count in (
        ("10:00", 1),
        ("10:00:00.000001", 0),
        ("10:29:59.999999", 0),
        ("10:30", 1),
    ):
        test = happening(("10:00", 403), (moment, 500), ("10:30", 200))
        assert values(test, it=it)["it"] == (count, count)


def test_b39_a_sequence_counts_its_ends() -> None:
    openings = happening(("10:00", 403), ("10:01", 403), ("10:02", 200))
    endings = happening(("10:00", 403), ("10:01", 200), ("10:02", 200))
    assert values(openings, it=IN_ORDER)["it"] == (1, 1)
    assert values(endings, it=IN_ORDER)["it"] == (2, 2)
    assert values(happening(("10:00", 403), ("10:01", 403)), it=UNANSWERED)["it"] == (2, 2)


def latencies(*numbers: int | None) -> dict[str, Any]:
    given = [{} if number is None else {"latency_ms": number} for number in numbers]
    return {"exchanges": [{"start": "2026-06-04T10:00Z", **one} for one in given]}


def quantile(q: float, **keys: object) -> dict[str, Any]:
    return {"quantile": "latency_ms", "q": q, **keys}


def test_b40_the_nearest_rank_is_a_value_that_occurs() -> None:
    found = values(
        latencies(*range(1, 21)),
        low=quantile(0), high=quantile(0.95), higher=quantile(0.951), top=quantile(1),
        middle=quantile(0.5), between=quantile(0.5, method="linear"),
    )  # fmt: skip
    assert {name: low for name, (low, high) in found.items() if low == high} == {
        "low": 1, "high": 19, "higher": 20, "top": 20, "middle": 10, "between": 10.5
    }  # fmt: skip


def test_b41_a_missing_value_may_be_any() -> None:
    found = values(
        latencies(1, 2, 3, None), it=quantile(0.5), top=quantile(1), few=quantile(0.5, min_of=4)
    )
    assert found == {"it": (1, 2), "top": (3, math.inf), "few": VOID}


def test_b42_the_mean_of_no_value_satisfies_nothing() -> None:
    test = {"exchanges": [{"start": AS_OF, "logit_bias_ids": [], "max_tokens": None}]}
    compared = {
        word: {"windows": {"mean": "max_tokens"}, "span": "1h", "with": {word: 5}}
        for word in ("gt", "lt", "neq")
    }
    none = {"windows": {"distinct": "logit_bias_ids"}, "span": "1h", "with": {"lt": 1}}
    found = values(test, none=none, **compared)
    assert found == {"none": (1, 1), "gt": (0, 0), "lt": (0, 0), "neq": (0, 0)}


def test_b43_parts_of_a_time_are_those_in_utc() -> None:
    late = at("2026-05-31T23:30:00-01:00", "2026-06-01T01:30:00+01:00")
    parts = {"hour": 0, "minute": 30, "day": 1, "month": 6, "week": 23}
    found = values(late, **{part: {"count": {f"ts|{part}": n}} for part, n in parts.items()})
    assert found == dict.fromkeys(parts, (2, 2))


def test_b44_a_part_holds_its_first_moment_and_not_that_of_the_next() -> None:
    before, first = "2026-05-31T23:59:59.999999Z", "2026-06-01T00:00Z"
    earlier, later = (
        {part: {"count": {f"ts|{part}": n}} for part, n in numbers.items()}
        for numbers in (
            {"minute": 59, "hour": 23, "day": 31, "week": 22, "month": 5},
            {"minute": 0, "hour": 0, "day": 1, "week": 23, "month": 6},
        )
    )
    assert values(at(before), **earlier) == dict.fromkeys(earlier, (1, 1))
    assert values(at(first), **earlier) == dict.fromkeys(earlier, (0, 0))
    assert values(at(first), **later) == dict.fromkeys(later, (1, 1))


@pytest.mark.parametrize(
    ("moment", "week", "year"),
    [("2025-12-28", 52, 2025), ("2025-12-29", 1, 2025), ("2027-01-01", 53, 2027)],
)
def test_b45_weeks_are_those_of_iso_8601(moment: str, week: int, year: int) -> None:
    test = {**at(moment), "as_of": "2027-06-05"}
    found = values(test, week={"count": {"ts|week": week}}, year={"count": {"ts|year": year}})
    assert found == {"week": (1, 1), "year": (1, 1)}


def sent(folder: Path, test: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the records of a test's exchanges by account, in the order in which they are sent."""
    signals = {"it": {"count": "all"}}
    _, policy = written({"accounts": {}, **test}, signals=signals, when={"it": {"gte": 1}})
    write_timeline(policy.tests[0], folder)
    found: dict[str, list[dict[str, Any]]] = {}
    for line in (folder / "exchanges.jsonl").read_text().splitlines():
        record = json.loads(line)
        found.setdefault(record["account_id"], []).append(record)
    return found


def seconds(records: list[dict[str, Any]]) -> list[float]:
    """Return when records were sent, before the moment judged from."""
    as_of = parse_instant(AS_OF)
    return [(parse_instant(one["ts"]) - as_of) / 1_000_000 for one in records]


def moments(folder: Path, **series: object) -> list[list[float]]:
    """Return when each of two accounts sends a series."""
    found = sent(folder, {"accounts": {"count": 2}, "exchanges": series})
    return [seconds(records) for records in found.values()]


EVERY_10_S: dict[str, Any] = {"per_account": 2, "every": "10s"}
SOON = "2026-06-04T23:00:00Z"


def test_b46_a_series_ends_with_the_moment_judged_from(tmp_path: Path) -> None:
    assert moments(tmp_path, **EVERY_10_S) == [[-10, 0], [-15, -5]]
    assert moments(tmp_path, **EVERY_10_S, start=SOON) == [[-3600, -3590], [-3595, -3585]]
    assert moments(tmp_path) == [[0], [-30]]


def test_b47_named_moments_are_those_of_every_account(tmp_path: Path) -> None:
    assert moments(tmp_path, at=[SOON, AS_OF]) == [[-3600, 0]] * 2


def test_b48_a_burst_lies_evenly_within_its_time(tmp_path: Path) -> None:
    burst = {"count": 4, "within": "10s"}
    first, _ = moments(tmp_path, burst=burst)
    assert first == [-10, -6.666667, -3.333334, 0]
    assert moments(tmp_path, burst=burst, at=SOON)[0] == [-3600, -3596.666667, -3593.333334, -3590]
    assert moments(tmp_path, burst=burst, start=SOON)[1][0] == -3570
    assert moments(tmp_path, burst={"count": 1, "within": "10s"}, at=SOON) == [[-3600]] * 2


def test_b49_numbers_begin_with_nought(tmp_path: Path) -> None:
    test = {
        "accounts": [{"name": "one"}, {"name": "two", "count": 2}],
        "exchanges": [
            {"accounts": "one"},
            {"accounts": "two", "per_account": 2, "prompt": "{a} {i} {n}"},
        ],
    }
    found = sent(tmp_path, test)
    told = [record["prompt"] for name in ("two-00000", "two-00001") for record in found[name]]
    assert told == ["0 0 0", "0 1 1", "1 0 2", "1 1 3"]


def test_b50_values_are_taken_in_turn(tmp_path: Path) -> None:
    series = {"per_account": 3, "status": [200, 403], "labels": ["a", "b"]}
    found = sent(tmp_path, {"accounts": {"count": 3, "org_id": ["x", "y"]}, "exchanges": series})
    for records in found.values():
        assert [record["status"] for record in records] == [200, 403, 200]
        assert [record["labels"] for record in records] == [["a", "b"]] * 3  # a list is one value
    lines = (tmp_path / "accounts.jsonl").read_text().splitlines()
    assert [json.loads(line)["org_id"] for line in lines] == ["x", "y", "x"]


def test_b51_a_series_of_nobody_is_that_of_everybody(tmp_path: Path) -> None:
    groups = [{"count": 2, "payment_id": "each"}, {"name": "pool", "payment_id": "each"}]
    found = sent(tmp_path, {"accounts": groups, "exchanges": {}})
    assert list(found) == ["group0-00000", "group0-00001", "pool-00000"]
    lines = (tmp_path / "accounts.jsonl").read_text().splitlines()
    assert len({json.loads(line)["payment_id"] for line in lines}) == 3


def test_b52_what_is_recorded_twice_counts_once(tmp_path: Path) -> None:
    test = {"exchanges": {"per_account": 2, "duplicates": 2}}
    assert [len(records) for records in sent(tmp_path, test).values()] == [6]
    assert values(test, it="count")["it"] == (2, 2)


def test_b53_what_is_empty_is_known_to_be_where_that_says_something() -> None:
    signals = {"text": {"count": {"prompt|contains": "x"}}, "label": {"count": {"labels": "x"}}}
    empty = {"prompt": "", "labels": []}
    assert values(at(AS_OF), **signals) == {"text": (0, 1), "label": (0, 1)}
    assert values(at(AS_OF, **empty), **signals) == {"text": (0, 1), "label": (0, 0)}
    beside = {"exchanges": [{"at": AS_OF, **empty}, {"at": AS_OF}]}
    assert values(beside, **signals) == {"text": (0, 2), "label": (0, 0)}


def test_every_statement_has_its_test() -> None:
    stated = re.findall(r"^- \*\*B(\d\d)\*\* ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    tested = re.findall(
        r"^def test_b(\d\d)_", Path(__file__).read_text(encoding="utf-8"), re.MULTILINE
    )
    assert stated == tested == [f"{number:02d}" for number in range(1, len(stated) + 1)]
