"""`--profile`, through the commands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.errors import ExitCode
from engine.ledger.store import Ledger

Captured = pytest.CaptureFixture[str]
RUN = ["run", "--activity", "exchanges.jsonl"]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EXCISE_DB", raising=False)
    lines = (
        f'{{"event_id": "e{n}", "account_id": "a{n % 3}", "ts": "2026-06-01T{n:02d}:00:00Z", '
        '"model": "m"}\n'
        for n in range(9)
    )
    Path("exchanges.jsonl").write_text("".join(lines))


def test_a_profile_stands_beside_what_a_run_records(capsys: Captured) -> None:
    told, kept = [], []
    for name, more in (("plain", []), ("timed", ["--profile", "p.json"])):
        db = f"sqlite:///{name}.db"
        assert main([*RUN, "--json", "--db", db, *more]) == ExitCode.OK
        told.append(json.loads(capsys.readouterr().out))
        with Ledger.open(db) as ledger:
            record = ledger.run(told[-1]["run_id"])
        assert record is not None
        kept.append(replace(record, recorded_us=0))
    assert kept[0] == kept[1]
    assert told[1].pop("profile") == json.loads(Path("p.json").read_text())
    for one in told:
        one["recorded"].pop("log_root")  # of a log that knows when it was begun
    assert told[0] == told[1]


def test_the_tables_name_steps_and_policies(capsys: Captured) -> None:
    assert main([*RUN, "--dry-run", "--profile", "p.json"]) == ExitCode.OK
    said = capsys.readouterr().out
    for line in ("reading activity ", "measuring account gaps ", "deciding ", "in all "):
        assert f"\n{line}" in said
    assert "\nlogit-sweep " in said.split("\npolicy ")[-1]
    assert main(["policy", "compile", "--plan", "--profile", "p.json"]) == ExitCode.OK
    again = capsys.readouterr().out
    took = {one["step"]: one["seconds"] for one in json.loads(Path("p.json").read_text())["steps"]}
    assert f"\n  account gaps  {took['measuring account gaps']:.3f} s\n" in again
    assert said.split("\npolicy ")[-1] == again.split("\npolicy ")[-1]


def test_the_plan_is_the_one_that_the_run_carried_out(capsys: Captured) -> None:
    assert main([*RUN, "--dry-run", "--profile", "p.json"]) == ExitCode.OK
    capsys.readouterr()
    assert main(["policy", "compile", "--plan"]) == ExitCode.OK
    assert "  prompt  one condition" in capsys.readouterr().out
    assert main(["policy", "compile", "--plan", "--profile", "p.json"]) == ExitCode.OK
    assert "  prompt  one condition" not in capsys.readouterr().out  # no row supplied a prompt


def test_a_run_that_was_recorded_before_says_that_it_measured_nothing(capsys: Captured) -> None:
    assert main([*RUN, "--profile", "p.json"]) == ExitCode.OK
    assert main([*RUN, "--profile", "p.json"]) == ExitCode.OK
    assert "nothing was measured: the run was recorded before" in capsys.readouterr().out
    assert main(["policy", "compile", "--plan", "--profile", "p.json"]) == ExitCode.OK
    assert "nothing was measured" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["nowhere/p.json", "."])
def test_a_file_that_cannot_be_written_is_refused_before_the_run(
    path: str, capsys: Captured
) -> None:
    assert main([*RUN, "--profile", path]) == ExitCode.USAGE
    assert path.removesuffix("/p.json") in capsys.readouterr().err
    assert not Path("excise.db").exists()


def test_a_profile_of_another_pack_is_not_shown(capsys: Captured) -> None:
    assert main([*RUN, "--dry-run", "--profile", "p.json"]) == ExitCode.OK
    compiled = ["policy", "compile", "--profile", "p.json"]
    for line in (compiled, [*compiled, "--plan", "logit-sweep"]):
        assert main(line) == ExitCode.USAGE
        assert "--profile goes with --plan" in capsys.readouterr().err
    kept = json.loads(Path("p.json").read_text())
    for key, what in (("pack", "pack"), ("version", "version of Excise")):
        Path("other.json").write_text(json.dumps({**kept, key: "another"}))
        assert main(["policy", "compile", "--plan", "--profile", "other.json"]) == ExitCode.USAGE
        assert f"'other.json' is the profile of another {what}" in capsys.readouterr().err
    Path("other.json").write_text("{")
    assert main(["policy", "compile", "--plan", "--profile", "other.json"]) == ExitCode.BAD_DATA
    assert "'other.json' is not the profile of a run" in capsys.readouterr().err
