"""Trials that are kept say what new ones say."""

from __future__ import annotations

from typing import Any

import pytest
from authored import AS_OF, written

from engine.authoring.kept import KeptTrials
from engine.authoring.trial import try_out
from engine.language.model.pack import Pack

_EXCHANGES = {"per_account": 30, "every": "1h", "prompt": "Translate the following: {n}"}
_KEYS: dict[str, Any] = {
    "select": {"task": {"prompt|contains": "translate"}},
    "signals": {"tasks": {"count": "task", "window": "7d"}},
    "when": {"tasks": {"gte": 30}},
}
_FIELD = {"fields": "own", "of": "exchanges", "declare": {"Host": "text"}}
_RESPONSE = {
    "response": "lead",
    "subject": "account",
    "when": {"findings": {"behaviour": "distillation"}},
    "ladder": [{"do": "log"}],
}


def pack_of(*others: dict[str, Any], test: dict[str, Any] | None = None, **keys: Any) -> Pack:
    asked = {"accounts": {"count": 2}, "exchanges": _EXCHANGES, **(test or {})}
    return written(asked, *others, **{**_KEYS, **keys})[0]


def variants() -> dict[str, Pack]:
    """Return packs as an author may save them one after the other."""
    counted = {"tasks": {"count": "task", "window": "7d"}}
    return {
        "as it was": pack_of(),
        "another threshold": pack_of(when={"tasks": {"gte": 31}}),
        "another window": pack_of(signals={"tasks": {"count": "task", "window": "12h"}}),
        "another selection": pack_of(select={"task": {"prompt|contains": "summarise"}}),
        "another signal": pack_of(
            signals={**counted, "hours": {"active_hours": "all", "window": "7d"}},
            when={"all": [{"tasks": {"gte": 30}}, {"hours": {"gte": 40}}]},
        ),
        "another activity": pack_of(test={"exchanges": {**_EXCHANGES, "per_account": 29}}),
        "an expectation": pack_of(test={"expect": "no finding"}),
        "actions": pack_of(_RESPONSE, test={"actions": "none"}),
        "a declared field": pack_of(_FIELD, select={"task": {"Host|exists": True}}),
    }


def told(result: Any) -> tuple[str, list[tuple[str, tuple[str, ...]]]]:
    return result.came, [(fault.message, fault.why) for fault in result.faults]


def test_kept_trials_say_what_new_ones_say_in_any_order() -> None:
    packs = variants()
    with KeptTrials() as trials:
        for name in [*packs, *reversed(packs), *packs]:
            (policy,) = packs[name].policies
            (test,) = policy.tests
            fresh = try_out(packs[name], policy, test)
            assert told(trials.result(packs[name], policy, test)) == told(fresh), name
        # What a trial is kept by is its activity, the fields read of it, and how it is linked.
        assert len(trials) == 3


def test_only_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    original = KeptTrials._let_go

    def let_go(trials: KeptTrials) -> None:
        read.append(len(trials))
        original(trials)

    monkeypatch.setattr(KeptTrials, "_let_go", let_go)
    with KeptTrials(many=2) as trials:
        for number in range(1, 5):
            pack = pack_of(test={"exchanges": {**_EXCHANGES, "per_account": number}})
            (policy,) = pack.policies
            assert trials.result(pack, policy, policy.tests[0]).came == "no finding"
        assert len(trials) == 2
    assert read == [3, 3, 2, 1]


def test_the_moment_judged_from_belongs_to_the_activity() -> None:
    later = {"as_of": AS_OF.replace("06-05", "06-20")}
    exchanges = {**_EXCHANGES, "start": "2026-06-03T12:00Z"}
    with KeptTrials() as trials:
        for test, came in (({}, "finding"), (later, "no finding")):
            pack = pack_of(test={**test, "exchanges": exchanges})
            (policy,) = pack.policies
            assert trials.result(pack, policy, policy.tests[0]).came == came
