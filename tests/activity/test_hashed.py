"""Activity written without its text, and read again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.activity.discover import discover
from engine.activity.hashed import write_hashed
from engine.activity.ingest import read_activity
from engine.activity.staging import ALL_KINDS
from engine.activity.text import text_hash
from engine.activity.workspace import Workspace
from engine.cli.main import main
from engine.errors import ExitCode, InputError, UsageError

Row = dict[str, object]
Make = Callable[..., Row]
Write = Callable[[Path, list[Row]], Path]

PROMPTS = [
    "Summarise the report on page 17 of the second volume",
    "SUMMARISE  the report on page 99 of the second\tvolume",
    'Translate "good morning" into Basque, please',
    "too short",
    "none",
    "",
    "\u7ffb\u8bd1\u4e0b\u9762\u7684\u53e5\u5b50\uff0c\u8c22\u8c22\u4f60\u7684\u5e2e\u52a9",
]


def tables(workspace: Workspace) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows, without the text."""
    found = {}
    for kind in ALL_KINDS:
        rows = workspace.rows(
            f"SELECT * EXCLUDE (prompt, system_prompt) FROM {kind.table}"
            if kind.name == "exchanges"
            else f"SELECT * FROM {kind.table}"
        )
        found[kind.name] = sorted(rows, key=repr)
    return found


@pytest.fixture
def activity(tmp_path: Path, exchange: Make, write: Write) -> Path:
    """Return activity in three formats, whose files supply different fields."""
    folder = tmp_path / "activity"
    asked = [exchange(prompt=text, system_prompt=f"You are {text}") for text in PROMPTS]
    write(folder / "exchanges.jsonl", asked)
    numbers: Row = {"temperature": 0.7, "logit_bias_ids": [7, -1], "logprobs": True, "turn": 3}
    odd = [exchange(ip="2001:db8::1", labels=["a", "b'c"], **numbers), exchange(ip="192.0.2.7")]
    write(
        folder / "exchanges-odd.parquet", [{name: row.get(name) for name in odd[0]} for row in odd]
    )
    write(folder / "exchanges.csv.gz", [exchange(prompt="say: 1, 2 or 3", blocked_by="-")])
    opened = {"created_at": "2024-02-29T12:00:00.000001Z", "approvals": ["research"]}
    write(folder / "accounts.jsonl", [{"account_id": "a1", **opened}])
    write(folder / "models.csv", [{"model": "m1", "released_at": "2024-01-01"}])
    return folder


def test_what_is_read_again_is_what_was_read(
    activity: Path, workspace: Workspace, tmp_path: Path
) -> None:
    read_activity(workspace, str(activity))
    wanted = tables(workspace)
    written = write_hashed(workspace, tmp_path / "hashed")
    assert len(wanted["exchanges"]) == len(PROMPTS) + 3
    assert [path.name for path in written] == [
        *(f"exchanges-{number}.parquet" for number in (1, 2, 3)),
        "accounts.parquet",
        "models.parquet",
    ]
    with Workspace(memory="500MB", threads=2) as other:
        intake = read_activity(other, str(tmp_path / "hashed"))
        assert tables(other) == wanted
        shapes = dict(
            other.rows("SELECT prompt_shape, count(*) FROM events GROUP BY ALL ORDER BY ALL")
        )
    # Unknown where the prompt is, and known to be none where it has fewer than four words.
    assert shapes[None] == 3
    assert shapes[""] == 2
    assert all(count.quarantined == 0 for count in intake.tables.values())


def test_written_twice_is_written_once(
    activity: Path, workspace: Workspace, tmp_path: Path
) -> None:
    read_activity(workspace, str(activity))
    once = write_hashed(workspace, tmp_path / "once")
    with Workspace(memory="500MB", threads=2) as other:
        read_activity(other, str(tmp_path / "once"))
        twice = write_hashed(other, tmp_path / "twice")
    assert [path.read_bytes() for path in twice] == [path.read_bytes() for path in once]


def test_a_folder_that_holds_something_is_left_alone(
    activity: Path, workspace: Workspace, tmp_path: Path
) -> None:
    read_activity(workspace, str(activity))
    with pytest.raises(UsageError, match="is not empty"):
        write_hashed(workspace, activity)
    assert len(list(activity.iterdir())) == 5


@pytest.mark.parametrize("step", ["COPY", "rename"])
@pytest.mark.parametrize("place", [0, 1, 3])
def test_what_was_interrupted_is_written_anew(
    step: str,
    place: int,
    activity: Path,
    workspace: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read_activity(workspace, str(activity))
    whole = [path.read_bytes() for path in write_hashed(workspace, tmp_path / "whole")]
    owner, name = (Workspace, "execute") if step == "COPY" else (Path, "rename")
    done, left = getattr(owner, name), iter(range(place, -1, -1))

    def interrupted(*arguments: object) -> object:
        if next(left) == 0:
            raise KeyboardInterrupt
        return done(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_hashed(workspace, tmp_path / "hashed")
    with pytest.raises(InputError, match="is not complete"):
        discover(str(tmp_path / "hashed"))
    again = write_hashed(workspace, tmp_path / "hashed")
    assert [path.read_bytes() for path in again] == whole
    assert set((tmp_path / "hashed").iterdir()) == set(again)


def test_what_others_put_beside_something_unfinished_is_left_alone(
    activity: Path, workspace: Workspace, tmp_path: Path
) -> None:
    read_activity(workspace, str(activity))
    for name in ("_unfinished", "notes.txt"):
        (tmp_path / "to").mkdir(exist_ok=True)
        (tmp_path / "to" / name).touch()
    with pytest.raises(UsageError, match="is not empty"):
        write_hashed(workspace, tmp_path / "to")


def test_rows_that_cannot_be_read_are_told(
    tmp_path: Path, exchange: Make, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [exchange(prompt="a secret"), exchange(prompt="another secret", ts="soon")]
    path = write(tmp_path / "exchanges.jsonl", rows)
    folders = ["--quarantine", str(tmp_path / "aside")]
    assert main(["activity", "hash", str(path), str(tmp_path / "to"), *folders]) == ExitCode.PARTIAL
    said = capsys.readouterr().out
    assert "exchanges: 2 read = 1 kept, 1 quarantined" in said
    (aside,) = (tmp_path / "aside").iterdir()
    assert "soon" in aside.read_text()
    assert "secret" not in aside.read_text()


def test_a_source_is_read_as_a_run_reads_it(tmp_path: Path) -> None:
    messages = [{"role": "user", "content": [{"text": "a secret of ten words or more"}]}]
    record = {
        "schemaType": "ModelInvocationLog",
        "timestamp": "2025-05-15T14:17:22Z",
        "accountId": "111111111111",
        "identity": {"arn": "arn:aws:iam::111111111111:user/u"},
        "requestId": "r1",
        "operation": "Converse",
        "modelId": "anthropic.claude-v2",
        "input": {"inputBodyJson": {"messages": messages}, "inputTokenCount": 3},
        "output": {"outputBodyJson": {"stopReason": "end_turn"}, "outputTokenCount": 4},
    }
    log, to = tmp_path / "log.json", tmp_path / "to"
    log.write_text(json.dumps(record))
    line = ["activity", "hash", str(log), str(to), "--source", "bedrock"]
    assert main([*line, "--quarantine", str(tmp_path / "aside")]) == ExitCode.OK
    with Workspace(memory="500MB", threads=2) as workspace:
        read_activity(workspace, str(to))
        rows = workspace.rows("SELECT prompt, prompt_hash, input_tokens FROM events")
    assert rows == [(None, text_hash("a secret of ten words or more"), 3)]
