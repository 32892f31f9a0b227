"""What is kept is private, held by one, and thrown away where it does not serve."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import duckdb
import pytest
from state_reads import read

from engine.activity.json_lines import read_json_lines
from engine.activity.state import meaning
from engine.activity.state import reading as reading_state
from engine.activity.state.reading import DamagedState, Wanted, once_more_if_damaged, reading
from engine.activity.state.store import held
from engine.activity.workspace import Workspace
from engine.errors import InputError, RetryableError
from engine.language.declared import declare
from engine.language.fields import Absent, FieldType


@pytest.fixture
def activity(write: Any, exchange: Any, tmp_path: Path) -> Path:
    write(tmp_path / "activity" / "1.jsonl", [exchange(prompt="p") for _ in range(3000)])
    return tmp_path / "activity"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def database(state: Path) -> Path:
    return state / "activity.duckdb"


def test_only_the_owner_can_read_it(activity: Path, state: Path) -> None:
    before = os.umask(0o022)
    try:
        read(activity, state)
        read(activity, state)
    finally:
        os.umask(before)
    assert state.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in state.iterdir()} == {0o600}


def test_nor_while_it_is_made(activity: Path, state: Path) -> None:
    before = os.umask(0o022)
    try:
        with Workspace(memory="500MB", threads=2) as workspace, reading(workspace, state) as reader:
            reader.read(str(activity), Wanted())
            assert {path.stat().st_mode & 0o777 for path in state.iterdir()} == {0o600}
    finally:
        os.umask(before)


def test_the_second_run_reads_no_file(
    activity: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read(activity, state)
    for path in activity.iterdir():
        os.utime(path, (0, 0))  # else it is too young to be believed without its bytes
    monkeypatch.setattr("engine.activity.state.mark.time.time_ns", lambda: 2**62)
    again = read(activity, state)
    monkeypatch.setattr("engine.activity.ingest.read_json_lines", None)
    monkeypatch.setattr("engine.activity.state.mark._digest", None)
    assert read(activity, state) == again == first


def test_a_file_of_equal_size_and_times_but_other_bytes_is_read_again(
    activity: Path, state: Path
) -> None:
    read(activity, state)
    path = activity / "1.jsonl"
    was = path.stat()
    path.write_bytes(path.read_bytes().replace(b'"p"', b'"q"', 1))
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert path.stat().st_size == was.st_size
    assert read(activity, state) == read(activity, None)


def test_a_file_under_another_name_is_another_file(activity: Path, state: Path) -> None:
    read(activity, state)
    (activity / "1.jsonl").rename(activity / "accounts.jsonl")
    (activity / "2.jsonl").touch()
    assert read(activity, state) == read(activity, None)


def test_a_name_may_be_no_text(activity: Path, state: Path) -> None:
    plain = (activity / "1.jsonl").read_bytes()
    names = (b"\xff.jsonl", b"\\xff.jsonl", b"\xfe.jsonl")
    for number, name in enumerate(names):
        path = activity / os.fsdecode(name)
        path.write_bytes(plain.replace(b'"e', b'"%d-e' % number))
    expected, _ = read(activity, None)
    assert read(activity, state) == (expected, None)
    assert read(activity, state) == (expected, None)


def test_a_file_that_is_written_while_it_is_read_is_read_again(
    activity: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, whole = activity / "1.jsonl", (activity / "1.jsonl").read_bytes()
    path.write_bytes(whole[: whole.index(b"\n", 9000) + 1])

    def meanwhile(*what: Any) -> Any:
        read_json_lines(*what)
        path.write_bytes(whole)

    monkeypatch.setattr("engine.activity.ingest.read_json_lines", meanwhile)
    read(activity, state)
    monkeypatch.undo()
    path.write_bytes(whole)
    assert read(activity, state) == read(activity, None)


def test_whoever_comes_second_is_told_to_wait(activity: Path, state: Path) -> None:
    with held(state), pytest.raises(RetryableError, match="another run is using the state"):
        read(activity, state)
    assert read(activity, state) == read(activity, None)


def test_a_folder_that_cannot_be_written_is_told(activity: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot keep state in"):
        read(activity, tmp_path / "file")


def _other_program(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + bytes(5000))


def _other_tables(path: Path) -> None:
    path.unlink()
    connection = duckdb.connect(str(path))
    connection.execute("CREATE TABLE about (engine VARCHAR)").fetchall()
    connection.close()


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _older_tables(path: Path) -> None:
    connection = duckdb.connect(str(path))
    connection.execute("ALTER TABLE files DROP COLUMN supplied").fetchall()
    connection.close()


@pytest.mark.parametrize("harm", [_other_program, _other_tables, _older_tables, _cut_short, _empty])
def test_what_is_no_state_is_made_anew(harm: Any, activity: Path, state: Path) -> None:
    read(activity, state)
    harm(database(state))
    expected, _ = read(activity, None)
    found, rebuilt = read(activity, state)
    assert found == expected
    assert rebuilt in ("cannot be read", "was not made by this version of Excise")
    assert read(activity, state) == (expected, None)


def test_what_another_version_made_is_made_anew(
    activity: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(activity, state)
    monkeypatch.setattr(meaning, "VERSION", "0.0.1")
    assert read(activity, state)[1] == "was made by another version of Excise"


def test_columns_that_were_not_kept_are_read(activity: Path, state: Path) -> None:
    few, more = Wanted(kept=frozenset()), Wanted(kept=frozenset({"prompt", "labels"}))
    read(activity, state, few)
    assert b'"p"' not in database(state).read_bytes()
    assert read(activity, state, more) == (
        read(activity, None, more)[0],
        "lacks what the pack looks at: labels, prompt",
    )
    assert read(activity, state, few) == (read(activity, None, few)[0], None)


def test_other_declared_fields_make_it_anew(activity: Path, state: Path) -> None:
    read(activity, state)
    declared = Wanted(fields=(declare("x.y", FieldType.TEXT, Absent.UNKNOWN),))
    found, rebuilt = read(activity, state, declared)
    assert found == read(activity, None, declared)[0]
    assert rebuilt == "was made with other declared fields, or from another source"


def test_damage_that_is_found_late_costs_a_second_attempt(activity: Path, state: Path) -> None:
    read(activity, state)
    data = bytearray(database(state).read_bytes())
    for at in range(3 * 4096, len(data), 1024):  # headers are whole, what they lead to is not
        data[at] ^= 0xFF
    database(state).write_bytes(bytes(data))
    expected, _ = read(activity, None)
    found, rebuilt = once_more_if_damaged(read)(activity, state)
    assert found == expected
    assert rebuilt == "cannot be read"
    assert read(activity, state) == (expected, None)


def test_a_state_that_the_system_refuses_is_kept(
    activity: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(activity, state)
    before = database(state).read_bytes()

    def refused(*_: Any) -> bool:
        message = f'IO Error: Cannot open file "{database(state)}": Too many open files'
        raise duckdb.IOException(message)

    with monkeypatch.context() as patched:
        patched.setattr(reading_state, "attach", refused)
        with pytest.raises(duckdb.IOException):
            read(activity, state)
    assert database(state).read_bytes() == before


def test_an_error_of_another_kind_leaves_it_alone(activity: Path, state: Path) -> None:
    read(activity, state)
    before = database(state).read_bytes()
    with Workspace() as workspace:
        with pytest.raises(duckdb.CatalogException), reading(workspace, state):
            workspace.execute("SELECT * FROM nowhere")
        with pytest.raises(DamagedState), reading(workspace, state):
            raise duckdb.SerializationException("x")
    assert before != database(state).read_bytes()
