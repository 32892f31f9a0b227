"""`excise policy sweep`, as an author uses it."""

from __future__ import annotations

import csv
import io
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
    unless = [{"part": {"gt": 0.9}}]
    named = {
        "bare": policy("bare", signals=None, select=None, explain="x", when={"finding": "loud"})
    }
    named["bare"] = {key: value for key, value in named["bare"].items() if value is not None}
    documents = {"pack": PACK, "terms": TERMS, "list": LIST, "links": LINKS}
    documents |= {"response": json.dumps(ANSWER), "loud": json.dumps(policy("loud", unless=unless))}
    documents |= {name: json.dumps(one) for name, one in named.items()}
    (tmp_path / "rules").mkdir()
    for kind, text in documents.items():
        (tmp_path / "rules" / f"{kind}.yaml").write_text(text)
    return ["policy", "sweep", "--rules", "rules", "--activity", write_activity(tmp_path / "data")]


def test_a_table_where_nobody_looks(line: list[str], capsys: Captured) -> None:
    assert main([*line, "loud", "events=60,30"]) == ExitCode.OK
    said = capsys.readouterr().out.splitlines()
    assert said[:3] == ["loud, over 30 accounts", "sweeping events ≥ 40", ""]
    assert said[3].split() == ["events", "hits", "accounts", "undecided"]
    assert [row.split()[0] for row in said[4:7]] == ["30", "40", "60"]
    assert said[5].endswith("◂ now")


def test_a_picture_on_a_terminal(
    line: list[str], capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert main([*line, "loud", "events=0..120", "--steps", "4"]) == ExitCode.OK
    assert "█" in capsys.readouterr().out
    assert main([*line, "loud", "events=0,90", "part.gte=0.1"]) == ExitCode.OK
    assert "hits by part.gte ≥" in capsys.readouterr().out


def test_data_say_the_same_as_the_table(line: list[str], capsys: Captured) -> None:
    said = {}
    for form in ("json", "csv"):
        assert main([*line, "loud", "part.gt", "events", "--format", form]) == ExitCode.OK
        said[form] = capsys.readouterr().out
    record = json.loads(said["json"])
    assert [one["in"] for one in record["thresholds"]] == ["unless", "when"]
    told = [(*map(float, one["thresholds"]), one["hits"]) for one in record["points"]]
    rows = csv.DictReader(io.StringIO(said["csv"]))
    assert told == [(float(r["part.gt"]), float(r["events"]), int(r["hits"])) for r in rows]
    assert "precision" not in record["points"][0]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["loud", "event"], "it has: events, part.gte, part.gt"),
        (["loud", "part"], "say which: part.gte, part.gt"),
        (["loud", "events=4,x"], "such as size=5,10,20 or size=5..50"),
        (["loud", "events=nan"], "is no threshold"),
        (["loud", "events=1_0"], "is no threshold"),
        (["loud", "events=1e16"], "is no threshold"),
        (["loud", "events="], "is no threshold"),
        (["loud", "events", "events=3"], "both thresholds are the same one"),
        (["loud", "events", "part.gt", "part.gte"], "one or two thresholds"),
        (["laud", "events"], "did you mean loud?"),
        (["bare", "events"], "compares no signal"),
    ],
)
def test_mistakes_of_the_line(
    line: list[str], capsys: Captured, words: list[str], hint: str
) -> None:
    assert main([*line, *words]) == ExitCode.USAGE
    assert hint in capsys.readouterr().err
