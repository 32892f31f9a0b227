"""A line imports what it needs, and the parser knows every command all the same."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engine.cli.main import COMMANDS, build_parser
from engine.cli.policy import VERBS

HEAVY = {"duckdb", "sqlglot", "scipy", "numpy", "sqlalchemy", "rich", "durable", "asyncio"}

_LINE = """
import sys
from engine.cli.main import main
code = main(sys.argv[1:])
print(*sorted({name.partition(".")[0] for name in sys.modules}))
sys.exit(code)
"""


def test_a_check_imports_nothing_that_computes() -> None:
    line = [sys.executable, "-c", _LINE, "policy", "check"]
    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    imported = set(said.splitlines()[-1].split())
    assert "yaml" in imported
    assert imported & HEAVY == set()


def test_help_knows_every_command_and_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    for line, names in ((["--help"], COMMANDS), (["policy", "--help"], VERBS)):
        with pytest.raises(SystemExit):
            build_parser().parse_args(line)
        shown = capsys.readouterr().out.split()
        assert [name for name in names if name not in shown] == []


def test_one_parser_takes_different_lines() -> None:
    parser = build_parser()
    for verb in ("check", "compile", "check"):
        assert parser.parse_args(["policy", verb]).command.__module__ == VERBS[verb]


def test_commands_have_the_names_under_which_they_are_found() -> None:
    for verb in VERBS:
        with pytest.raises(SystemExit) as ended:
            build_parser().parse_args(["policy", verb, "--help"])
        assert ended.value.code == 0
