"""`excise policy`: the policy author's tools, one file a verb."""

from __future__ import annotations

from typing import cast

from engine.cli.parser import Commands, Parser

VERBS = {
    "check": "engine.cli.policy.check",
    "test": "engine.cli.policy.test",
    "coverage": "engine.cli.policy.coverage",
    "explain": "engine.cli.policy.explain",
    "diff": "engine.cli.policy.diff",
    "docs": "engine.cli.policy.docs",
    "init": "engine.cli.policy.init",
    "new": "engine.cli.policy.new",
    "watch": "engine.cli.policy.watch",
    "backtest": "engine.cli.policy.backtest",
    "sweep": "engine.cli.policy.sweep",
    "compile": "engine.cli.policy.compiling",
    "promote": "engine.cli.policy.promote",
    "import-sigma": "engine.cli.policy.import_sigma",
    "schema": "engine.cli.policy.schema",
    "explain-code": "engine.cli.explain_code",
}
"""The modules of the verbs, in the order of the help."""


def add_to(commands: Commands) -> None:
    """Add the command group."""
    group = cast("Parser", commands.add_parser("policy", help="the policy author's tools"))
    group.defer(VERBS, metavar="VERB")
