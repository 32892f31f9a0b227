"""Policies on declared fields, tried by their own tests: selections, keywords, measures."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from engine.authoring.trial import run_tests
from engine.language.load import load_texts
from engine.language.model.pack import Pack

DECLARED = {
    "EventID": "any", "Bytes": "any", "CommandLine": "text",
    "winlog.user": {"type": "identifier", "absent": "unknown"},
}  # fmt: skip
CLAUSE = {"id": "c", "section": "1", "summary": "S", "url": "https://example.org"}
VERSION = {"version": "1", "effective": "2020-01-01", "clauses": [CLAUSE]}


def pack_of(signal: dict[str, Any], when: dict[str, Any], **exchanges: Any) -> Pack:
    """Return a pack with a policy whose one test sends some exchanges."""
    test = {
        "name": "t", "as_of": "2026-06-05T00:00Z", "accounts": {"count": 1},
        "exchanges": exchanges, "expect": "finding",
    }  # fmt: skip
    policy = {
        "policy": "x", "title": "T", "version": 1, "status": "shadow", "owner": "me",
        "behaviour": "evasion", "axis": "access", "severity": "low", "clauses": ["t/c"],
        "subject": "account", "signals": {"n": signal}, "when": {"all": [{"n": when}]},
        "explain": "{n}", "tests": [test],
    }  # fmt: skip
    documents = [
        {"pack": "p", "version": "1", "owners": ["me"]},
        {"terms": "t", "title": "T", "versions": [VERSION]},
        {"fields": "f", "of": "exchanges", "declare": DECLARED},
        policy,
    ]
    loaded = load_texts({"p.yaml": yaml.safe_dump_all(documents, sort_keys=False).encode()})
    assert loaded.pack is not None, loaded.diagnostics
    return loaded.pack


@pytest.mark.parametrize(
    ("selection", "values", "came"),
    [
        ({"EventID": 4625}, {"EventID": "4625"}, "finding"),
        ({"EventID": 4625}, {"EventID": 4624}, "no finding"),
        ({"EventID": 4625}, {"prompt": "x"}, "no finding"),
        ({"CommandLine|contains": "WHOAMI"}, {"CommandLine": "{n} whoami"}, "finding"),
        ({"winlog.user": "Ann"}, {"winlog.user": "Ann"}, "finding"),
        ({"winlog.user": "Ann"}, {"winlog.user": "ann"}, "no finding"),
        ({"winlog.user": "Ann"}, {"prompt": "x"}, "indeterminate"),
        ({"keywords": ["mimikatz", "lsass.exe"]}, {"CommandLine": "a MIMIKATZ"}, "finding"),
        ({"keywords": ["mimikatz", "lsass.exe"]}, {"prompt": "lsass.exe"}, "finding"),
        ({"keywords": ["mimikatz"]}, {"CommandLine": "katz"}, "no finding"),
        ({"keywords|all": ["a", "b"]}, {"CommandLine": "a", "prompt": "b"}, "finding"),
        ({"keywords|all": ["a", "b"]}, {"CommandLine": "a", "prompt": "a"}, "no finding"),
    ],
)
def test_a_policy_selects_on_declared_fields(
    selection: dict[str, Any], values: dict[str, Any], came: str
) -> None:
    pack = pack_of({"count": selection}, {"gte": 1}, **values)
    assert [result.came for result in run_tests(pack)] == [came]


@pytest.mark.parametrize(
    ("signal", "value"),
    [
        ({"sum": "Bytes"}, 4), ({"mean": "Bytes"}, 2), ({"max": "Bytes"}, 2.5),
        ({"distinct": "Bytes"}, 3), ({"top_share": "EventID"}, 1), ({"entropy": "EventID"}, 0),
        ({"distinct": "winlog.user"}, 3),
    ],
)  # fmt: skip
def test_a_signal_measures_declared_fields(signal: dict[str, Any], value: float) -> None:
    values = {"Bytes": [1.5, "2.5", "junk"], "EventID": 1, "winlog.user": "u{n}"}
    pack = pack_of(signal, {"eq": value}, per_account=3, every="1h", **values)
    assert [result.came for result in run_tests(pack)] == ["finding"]
