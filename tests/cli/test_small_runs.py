"""Runs over a few lines of activity, through the command."""

from __future__ import annotations

import getpass
import json
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.errors import ExitCode
from engine.ledger.store import Ledger

Captured = pytest.CaptureFixture[str]
DB = ["--db", "sqlite:///ledger.db"]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EXCISE_DB", raising=False)
    monkeypatch.delenv("EXCISE_REVIEWER", raising=False)


def exchange(name: str, account: str, ts: str, **more: object) -> dict[str, object]:
    return {"event_id": name, "account_id": account, "ts": ts, "model": "m", **more}


def write(*rows: dict[str, object] | str, name: str = "exchanges.jsonl") -> str:
    text = "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)
    Path(name).write_text(text)
    return name


def sweep(account: str) -> list[dict[str, object]]:
    """Return exchanges that read the output layer out."""
    return [
        exchange(
            f"{account}-{n}", account, f"2026-06-01T{n // 60 % 24:02d}:{n % 60:02d}:00Z",
            logprobs=True, top_logprobs=20, logit_bias_ids=[2 * n, 2 * n + 1], max_tokens=1,
            output_tokens=1, prompt="x",
        )
        for n in range(600)
    ]  # fmt: skip


def report(capsys: Captured, *line: str) -> tuple[int, dict[str, object]]:
    code = main(["run", *line, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_when_nothing_is_left_to_judge_the_rows_set_aside_are_kept(capsys: Captured) -> None:
    path = write("{", '{"event_id": "e"}')
    assert main(["run", "--activity", path, *DB]) == ExitCode.BAD_DATA
    said = capsys.readouterr().err
    assert "2 read, 2 quarantined" in said
    (kept,) = Path("excise-quarantine").iterdir()
    assert len(kept.read_text().splitlines()) == 2


def test_accounts_active_only_later_do_not_widen_a_share(capsys: Captured) -> None:
    path = write(
        exchange("1", "a", "2026-06-01T00:00:00Z"), exchange("2", "b", "2026-06-09T00:00:00Z")
    )
    code, now = report(capsys, "--activity", path, "--as-of", "2026-06-02", "--dry-run")
    assert (code, now["active_accounts"]) == (ExitCode.OK, 1)
    assert report(capsys, "--activity", path, "--dry-run")[1]["active_accounts"] == 2


def test_the_summary_has_what_is_to_be_kept_elsewhere(capsys: Captured) -> None:
    path = write(exchange("1", "a", "2026-06-01T00:00:00Z"))
    assert main(["run", "--activity", path, *DB]) == ExitCode.OK
    said = capsys.readouterr().out
    assert "judged as of 2026-06-01T00:00:00Z: 1 account active, 0 campaigns" in said
    kept = said.rsplit(" ", 1)[1].strip()
    assert main(["audit", "verify", "--expect", kept, *DB]) == ExitCode.OK
    assert main(["audit", "verify", "--expect", f"2{kept}", *DB]) == ExitCode.TAMPERED
    assert main(["run", "--activity", path, *DB]) == ExitCode.OK
    assert "was recorded before; nothing was added" in capsys.readouterr().out


def test_a_held_run_says_which_cap_and_keeps_its_exit_code(capsys: Captured) -> None:
    path = write(*sweep("a"), exchange("1", "b", "2026-06-01T00:00:00Z"))
    code, held = report(capsys, "--activity", path, "--dry-run")
    assert (code, held["held"]) == (ExitCode.HELD, True)
    assert held["actions"] == {"restrict": {"hold": 1}}
    assert held["reasons"] == {"cap: restrict per run would reach 1 accounts, at most 0": 1}
    assert main(["run", "--activity", path, "--dry-run"]) == ExitCode.HELD
    said = capsys.readouterr().out
    assert "restrict: 1 held" in said
    assert "1 account: cap: restrict per run" in said


@pytest.fixture
def opened(capsys: Captured) -> str:
    """Return the id of the one case of a ledger."""
    main(["run", "--activity", write(*sweep("a")), *DB])
    capsys.readouterr()
    main(["cases", "list", "--json", *DB])
    return str(json.loads(capsys.readouterr().out)["case_id"])


def test_a_case_that_changed_since_it_was_seen_is_not_decided(
    opened: str, capsys: Captured
) -> None:
    decide = ["cases", "decide", opened, "approve", "--reason", "r", "--reviewer", "ana", *DB]
    assert main([*decide, "--seen", "7"]) != ExitCode.OK
    assert "version 1" in capsys.readouterr().err
    assert main([*decide, "--seen", "1"]) == ExitCode.OK


def test_nobody_decides_without_a_name(
    opened: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nameless() -> str:
        raise KeyError

    monkeypatch.setattr(getpass, "getuser", nameless)
    decide = ["cases", "decide", opened, "approve", "--reason", "r", *DB]
    assert main(decide) == ExitCode.USAGE
    assert "--reviewer" in capsys.readouterr().err
    with Ledger.open("ledger.db", create=False) as ledger:
        assert ledger.decisions() == ()
