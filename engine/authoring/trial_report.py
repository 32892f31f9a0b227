"""The results of policy tests for machines: JSON, and the XML that CI servers read (JUnit's)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from engine.authoring.trial import TestResult

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped."""


def as_json(results: Sequence[TestResult]) -> str:
    """Return the results as a JSON array in the order of the pack."""
    return json.dumps([_data(result) for result in results], indent=2)


def as_junit(results: Sequence[TestResult]) -> str:
    """Return one test suite a policy, one test case a test; a failure says what came."""
    failed = sum(not result.passed for result in results)
    root = Element("testsuites", name="excise", tests=str(len(results)), failures=str(failed))
    for policy, group in groupby(results, key=lambda result: result.policy.name):
        mine = list(group)
        failures = str(sum(not result.passed for result in mine))
        suite = SubElement(
            root, "testsuite", name=policy, tests=str(len(mine)), failures=failures, errors="0"
        )
        for result in mine:
            _case(suite, result)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode")


def _case(suite: Element, result: TestResult) -> None:
    span = result.test.span
    case = SubElement(
        suite,
        "testcase",
        name=_shown(result.test.name),
        classname=result.policy.name,
        file=_shown(span.file),
        line=str(span.line),
    )
    if not result.passed:
        message = "; ".join(fault.message for fault in result.faults)
        failure = SubElement(case, "failure", message=_shown(message))
        failure.text = _shown("\n".join(fault_lines(result)))


def fault_lines(result: TestResult) -> Iterator[str]:
    """Yield what was expected where, what came, and what decided it."""
    for fault in result.faults:
        yield f"{fault.span}: {fault.message}"
        yield from fault.why


def _shown(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _data(result: TestResult) -> dict[str, object]:
    return {
        "policy": result.policy.name,
        "test": result.test.name,
        "file": result.test.span.file,
        "line": result.test.span.line,
        "expected": result.test.expect or {g.group: g.verdict for g in result.test.groups},
        "came": result.came,
        "passed": result.passed,
        "why": "\n".join(line for fault in result.faults for line in fault.why),
        "faults": [
            {
                "file": fault.span.file,
                "line": fault.span.line,
                "column": fault.span.column,
                "message": fault.message,
                "why": list(fault.why),
            }
            for fault in result.faults
        ],
    }
