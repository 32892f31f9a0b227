"""Results of policy tests as JSON and as JUnit's XML, whatever a test is called."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree.ElementTree import fromstring

from hypothesis import given
from hypothesis import strategies as st

from engine.authoring.expected import Fault
from engine.authoring.trial import TestResult
from engine.authoring.trial_report import as_json, as_junit
from engine.language.load import find_rules, require_pack

PACK = require_pack(find_rules())


@given(st.lists(st.tuples(st.text(), st.booleans()), max_size=4))
def test_both_say_what_came(named: list[tuple[str, bool]]) -> None:
    policy = PACK.policies[0]
    test = policy.tests[0]
    fault = Fault(test.expect_span, "expected finding, came no finding", ("account a:", "  no"))
    results = [
        TestResult(policy, replace(test, name=name), "finding", () if passed else (fault,))
        for name, passed in named
    ]
    data = json.loads(as_json(results))
    assert [(one["test"], one["passed"]) for one in data] == named
    suites = fromstring(as_junit(results).encode())  # noqa: S314 - our own text
    failed = sum(not passed for _, passed in named)
    assert (suites.get("tests"), suites.get("failures")) == (str(len(named)), str(failed))
    cases = suites.findall("testsuite/testcase")
    told = f"{test.expect_span}: {fault.message}\naccount a:\n  no"
    assert {one.findtext("failure") for one in cases if one.find("failure") is not None} <= {told}
    assert [one.find("failure") is None for one in cases] == [passed for _, passed in named]
    assert all(one.get("file") and int(one.get("line", "0")) > 0 for one in cases)
