"""What a reviewer reads of a campaign that comes after another one."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from engine.errors import ExciseError
from engine.review.case_view import load_case_view
from engine.review.succession import headline, sentences, successions


def test_both_campaigns_are_told_of_each_other(made: ModuleType) -> None:
    files = made.FakeLedger(made_successions=[made.succession(2, "cmp-0003")])
    views = {number: load_case_view(files, f"case-000{number}") for number in (1, 2, 3)}
    told = {
        number: [headline(one, view.case.campaign_id) for one in view.successions]
        for number, view in views.items()
    }
    assert told == {1: [], 2: ["succeeds cmp-0003"], 3: ["succeeded by cmp-0002"]}


def test_the_evidence_is_told_in_sentences(made: ModuleType) -> None:
    (one,) = successions([made.succession()])
    begun, alike, trait, beside = sentences(one)
    assert begun == (
        "38 of 40 accounts began after the action of 2026-05-30 00:00Z, half of them within 5 h"
    )
    assert alike == "91.2 % of what both send has the same prompt_shape, which is theirs alone"
    assert trait.startswith("7c1e0d94b2a8: 96.3 % then, 93.74 % now; ")
    assert trait.endswith("; of its accounts 38 and 36, of others 0 and 1")
    assert beside == "models are alike to 0.98, hours of the day to 0.87: these decide nothing"


@pytest.mark.parametrize("evidence", ["", "[]", "{}", '{"field": "x", "traits": [{}]}'])
def test_what_cannot_be_read_is_named(made: ModuleType, evidence: str) -> None:
    with pytest.raises(ExciseError, match="cmp-0002"):
        successions([replace(made.succession(), evidence=evidence)])
