from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import broken_workers
import pytest
from deciding import ACCOUNT
from random_packs import trial

from engine.decide import adapter
from engine.decide.compile import compile_kind
from engine.decide.definition import definition
from engine.decide.encode import encode
from engine.decide.program import Bound, End, NodePattern, NumberPattern, Rule, Ruleset


def ask(target: Callable[[Connection], None], question: object) -> object:
    """Send something to a process of its own; return its answer."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs,))
    process.start()
    with ours, theirs:
        theirs.close()
        try:
            ours.send(question)
            assert ours.poll(60)
            return ours.recv()
        finally:
            process.kill()
            process.join()
            process.close()


RULESET = Ruleset(
    (
        Rule("n1", (NumberPattern("s1", (Bound(End.LOW, 1e-9, strict=False),)),), "policy `x`"),
        Rule(
            "p0+",
            (
                NodePattern("n1"),
                NumberPattern(
                    "s2",
                    (Bound(End.LOW, 2.0, strict=True), Bound(End.HIGH, 5.0, strict=True)),
                ),
            ),
            "policy `x`",
        ),
    ),
    (0, 0),
)


def test_definitions_stay_in_the_safe_subset() -> None:
    assert json.loads(encode(definition(RULESET))) == {
        "r0": {
            "all": [
                {
                    "x0": {
                        "$and": [
                            {"kind": "number"},
                            {"name": "s1"},
                            {"$ex": {"low": 1}},
                            {"$gte": {"low": 1e-9}},
                        ]
                    }
                }
            ]
        },
        "r1": {
            "all": [
                {"x0": {"$and": [{"kind": "node"}, {"name": "n1"}]}},
                {
                    "x1": {
                        "$and": [
                            {"kind": "number"},
                            {"name": "s2"},
                            {"$ex": {"low": 1}},
                            {"$gt": {"low": 2.0}},
                            {"$ex": {"high": 1}},
                            {"$lt": {"high": 5.0}},
                        ]
                    }
                },
            ]
        },
        "warm": {"all": [{"x0": {"kind": "warm-up"}}]},
    }


def test_the_order_of_facts_does_not_matter() -> None:
    rng = Random(3)
    for made in (trial(rng, 1) for _ in range(4)):
        compiled = compile_kind(made.pack.policies, (), ACCOUNT)
        if compiled is None:
            continue
        ruleset = compiled.program.stages[0].rulesets[0]
        numbers = {name: made.subjects[0][0].get(name, (0.0, 1.0)) for name in ruleset.numbers}
        results = ask(broken_workers.shuffling, (ruleset, numbers))
        assert isinstance(results, set)
        assert len(results) == 1


def test_what_the_engine_refuses_is_an_error() -> None:
    answers = ask(broken_workers.refused, RULESET)
    assert answers == [
        "RulesError: the rules engine answered 2 to a fact",
        "EncodingError: the rules engine cannot be given float inf",
        "RulesError: a ruleset fired more than 1 times for one subject",
    ]


def test_nothing_but_a_worker_loads_the_extension() -> None:
    engine = Path(adapter.__file__).parents[1]
    importers = [
        path.relative_to(engine).as_posix()
        for path in sorted(engine.rglob("*.py"))
        if "durable_rules_engine" in path.read_text(encoding="utf-8")
    ]
    assert importers == ["decide/adapter.py"]
    code = (
        "import sys, engine.decide.decide, engine.decide.worker, engine.decide.adapter\n"
        "assert not [name for name in sys.modules if name.startswith('durable')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_worker_loads_nothing_heavy() -> None:
    code = (
        "import sys, engine.decide.worker\n"
        "heavy = {'numpy', 'duckdb', 'sqlalchemy', 'yaml', 'rich', 'textual'}\n"
        "assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.skipif(not hasattr(sys, "setdlopenflags"), reason="dlopen flags are POSIX")
def test_the_extension_is_bound_lazily_where_a_symbol_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = sys.getdlopenflags()
    seen: list[tuple[str, int]] = []

    def import_module(name: str) -> object:
        seen.append((name, sys.getdlopenflags()))
        return object()

    monkeypatch.setattr(importlib, "import_module", import_module)
    for version, flags in (((3, 12, 1), before), ((3, 13, 0), os.RTLD_LAZY)):
        monkeypatch.setattr(sys, "version_info", version)
        adapter.load()
        assert seen.pop() == ("durable_rules_engine", flags)
        assert sys.getdlopenflags() == before
