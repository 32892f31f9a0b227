"""The examples in the checks' docstrings, and what goes beyond them."""

from __future__ import annotations

import re
import textwrap

import pytest
import yaml
from small_pack import DOCUMENTS, as_yaml, load

from engine.language.checks import CHECKS
from engine.language.checks.problem import Check

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
    names = {next(iter(data.items())) for data in written}
    bases = {kind: yaml.safe_load(text) for kind, text in DOCUMENTS.items()}
    others = [base for kind, base in bases.items() if (kind, base[kind]) not in names]
    return [as_yaml(data) for data in others] + [
        as_yaml({**bases[next(iter(data))], **data}) for data in written
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
