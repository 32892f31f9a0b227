"""The demonstration compares what the pack asks for, whatever its ledger holds already."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.cli import demo
from engine.cli.main import main
from engine.language.load import find_rules
from engine.ledger.records import Verdict
from engine.ledger.store import Ledger
from fixtures.scale import Scale


def compared(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    main(["demo", "--db", "ledger.db", *arguments])
    return capsys.readouterr().out.partition("campaign in the truth")[2].partition("audit log")[0]


def test_another_pack_over_the_same_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(demo, "DEMO", Scale(exchanges=20_000, accounts=1_000))
    first = compared(capsys)
    assert "throttle" in first
    with Ledger.open("ledger.db") as ledger:
        for case in ledger.cases():
            ledger.decide(
                case.case_id, seen_version=1, verdict=Verdict.REJECT, reviewer="ana", reason="r",
                decided_us=0,
            )  # fmt: skip
    rules = shutil.copytree(find_rules(), tmp_path / "rules")
    pack = Path(rules, "pack.yaml")
    pack.write_text(pack.read_text().replace("version: ", "version: 9."))
    assert compared(capsys, "--rules", "rules") == first
