"""Commands answer mistakes with a line that helps and a documented exit code, never a traceback."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.errors import ExitCode
from engine.language.load import find_rules

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EXCISE_DB", raising=False)


def said(capsys: Captured) -> str:
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err + captured.out
    return captured.err + captured.out


def failed(*arguments: str) -> int:
    with pytest.raises(SystemExit) as exited:
        main(arguments)
    return int(exited.value.code or 0)


@pytest.mark.parametrize("line", [[], ["run"], ["nonsense"], ["cases", "decide", "x", "perhaps"]])
def test_a_line_that_makes_no_sense(line: list[str], capsys: Captured) -> None:
    assert failed(*line) == ExitCode.USAGE
    assert "usage: excise" in said(capsys)


def test_help_tells_the_exit_codes(capsys: Captured) -> None:
    assert failed("--help") == ExitCode.OK
    assert "6 tampered" in " ".join(said(capsys).split())


def test_activity_that_is_not_there(capsys: Captured) -> None:
    assert main(["run", "--activity", "nowhere", "--dry-run"]) == ExitCode.BAD_DATA
    assert "nowhere" in said(capsys)


def test_an_unknown_source_names_those_there_are(capsys: Captured) -> None:
    line = ["run", "--activity", ".", "--source", "bedrok", "--dry-run"]
    assert main(line) == ExitCode.USAGE
    assert "bedrock" in said(capsys)


def test_a_time_that_is_none(capsys: Captured) -> None:
    assert failed("run", "--activity", ".", "--as-of", "yesterday") == ExitCode.USAGE
    assert "`yesterday` is not a time" in said(capsys)


ESC = "\x1b[2J\x9b1m\u202e"
HOSTILE_LINES = [
    [ESC],
    ["run", "--activity", ESC, "--dry-run"],
    ["run", "--activity", "x", "--as-of", ESC],
    ["run", "--activity", "x", "--rules", ESC],
    ["run", "--activity", "x", "--memory", ESC],
    ["run", "--activity", "x", "--no-such-option", ESC],
    ["cases", "list", "--db", f"sqlite:///{ESC}.db"],
    ["cases", "show", ESC, "--db", "none.db"],
    ["audit", "verify", "--expect", ESC],
    ["audit", "verify", "--db", ESC],
]


@pytest.mark.parametrize("line", HOSTILE_LINES)
def test_no_argument_reaches_the_terminal_raw(line: list[str], capsys: Captured) -> None:
    try:
        code = main(line)
    except SystemExit as exited:
        code = int(exited.code or 0)
    assert code != ExitCode.OK
    assert not set(said(capsys)) & set(ESC) - set("[2J1m")


def test_text_that_the_locale_cannot_read(capsys: Captured) -> None:
    assert failed("cases", "show", "caf\udce9") == ExitCode.USAGE
    assert "not valid text" in said(capsys)


@pytest.mark.parametrize("size", ["lots", "1", "1KB'; DROP", "-1GB", ""])
def test_an_amount_of_memory_that_is_none(size: str, capsys: Captured) -> None:
    assert failed("run", "--activity", ".", f"--memory={size}") == ExitCode.USAGE
    assert "1500MB" in said(capsys)


@pytest.mark.parametrize("end", ["--until", "--as-of"])
def test_a_period_that_ends_before_it_begins(end: str, capsys: Captured) -> None:
    line = ["run", "--activity", ".", "--since", "2026-06-05", end, "2026-06-04"]
    assert main(line) == ExitCode.USAGE
    assert f"{end} is before --since" in said(capsys)


@pytest.mark.parametrize("root", ["9f3c", "0" * 63, "0" * 65])
def test_a_root_that_was_cut_is_no_tampering(root: str, capsys: Captured) -> None:
    assert main(["audit", "verify", "--expect", f"48213:{root}"]) == ExitCode.USAGE
    assert "64 digits" in said(capsys)


def test_an_empty_setting_is_none(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXCISE_DB", "")
    assert main(["cases", "list"]) == ExitCode.BAD_CONFIG
    assert "excise.db" in said(capsys)


def test_a_ledger_that_is_not_there(capsys: Captured) -> None:
    for line in (["cases", "list"], ["actions", "export"], ["findings", "export"]):
        assert main([*line, "--db", "sqlite:///none.db"]) == ExitCode.BAD_CONFIG
        assert "none.db" in said(capsys)


def test_a_file_that_is_no_ledger_does_not_verify(capsys: Captured) -> None:
    Path("ledger.db").write_bytes(b"not a database" * 100)
    assert main(["audit", "verify", "--db", "sqlite:///ledger.db"]) == ExitCode.TAMPERED
    assert "BROKEN" in said(capsys)


def test_every_mistake_of_a_pack_is_shown(tmp_path: Path, capsys: Captured) -> None:
    shutil.copytree(find_rules(), tmp_path / "rules")
    policy = tmp_path / "rules/policies/evasion/even-load.yaml"
    text = policy.read_text().replace("severity: medium", "severity: mediun")
    policy.write_text(text.replace("owner:", "ownr:"))
    assert main(["policy", "check", "rules"]) == ExitCode.FINDINGS
    shown = said(capsys)
    assert "did you mean `medium`" in shown
    assert "`ownr`" in shown
    assert "even-load.yaml:" in shown
    assert main(["policy", "check", "rules", "--format", "json"]) == ExitCode.FINDINGS
    assert len(json.loads(said(capsys))) >= 2
    assert main(["run", "--rules", "rules", "--activity", ".", "--dry-run"]) == ExitCode.BAD_CONFIG
    assert "ownr" in said(capsys)


def test_the_shipped_pack_is_clean(capsys: Captured) -> None:
    assert main(["policy", "check"]) == ExitCode.OK
    assert "warning" not in said(capsys)


def test_a_policy_that_is_not_there(capsys: Captured) -> None:
    assert main(["policy", "test", "even-lode"]) == ExitCode.USAGE
    assert "even-load" in said(capsys)


def test_compile_prints_plan_sql_and_rulesets(capsys: Captured) -> None:
    assert main(["policy", "compile", "logit-sweep"]) == ExitCode.OK
    shown = said(capsys)
    assert all(f"# {part}\n" in shown for part in ("plan", "sql", "rulesets"))
    assert "even-load" not in shown
    assert main(["policy", "compile", "logit-sweep"]) == ExitCode.OK
    assert said(capsys) == shown
    assert main(["policy", "compile", "logit-sweep", "--plan"]) == ExitCode.OK
    assert shown.startswith(f"# plan\n{said(capsys)}\n# sql\n")
