"""A policy and its activity as an author writes them, judged by the code of a run."""

from __future__ import annotations

import json
from typing import Any

from engine.activity.workspace import Workspace
from engine.authoring.closure import isolate
from engine.authoring.trial import Trial, try_out
from engine.decide.compile import signal_keys
from engine.decide.crew import Crew
from engine.decide.lane import Orders
from engine.language.load import load_texts
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.render import render_text
from engine.signals.facts import Fact

AS_OF = "2026-06-05T00:00Z"

_PACK = {
    "pack": "authored",
    "version": "1",
    "owners": ["trust-and-safety"],
    "guardrails": {"per_run": {"terminate": {"accounts": 10}}},
}
_CLAUSE = {"id": "scraping", "section": "1", "summary": "no scraping", "url": "https://example.com"}
_TERMS = {
    "terms": "usage-policy",
    "title": "Usage policy",
    "versions": [{"version": "1", "effective": "2020-01-01", "clauses": [_CLAUSE]}],
}
_POLICY = {
    "policy": "authored",
    "title": "A policy of a test",
    "version": 1,
    "status": "review",
    "owner": "trust-and-safety",
    "behaviour": "distillation",
    "axis": "content",
    "severity": "low",
    "clauses": ["usage-policy/scraping"],
    "subject": "account",
    "explain": "found",
}


_CREW: list[Crew] = []


def crew() -> Crew:
    """Return the worker that the tests of a module share."""
    if not _CREW:
        _CREW.append(Crew(Orders("authored")).__enter__())
    return _CREW[0]


def dismiss() -> None:
    """End that worker."""
    while _CREW:
        _CREW.pop().__exit__(None, None, None)


def written(
    test: dict[str, Any] | None = None, *others: dict[str, Any], **keys: object
) -> tuple[Pack, Policy]:
    """Return a pack of one policy with these keys, and the policy; it must be without errors."""
    if test is not None:
        keys["tests"] = [{"name": "t", "as_of": AS_OF, "expect": "finding", **test}]
    documents = (_PACK, _TERMS, {**_POLICY, **keys}, *others)
    texts = {f"{n}.yaml": json.dumps(one).encode() for n, one in enumerate(documents)}
    loaded = load_texts(texts)
    assert loaded.pack is not None, render_text(loaded.diagnostics, loaded.sources)
    return loaded.pack, loaded.pack.policies[0]


def came(test: dict[str, Any], **keys: object) -> str:
    """Return `finding`, `no finding` or `indeterminate`: what comes of a test's activity."""
    pack, policy = written({"accounts": {}, **test}, **keys)
    return try_out(pack, policy, policy.tests[0], crew()).came


def measured(test: dict[str, Any], signal: dict[str, Any] | str, **keys: object) -> dict[str, Fact]:
    """Return the fact of one signal for every subject that a test's activity makes."""
    asked = {"signals": {"it": signal}, "when": {"it": {"gt": 0.123}}, **keys}
    pack, policy = written({"accounts": {}, **test}, **asked)
    key = signal_keys(policy)["it"]
    with Workspace(threads=1) as workspace:
        trial = Trial(workspace, pack, policy.tests[0])
        table = trial.judged(isolate(pack, policy), crew()).evaluation.tables[policy.subject]
    return {subject: table.facts(row, (key,))[key] for row, subject in enumerate(table.subjects)}


def ends(test: dict[str, Any], signal: dict[str, Any] | str, **keys: object) -> tuple[float, float]:
    """Return the smallest and largest value of a signal for the only subject there is."""
    (fact,) = measured(test, signal, **keys).values()
    return fact.low, fact.high
