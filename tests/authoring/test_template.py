"""A new policy is a draft that passes the checks and its own tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.authoring.template import new_policy
from engine.authoring.trial import run_tests
from engine.language.load import find_rules, load_texts
from engine.language.words import Axis, Behaviour, Status, SubjectKind


@pytest.mark.parametrize("subject", SubjectKind)
def test_a_new_policy_is_sound_and_its_tests_pass(subject: SubjectKind) -> None:
    text = new_policy(
        "night-shift",
        behaviour=Behaviour.DISTILLATION,
        axis=Axis.CONTENT,
        subject=subject,
        clause="usage-policy/model-scraping",
        owner="trust-and-safety",
    )
    root = find_rules()
    files = {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(Path(root).rglob("*.yaml"))
    }
    loaded = load_texts({**files, "policies/night-shift.yaml": text.encode()})
    assert loaded.diagnostics == ()
    assert loaded.pack is not None
    written = next(one for one in loaded.pack.policies if one.name == "night-shift")
    assert written.status is Status.DRAFT
    results = list(run_tests(loaded.pack, frozenset({"night-shift"})))
    assert {result.test.expect for result in results} == {
        "finding",
        "no finding",
        "indeterminate",
    }
    assert [(result.test.name, result.came) for result in results if not result.passed] == []
