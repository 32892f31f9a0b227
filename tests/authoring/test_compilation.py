"""What the shipped pack compiles to, held still: a change of plan, SQL or rulesets shows in a diff.

EXCISE_WRITE_GOLDEN=1 writes the files anew. They are made without an engine, so they are the same
whatever DuckDB is installed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.authoring.compilation import compiled_text
from engine.language.load import find_rules, require_pack
from engine.language.model.pack import Pack

GOLDEN = Path(__file__).parents[1] / "golden" / "compile"
PARTS = {"plan": "plan.txt", "sql": "statements.sql", "rulesets": "rulesets.txt"}
_HEADING = re.compile(r"^# (plan|sql|rulesets)\n", re.MULTILINE)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return require_pack(find_rules())


@pytest.fixture(scope="module")
def compiled(pack: Pack) -> dict[str, str]:
    """Return the parts of the text by their headings."""
    before, *parts = _HEADING.split(compiled_text(pack, frozenset()))
    assert before == ""
    return {name: f"{text.rstrip()}\n" for name, text in zip(parts[::2], parts[1::2], strict=True)}


@pytest.mark.parametrize("part", PARTS)
def test_the_shipped_pack_compiles_to_what_it_did(part: str, compiled: dict[str, str]) -> None:
    path = GOLDEN / PARTS[part]
    if os.environ.get("EXCISE_WRITE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(compiled[part], encoding="utf-8")
    assert compiled[part] == path.read_text(encoding="utf-8")
    assert set(compiled) == set(PARTS)


def test_the_order_of_policies_makes_no_difference(pack: Pack) -> None:
    turned = replace(pack, policies=tuple(reversed(pack.policies)))
    assert compiled_text(turned, frozenset()) == compiled_text(pack, frozenset())


def test_neither_does_the_seed_of_hashes(pack: Pack) -> None:
    name = pack.policies[0].name
    command = [sys.executable, "-m", "engine.cli.main", "policy", "compile", name]
    environment = {**os.environ, "PYTHONHASHSEED": "4242"}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.rstrip() == compiled_text(pack, frozenset({name})).rstrip()
