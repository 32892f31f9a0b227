"""What the author's verbs answer to lines that nearly make sense, and to ids made to deceive."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from small_pack import PACK, TERMS, as_yaml, document

from engine.cli.main import main
from engine.errors import ExitCode
from engine.language.load import require_pack

Captured = pytest.CaptureFixture[str]
HOSTILE = ("[red]x[/red]", "a\x1b[2Jb", "\u00fcn\u202ecode")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EXCISE_DB", raising=False)
    Path("data").mkdir()
    rows = [
        {"event_id": str(n), "ts": "2026-06-01T10:00:00+02:00", "account_id": id_, "model": "m",
         "prompt": "think step by step"}
        for n, id_ in enumerate(HOSTILE)
    ]  # fmt: skip
    Path("data/exchanges.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    Path("data/accounts.jsonl").write_text(as_yaml({"account_id": "only-here"}) + "\n")
    rules("small", status="draft")
    return tmp_path


def rules(name: str, **keys: object) -> None:
    """Write a pack of a single policy, without responses, lists or links."""
    Path(name).mkdir()
    keys = {
        "subject": "account",
        "select": {"demands": {"prompt|contains": "step"}},
        "signals": {"events": {"count": "demands"}},
        "when": {"events": {"gte": 1}},
        **keys,
    }
    texts = {"pack": PACK, "terms": TERMS, "policy": document("policy", **keys)}
    for kind, text in texts.items():
        Path(name, f"{kind}.yaml").write_text(text)


def said(capsys: Captured, line: list[str], code: ExitCode = ExitCode.USAGE) -> str:
    assert main(["policy", *line]) == code
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return captured.err if code else captured.out


EXPLAIN = ["explain", "--rules", "small", "--activity", "data"]


@pytest.mark.parametrize("id_", HOSTILE)
def test_ids_that_would_act_on_a_terminal(id_: str, capsys: Captured) -> None:
    text = said(capsys, [*EXPLAIN, "harness", "--subject", id_], ExitCode.OK)
    assert not set(text) & {"\x1b", "\u202e"}
    assert ": finding\n" in text
    asked = [*EXPLAIN, "harness", "--subject", id_, "--format", "json"]
    read = json.loads(said(capsys, asked, ExitCode.OK))
    assert read["verdict"] == "finding"


def test_a_draft_is_shown_as_the_draft_that_it_is(capsys: Captured) -> None:
    line = [*EXPLAIN, "harness", "--subject", HOSTILE[0]]
    assert "harness v3 (draft, judged as in shadow), " in said(capsys, line, ExitCode.OK)
    assert json.loads(said(capsys, [*line, "--format", "json"], ExitCode.OK))["status"] == "draft"


def test_a_pack_without_a_policy_that_is_evaluated(capsys: Captured) -> None:
    text = said(capsys, [*EXPLAIN, "--subject", HOSTILE[0]])
    assert "no policy that a run evaluates" in text
    assert "a draft is explained when it is named" in text


def test_all_policies_in_brief_name_the_drafts_left_out(capsys: Captured) -> None:
    rules("live", status="review")
    text = document("policy", policy="sketch", status="draft", subject="account")
    Path("live/sketch.yaml").write_text(text.replace("list:phrases", "step"))
    line = ["explain", "--rules", "live", "--activity", "data", "--subject", HOSTILE[0]]
    text = said(capsys, line, ExitCode.OK)
    assert "\nharness  review " in text
    assert text.endswith("a draft is explained when it is named: sketch\n")


@pytest.mark.parametrize("policy", [["harness"], []])
def test_subjects_that_are_not_judged(policy: list[str], capsys: Captured) -> None:
    rules("live", status="review")
    line = ["explain", "--rules", "live", "--activity", "data", *policy, "--subject"]
    assert "an account without any exchange here" in said(capsys, [*line, "only-here"])
    early = said(capsys, [*line, HOSTILE[0], "--as-of", "2026-05-01"])
    assert "nothing had happened by 2026-05-01T00:00:00Z" in early
    assert "the first exchange is of 2026-06-01T08:00:00Z" in early
    assert "there are " in said(capsys, [*line, "nobody"])


def test_names_and_paths_that_are_empty_or_wrong(capsys: Captured) -> None:
    subject = ["--subject", HOSTILE[0]]
    assert "the pack has: harness" in said(capsys, [*EXPLAIN, "other", *subject])
    line = ["explain", "--rules", "small", "--activity", "", "harness", *subject]
    assert "no activity is named" in said(capsys, line, ExitCode.BAD_DATA)
    assert "is empty" in said(capsys, ["diff", "", "small"])
    line = [*EXPLAIN, "harness", *subject, "--db", "data"]
    assert "is a folder, not a ledger" in said(capsys, line, ExitCode.BAD_CONFIG)
    line = [*EXPLAIN, "harness", *subject, "--events", "events", "--members"]
    assert "without --responses and --members" in said(capsys, line)


def test_a_backtest_of_nothing_says_so(capsys: Captured) -> None:
    shutil.copytree("small", "live")
    line = ["backtest", "--rules", "small", "--against", "live", "--activity", "data"]
    text = said(capsys, [*line, "--as-of", "2026-05-01"], ExitCode.OK)
    assert "nothing had happened by then: nobody is judged" in text
    with pytest.raises(SystemExit):
        main(["policy", *line, "--list", "-3"])
    assert "not a number of rows" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["null", "true", "no", "e5"])
def test_a_new_policy_whose_name_or_owner_yaml_reads_otherwise(name: str, capsys: Captured) -> None:
    line = ["new", name, "--rules", "small", "--owner", "a: {b", "--axis", "access"]
    said(capsys, line, ExitCode.OK)
    assert said(capsys, ["check", "small"], ExitCode.OK) == "no problems\n"
    loaded = require_pack(Path("small"))
    assert [one.owner for one in loaded.policies if one.name == name] == ["a: {b"]


def test_a_new_policy_rests_on_a_clause_that_is_there(capsys: Captured) -> None:
    line = ["new", "other", "--rules", "small", "--clause"]
    assert "the pack has no clause 'a: {b'" in said(capsys, [*line, "a: {b"])
    assert "did you mean" in said(capsys, [*line, "usage-policy/scrapin"])
    assert "at most 100" in said(capsys, ["new", "x" * 101, "--rules", "small"])
    assert not Path("small/policies").exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["coverage", "--fail-under", "nan"], "not a percentage"),
        (["coverage", "--fail-under", "101"], "not a percentage"),
        (["coverage", "--fail-under", "\u0661"], "not a percentage"),
        (["sweep", "harness", "events", "--activity", "data", "--list", "-1"], "not a number"),
    ],
)
def test_numbers_that_mean_nothing(line: list[str], told: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["policy", *line, "--rules", "small"])
    assert refused.value.code == ExitCode.USAGE
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("value", ["\u0661..\u0669", "1_000", "nan", "1e400", "0x10", "1..2..3"])
def test_thresholds_that_are_none(value: str, capsys: Captured) -> None:
    line = ["sweep", "harness", f"events={value}", "--activity", "data", "--rules", "small"]
    assert "is no threshold" in said(capsys, line)


def test_activity_tells_what_it_has_seen_of_a_draft(capsys: Captured) -> None:
    line = ["coverage", "--rules", "small", "--activity", "data", "--format", "json"]
    told = json.loads(said(capsys, line, ExitCode.OK))
    (policy,) = told["policies"]
    # Every account sent one exchange, which is picked: the threshold is met exactly.
    assert {(one["condition"], one["side"]) for one in policy["unseen"]} == {
        ("selection demands", "fails"),
        ("events gte 1", "fails"),
        ("events gte 1", "below"),
        ("events gte 1", "above"),
    }
    assert "does not go with" in said(capsys, [*line, "--responses"])
    nothing = ["coverage", "--rules", "small", "--activity", "nowhere"]
    assert "no activity files" in said(capsys, nothing, ExitCode.BAD_DATA)
