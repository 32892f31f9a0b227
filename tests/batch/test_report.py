"""The report says what was set aside, and survives the ledger."""

from __future__ import annotations

import json

from engine.batch.report import PolicyLine, Report, not_linked
from engine.campaigns.campaign import Dropped, Linkage, Oversized, Split


def test_what_linking_set_aside_is_told() -> None:
    linkage = Linkage(
        (), (Oversized("c-1", "l", 50_001, "a0"),), (Dropped("l", "device_id", 2, 9_000),)
    )
    group, values = not_linked(linkage)
    assert group.startswith("links l: a group of 50,001 accounts, a0 among them, is too large")
    assert values == (
        "links l: 2 values of device_id linked nobody, for 9,000 accounts or more share each"
    )
    (split,) = not_linked(Linkage((), (), (), (Split("l", (12, 7), "a3"),)))
    assert split == (
        "links l: 19 accounts hung together by a few, a3 among them, and are judged as campaigns "
        "of 12 and 7"
    )
    assert not_linked(Linkage((), (), ())) == ()


def test_a_report_comes_back_from_json_as_it_was() -> None:
    report = Report(
        run_id="run-1",
        as_of_us=1 << 60,
        tables={"exchanges": {"read": 2, "kept": 2}},
        active_accounts=2,
        campaigns=1,
        oversized_campaigns=1,
        not_linked=("a sentence",),
        missing_fields=("ip",),
        policies=(PolicyLine("p", "review", "account", 2, 1, 1, ("s",), formed=True),),
        actions={"throttle": {"hold": 2}},
        reasons={"cap: too many": 2},
        expired_exemptions=("e",),
        held=True,
    )
    document = json.loads(json.dumps(report.to_json()))
    assert Report.from_json(document) == report
    assert document["not_judged"] == ["p"]
