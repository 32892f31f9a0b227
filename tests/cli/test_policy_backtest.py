"""`excise policy backtest`, as an author and a build use it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.errors import ExitCode

sys.path.insert(0, str(Path(__file__).parent.parent / "authoring"))

from small_pack import LIST, PACK, TERMS
from tried import ANSWER, LINKS, policy, write_activity

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EXCISE_DB", raising=False)
    for name, threshold in (("live", 40), ("next", 90)):
        (tmp_path / name).mkdir()
        when = {"events": {"gte": threshold}}
        documents = {"pack": PACK, "terms": TERMS, "list": LIST, "links": LINKS}
        documents |= {"response": json.dumps(ANSWER)}
        documents |= {"loud": json.dumps(policy("loud", when=when))}
        for kind, text in documents.items():
            (tmp_path / name / f"{kind}.yaml").write_text(text)
    activity = write_activity(tmp_path / "data")
    return ["policy", "backtest", "--rules", "next", "--against", "live", "--activity", activity]


def test_whom_a_change_would_hit_and_why(line: list[str], capsys: Captured) -> None:
    assert main([*line, "--list", "1"]) == ExitCode.OK
    said = capsys.readouterr().out
    assert "the links are equal" in said
    assert "loud, no longer hit: 14, with 14 accounts" in said
    assert "no  events ≥ 90 (" in said
    assert "and 13 more" in said


def test_an_expectation_that_is_not_met_fails_a_build(line: list[str], capsys: Captured) -> None:
    met = ["--expect", "loud=at_least:1", "--expect", "*.newly_hit=exactly:0"]
    assert main([*line, *met]) == ExitCode.OK
    assert "expectations: 1 met, 0 not" in capsys.readouterr().out
    Path("june.yaml").write_text("expectations:\n  loud: {no_longer_hit: {at_most: 3}}\n")
    assert main([*line, "--expectations", "june.yaml"]) == ExitCode.FINDINGS
    assert "not met: loud.no_longer_hit at most 3: came to 14" in capsys.readouterr().out


def test_as_json_the_same_bytes_twice(line: list[str], capsys: Captured) -> None:
    said = []
    for _ in range(2):
        assert main([*line, "--format", "json"]) == ExitCode.OK
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    (loud,) = json.loads(said[0])["policies"]
    assert len(loud["no_longer_hit"]) == 14
    assert loud["no_longer_hit"][0]["deciding"][0]["threshold"] == 90


def test_nothing_is_written(line: list[str], tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert main(line) == ExitCode.OK
    assert sorted(tmp_path.rglob("*")) == before


def test_mistakes_of_the_line(line: list[str], capsys: Captured) -> None:
    assert main([*line, "--db", "none.db"]) == ExitCode.BAD_CONFIG
    assert main([*line, "--since", "2026-06-02", "--until", "2026-06-01"]) == ExitCode.USAGE
    assert main([*line[:4], "--against", "nowhere", *line[6:]]) == ExitCode.USAGE
    with pytest.raises(SystemExit):
        main([*line, "--expect", "loud=few"])
    assert "Traceback" not in capsys.readouterr().err
