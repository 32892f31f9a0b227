"""The examples in the checks' docstrings, and what goes beyond them."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace

import pytest
import yaml
from small_pack import ADDENDUM, DOCUMENTS, as_yaml, load

from engine.language.checks import ALONE, CHECKS, TOGETHER
from engine.language.checks.problem import Check
from engine.language.diagnostic import Diagnostics
from engine.language.draft import Draft, read_draft
from engine.language.source_text import SourceText
from engine.language.two_processes import bare
from engine.language.yaml_reading import documents

_EXAMPLE = re.compile(r"^(Accepted|Refused):\n\n((?:    .*\n|\n)+)", re.MULTILINE)


def _examples(check: Check) -> dict[str, str]:
    return {
        kind: textwrap.dedent(text) for kind, text in _EXAMPLE.findall((check.__doc__ or "") + "\n")
    }


def _completed(example: str) -> list[str]:
    """Return the documents of an example, the keys it leaves out taken from the small pack.

    Documents of the small pack that have no namesake in the example stay as they are.
    """
    written = list(yaml.safe_load_all(example))
    names = {next(iter(data.items())) for data in written if next(iter(data)) in DOCUMENTS}
    bases = {kind: yaml.safe_load(text) for kind, text in DOCUMENTS.items()}
    others = [base for kind, base in bases.items() if (kind, base[kind]) not in names]
    bases["addendum"] = yaml.safe_load(ADDENDUM)
    return [as_yaml(data) for data in others] + [
        as_yaml({**bases.get(next(iter(data)), {}), **data}) for data in written
    ]


def _found(check: Check, example: str) -> list[str]:
    diagnostics = load(*_completed(example)).diagnostics
    unread = [found for found in diagnostics if found.code < "EX300"]
    assert unread == []
    return [found.message for found in diagnostics if found.code == check.ID]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.rpartition(".")[2])
def test_examples_of_a_check_are_accepted_and_refused(check: Check) -> None:
    examples = _examples(check)
    assert _found(check, examples["Accepted"]) == []
    assert len(_found(check, examples["Refused"])) == 1


def test_checks_stand_in_order_of_their_ids() -> None:
    ids = [check.ID for check in CHECKS]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("check", ALONE, ids=lambda check: check.__name__.rpartition(".")[2])
def test_a_check_that_judges_policies_alone_finds_all_in_each(check: Check) -> None:
    draft = _draft(*_examples(check).values())
    apart = [replace(draft, policies=(one,), kept={}) for one in draft.policies]
    in_each = {problem for alone in apart for problem in check.check(alone)}
    assert len(apart) > 1
    assert in_each
    assert sorted(map(str, in_each)) == sorted(map(str, set(check.check(draft))))


@pytest.mark.parametrize("check", TOGETHER, ids=lambda check: check.__name__.rpartition(".")[2])
def test_a_check_that_judges_policies_together_needs_no_more_than_is_handed_on(
    check: Check,
) -> None:
    draft = _draft(_examples(check)["Refused"])
    handed_on = tuple(replace(one, reading=bare(one.reading)) for one in draft.policies)
    found = list(check.check(replace(draft, policies=handed_on, kept={})))
    assert found
    assert found == list(check.check(draft))


def _draft(*examples: str) -> Draft:
    """Return the draft of the documents of examples, put together."""
    written = [document for text in examples for document in _completed(text)]
    texts = [SourceText(str(number), document) for number, document in enumerate(written)]
    problems = Diagnostics()
    return read_draft((one for text in texts for one in documents(text, problems)), problems)


def _codes(*documents: str) -> list[str]:
    return [found.code for found in load(*documents).diagnostics if found.code >= "EX300"]


def _changed(kind: str, **keys: object) -> str:
    return as_yaml({**yaml.safe_load(DOCUMENTS[kind]), **keys})


def _with(*documents: str) -> list[str]:
    """Return the small pack with documents of these kinds in place of its own."""
    kinds = {next(iter(yaml.safe_load(text))) for text in documents}
    return [text for kind, text in DOCUMENTS.items() if kind not in kinds] + list(documents)


def test_the_small_pack_is_without_fault() -> None:
    assert load(*DOCUMENTS.values()).diagnostics == ()


def test_a_clause_twice_in_one_version_is_refused() -> None:
    clause = {"id": "scraping", "section": "1", "summary": "s", "url": "u"}
    version = {"version": "1", "effective": "2025-01-01", "clauses": [clause, clause]}
    assert _codes(*_with(_changed("terms", versions=[version]))) == ["EX305"]


def test_a_policy_is_taken_up_through_another() -> None:
    other = _changed("policy", policy="pool", behaviour="resale")
    taking = _changed("policy", when=[{"events": 1}, {"findings": {"behaviour": "resale"}}])
    assert _codes(*_with(taking, other)) == []
    assert _codes(*_with(_changed("policy"), other)) == ["EX405"]


def test_a_response_may_ask_for_any_of_several_findings() -> None:
    anyone = {"any": [{"findings": {"behaviour": "resale"}}, {"finding": "harness"}]}
    assert _codes(*_with(_changed("response", when=anyone))) == []
    nobody = {"any": [{"findings": {"behaviour": "resale"}}, {"findings": {"axis": "access"}}]}
    assert _codes(*_with(_changed("response", when=nobody))) == ["EX405", "EX404"]


@pytest.mark.parametrize(
    ("compared", "codes"),
    [
        ({"gte": 1}, []),
        ({"gt": 1}, ["EX311"]),
        ({"lte": 0}, []),
        ({"lt": 0}, ["EX311"]),
        ({"lte": 1}, ["EX311"]),
        ({"gte": 0}, ["EX311"]),
        ({"eq": 2}, ["EX311", "EX429"]),
        ({"neq": 2}, ["EX311", "EX429"]),
        ({"neq": 1}, []),
        ({"gte": 0.2, "lte": 0.2}, []),
        ({"gt": 0.2, "lte": 0.2}, ["EX312"]),
        ({"eq": 0.2, "gte": 0.3}, ["EX429", "EX312"]),
        ({"lt": 0.5, "gt": 0.6, "lte": 0.9}, ["EX312"]),
    ],
)
def test_thresholds_are_held_against_what_a_share_can_be(
    compared: dict[str, float], codes: list[str]
) -> None:
    signals = {"part": {"share": "demands", "min_of": 100, "window": "7d"}}
    written = _changed("policy", signals=signals, when={"part": compared}, explain="{part}")
    assert _codes(*_with(written)) == codes
