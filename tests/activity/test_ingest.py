"""Whole inputs: formats agree, rows add up, and neither order nor layout of files matters."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.activity.ingest import read_activity
from engine.activity.intake import Coverage, Intake
from engine.activity.tables import SUPPLIED_BIT
from engine.activity.workspace import Workspace
from engine.errors import InputError

_SETTINGS = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=8,
)
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
_ID = st.sampled_from(["a", "b", "c/ü", "x,y", 'q"q', "back\\slash", "l\nm", " s ", "'"])
_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "event_id": st.integers(0, 10**9).map(lambda n: f"e{n}"),
            "ts": st.datetimes(
                min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - the strategy wants them naive
                max_value=datetime(2100, 12, 31),  # noqa: DTZ001 - same
            ).map(lambda moment: moment.isoformat() + "+00:00"),
            "account_id": _ID,
            "model": _ID,
            "prompt": st.none() | _TEXT,
            "system_prompt": st.none() | _TEXT,
            "end_user_id": st.none() | _ID,
            "input_tokens": st.none() | st.integers(0, 2**63 - 1),
            "temperature": st.none() | st.floats(0, 2) | st.integers(0, 2),
            "logprobs": st.none() | st.booleans(),
            "logit_bias_ids": st.none() | st.lists(st.integers(-5, 2**40), max_size=3),
            "labels": st.none() | st.lists(_TEXT, max_size=3),
            "ip": st.none() | st.ip_addresses().map(str),
        }
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row["event_id"],
)


def _events(workspace: Workspace) -> list[tuple[Any, ...]]:
    return workspace.rows("SELECT * FROM events ORDER BY event_id")


def _intake(path: Path, **options: Any) -> tuple[Intake, list[tuple[Any, ...]]]:
    with Workspace(memory="500MB", threads=2) as workspace:
        intake = read_activity(workspace, str(path), **options)
        return intake, _events(workspace)


@_SETTINGS
@given(rows=_ROWS)
def test_every_format_gives_the_same_events(write: Any, rows: list[dict[str, object]]) -> None:
    folder = Path(tempfile.mkdtemp())
    names = ("e.parquet", "e.jsonl", "e.csv", "e.ndjson.gz", "e.csv.zst")
    results = [_intake(write(folder / name, rows)) for name in names]
    shutil.rmtree(folder)
    first, events = results[0]
    assert len(events) == len(rows) == first.tables["exchanges"].kept
    for intake, same in results[1:]:
        assert same == events
        assert intake.digest == first.digest
        assert intake.coverage == first.coverage


@_SETTINGS
@given(rows=_ROWS, seed=st.integers(0, 99))
def test_neither_order_nor_layout_matters(
    write: Any, rows: list[dict[str, object]], seed: int
) -> None:
    folder = Path(tempfile.mkdtemp())
    whole, events = _intake(write(folder / "whole.csv", rows))
    shuffled = list(rows) + rows[:3]
    random.Random(seed).shuffle(shuffled)
    cut = seed % len(shuffled)
    for number, part in enumerate((shuffled[:cut], shuffled[cut:])):
        if part:
            kind = ("csv", "parquet", "jsonl.gz")[(seed + number) % 3]
            write(folder / "parts" / f"{9 - number}.{kind}", part)
    split, same = _intake(folder / "parts")
    shutil.rmtree(folder)
    assert same == events
    assert split.digest == whole.digest
    assert split.tables["exchanges"].duplicates == len(rows[:3])
    assert split.collisions == 0


@_SETTINGS
@given(
    rows=_ROWS, noise=st.lists(st.tuples(st.integers(0, 2**16), st.binary(max_size=3)), max_size=8)
)
@pytest.mark.parametrize("name", ["e.jsonl", "e.csv"])
def test_corrupt_text_always_adds_up(
    write: Any, name: str, rows: list[dict[str, object]], noise: list[tuple[int, bytes]]
) -> None:
    folder = Path(tempfile.mkdtemp())
    path = write(folder / name, rows)
    data = bytearray(path.read_bytes())
    header = data.index(b"\n") + 1 if name.endswith("csv") else 0
    for place, junk in noise:
        at = header + place % (len(data) - header)
        data[at : at + 1] = junk
    path.write_bytes(bytes(data))
    with Workspace(memory="500MB", threads=2) as workspace:
        intake = read_activity(workspace, str(path))
        entries = intake.quarantine_path.read_text().splitlines()
        kept = len(_events(workspace))
    shutil.rmtree(folder)
    count = intake.tables["exchanges"]
    assert count.kept == kept
    assert count.quarantined == len(entries)
    assert count.read == count.kept + count.quarantined + count.duplicates
    assert all(
        set(json.loads(entry)) == {"file", "row", "field", "reason", "raw"} for entry in entries
    )


def test_a_lost_quotation_mark_costs_one_row(write: Any, exchange: Any, tmp_path: Path) -> None:
    rows = [exchange(prompt=f"line one\nline {n}") for n in range(50)]
    path = write(tmp_path / "e.csv", rows)
    text = path.read_text()
    path.write_text(text.replace('"line one\nline 7"', '"line one\nline 7', 1))
    intake, events = _intake(path)
    assert {row[0] for row in events} >= {row["event_id"] for row in rows} - {"e8", "e9"}
    assert intake.tables["exchanges"].quarantined >= 1


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_csv_lines_may_end_in_any_way(tmp_path: Path, end: str) -> None:
    path = tmp_path / "e.csv"
    head = "\ufeffevent_id, ts,account_id,model,prompt"
    rows = [head, "", "e1,2025-05-01,a,m,one\rtwo", 'e2,2025-05-01,a,m,"x\r\ny ""z"""']
    path.write_bytes((end or "\n").join(rows).encode() + end.encode())
    with Workspace(threads=2) as workspace:
        intake = read_activity(workspace, str(path))
        prompts = workspace.rows("SELECT prompt FROM events ORDER BY event_id")
    assert intake.tables["exchanges"].read == 2
    assert prompts == [("one\rtwo",), ('x\r\ny "z"',)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"e2,2025-05-01,a", "has 3 columns, not 4"),
        (b"e2,2025-05-01,a,m,extra", "has 5 columns, not 4"),
        (b'e2,2025-05-01,a,"m"x', "out of place"),
        (b'e2,2025-05-01,a,"m', "out of place"),
        (b"e2,2025-05-01,\xff\xfe,m", "is not valid UTF-8"),
        (b"e2,2025-05-01,a," + b"m" * (33 * 2**20), "is longer than 32 MiB"),
    ],
)
def test_a_bad_csv_row_costs_itself_alone(tmp_path: Path, row: bytes, reason: str) -> None:
    path = tmp_path / "e.csv"
    good = [b"e1,2025-05-01,a,m", b"e3,2025-05-01,a,m", b'e4,2025-05-01,a,"m\nn"']
    path.write_bytes(b"\n".join([b"event_id,ts,account_id,model", good[0], row, *good[1:]]))
    with Workspace(threads=2) as workspace:
        intake = read_activity(workspace, str(path))
        (entry,) = map(json.loads, intake.quarantine_path.read_text().splitlines())
        ids = workspace.rows("SELECT event_id FROM events ORDER BY 1")
    assert ids == [("e1",), ("e3",), ("e4",)]
    assert entry["row"] == 3
    assert reason in entry["reason"]


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("ts", "2025-05-01T10:00:00Z", 1746093600000000),
        ("ts", "2025-05-01 10:00:00", 1746093600000000),
        ("ts", "2025-05-01T12:00:00.123456789+02:00", 1746093600123456),
        ("ts", "2025-05-01T04:30:00-0530", 1746093600000000),
        ("ts", 1746093600, 1746093600000000),
        ("ts", 1746093600123, 1746093600123000),
        ("ts", "1746093600123456789", 1746093600123456),
        ("ts", 1746093600.123456, 1746093600123456),
        ("ts", "1746093600123.4", 1746093600123400),
        ("ts", "2025-05-01 10:00:00.5 UTC", 1746093600500000),
        ("input_tokens", "12", 12),
        ("input_tokens", 12.0, 12),
        ("input_tokens", None, None),
        ("temperature", 0.7, 700),
        ("temperature", "1e-1", 100),
        ("temperature", 0.0005, 0),
        ("temperature", 0.0015, 2),
        ("temperature", -0.0, 0),
        ("logprobs", "Yes", True),
        ("logprobs", 0, False),
        ("ip", "192.0.2.1:443", "192.0.2.1"),
        ("ip", "[2001:DB8::1]:443", "2001:db8::1"),
        ("ip", "fe80::1%eth0", "fe80::1"),
        ("ip", "::ffff:192.0.2.9", "192.0.2.9"),
        ("labels", ["a|b", "c"], ["a|b", "c"]),
        ("labels", "a|b", ["a", "b"]),
        ("labels", [], None),
        ("logit_bias_ids", "1|2", [1, 2]),
        ("logit_bias_ids", [1, "2"], [1, 2]),
        ("org_id", "None", None),
        ("org_id", "<>", None),
        ("org_id", 17, "17"),
        ("prompt", "a\x00b", "a\x00b"),
    ],
)
def test_values_that_are_read(
    write: Any, exchange: Any, tmp_path: Path, field: str, value: object, stored: object
) -> None:
    path = write(tmp_path / "e.jsonl", [exchange(**{field: value})])
    with Workspace(threads=2) as workspace:
        intake = read_activity(workspace, str(path))
        assert intake.tables["exchanges"].kept == 1, intake.quarantine_path.read_text()
        column = "ts_us" if field == "ts" else field
        assert workspace.value(f"SELECT {column} FROM events") == stored


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event_id", ""),
        ("event_id", "  "),
        ("account_id", None),
        ("account_id", {"id": 1}),
        ("model", ["m"]),
        ("ts", "2025-13-01T10:00:00Z"),
        ("ts", "2025-05-01T10:00:00+25:00"),
        ("ts", "1999-12-31T23:59:59Z"),
        ("ts", "2101-01-01T00:00:00Z"),
        ("ts", 12),
        ("ts", 12.5),
        ("ts", "-1746093600.5"),
        ("ts", "1746093600."),
        ("ts", "now"),
        ("input_tokens", -1),
        ("input_tokens", 1.5),
        ("input_tokens", "0x10"),
        ("input_tokens", "1_000"),
        ("input_tokens", True),
        ("input_tokens", 2**63),
        ("input_tokens", 10**40),
        ("temperature", float("nan")),
        ("temperature", float("inf")),
        ("temperature", "warm"),
        ("temperature", 1e300),
        ("logprobs", "maybe"),
        ("logprobs", 2),
        ("ip", "192.0.2.***"),
        ("ip", "192.0.2.256"),
        ("ip", "01.2.3.4"),
        ("ip", "1" * 5000),
        ("labels", ["a", {"b": 1}]),
        ("labels", ["a", None]),
        ("labels", {"a": 1}),
        ("labels", "a||b"),
        ("labels", "[broken"),
        ("logit_bias_ids", ["x"]),
        ("logit_bias_ids", [1.5]),
        ("prompt", {"role": "user"}),
    ],
)
def test_values_that_are_set_aside(
    write: Any, exchange: Any, tmp_path: Path, field: str, value: object
) -> None:
    good, bad = exchange(), exchange(**{field: value})
    path = write(tmp_path / "e.jsonl", [good, bad])
    with Workspace(threads=2) as workspace:
        intake = read_activity(workspace, str(path))
        (entry,) = map(json.loads, intake.quarantine_path.read_text().splitlines())
        assert workspace.rows("SELECT event_id FROM events") == [(good["event_id"],)]
    assert (entry["row"], entry["field"]) == (2, field)
    assert len(entry["raw"] or "") <= 80


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[1]",
        b'"text"',
        b"null",
        b'{"event_id": "\\ud800"}',
        b'{"event_id": "\xff"}',
        b'{"event_id": "a" "b"}',
        b"\x00",
        b"\x1b[2J",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"prompt": "' + b"x" * 3_000_000,
    ],
)
def test_broken_lines_cost_themselves_alone(
    write: Any, exchange: Any, tmp_path: Path, line: bytes
) -> None:
    path = write(tmp_path / "e.jsonl", [exchange(), exchange()])
    first, second = path.read_bytes().splitlines()
    path.write_bytes(b"\xef\xbb\xbf" + first + b"\r\n\r\n" + line + b"\n" + second)
    with Workspace(threads=2) as workspace:
        intake = read_activity(workspace, str(path))
        (entry,) = map(json.loads, intake.quarantine_path.read_text().splitlines())
    assert entry["row"] == 3
    assert entry["raw"] is None
    assert intake.tables["exchanges"].kept == 2


@pytest.mark.parametrize("name", ["e.jsonl", "e.json"])
def test_half_of_a_surrogate_pair_hides_no_row(exchange: Any, tmp_path: Path, name: str) -> None:
    rows = [
        exchange(prompt="cut \ud83d", labels=["\udc00", "\U0001f600"], end_user_id="\ud800u"),
        exchange(prompt="the text \\ud83d\ude00 alone"),
        exchange(prompt="\U0001f600 and \\ud83d"),
        exchange(account_id="a\ud800"),
    ]
    lines = [json.dumps(row) for row in rows]
    path = tmp_path / name
    path.write_text("\n".join(lines) if name == "e.jsonl" else f"[{','.join(lines)}]")
    with Workspace(threads=2) as workspace:
        intake = read_activity(workspace, str(path))
        kept = workspace.rows("SELECT prompt, labels, end_user_id FROM events ORDER BY event_id")
        (entry,) = map(json.loads, intake.quarantine_path.read_text().splitlines())
    assert kept == [
        ("cut \ufffd", ["\ufffd", "\U0001f600"], "\ufffdu"),
        ("the text \\ud83d\ufffd alone", None, None),
        ("\U0001f600 and \\ud83d", None, None),
    ]
    assert (entry["row"], entry["field"]) == (4, "account_id")
    assert entry["reason"] == "has half of a surrogate pair"


@pytest.mark.parametrize("indent", [None, 2])
def test_json_files_come_in_many_forms(exchange: Any, tmp_path: Path, indent: int | None) -> None:
    rows = [exchange(prompt="\u00e9"), exchange(n=2)]
    texts = [json.dumps(row, indent=indent) for row in rows]
    forms = (f"\ufeff[{texts[0]},\n{texts[1]}]", "\n".join(texts), f"[{texts[0]}]\n[{texts[1]}]")
    expected = None
    for number, form in enumerate(forms):
        path = tmp_path / f"{number}.json"
        path.write_text(form)
        intake, events = _intake(path)
        assert intake.tables["exchanges"].kept == 2
        assert expected in (None, (events, intake.digest))
        expected = (events, intake.digest)


def test_of_a_key_that_occurs_twice_the_first_is_meant(exchange: Any, tmp_path: Path) -> None:
    line = json.dumps(exchange())[:-1] + ', "account_id": "other"}'
    for name, text in (("e.jsonl", line), ("e.json", f"[{line}]")):
        (tmp_path / name).write_text(text)
        with Workspace(threads=2) as workspace:
            read_activity(workspace, str(tmp_path / name))
            assert workspace.value("SELECT account_id FROM events") == "a1"


def test_quarantine_never_holds_a_prompt_nor_control_characters(
    write: Any, exchange: Any, tmp_path: Path
) -> None:
    rows = [exchange(prompt={"secret": "words"}), exchange(n="\x1b[31m\u202ered")]
    path = write(tmp_path / "e.jsonl", rows)
    with Workspace(threads=2) as workspace:
        text = read_activity(workspace, str(path)).quarantine_path.read_text()
    assert "secret" not in text
    entries = [json.loads(line) for line in text.splitlines()]
    assert entries[0]["raw"] is None
    assert entries[1]["raw"] == "\\x1b[31m\\u202ered"


def test_a_key_spelled_with_escapes_is_found_wherever_it_stands(
    write: Any, exchange: Any, tmp_path: Path
) -> None:
    rows = [json.dumps(exchange(prompt=None)) for _ in range(120)]
    rows.append(json.dumps(exchange(prompt="late")).replace('"prompt"', r'"\u0070rom\u0070t"'))
    rows.append(json.dumps(exchange(device_id="d")).replace('"device_id"', r'"device\u005Fid"'))
    path = tmp_path / "e.jsonl"
    path.write_text("\n".join(row.replace('"prompt": null, ', "") for row in rows))
    with Workspace(threads=2) as workspace:
        read_activity(workspace, str(path))
        assert workspace.rows("SELECT prompt FROM events WHERE prompt = 'late'") == [("late",)]
        assert workspace.rows("SELECT device_id FROM events WHERE device_id = 'd'") == [("d",)]


def test_addresses_have_a_number_and_a_network(write: Any, exchange: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "e.csv", [exchange(ip="192.0.2.77"), exchange(ip="2001:db8:1:2::9")])
    with Workspace(threads=2) as workspace:
        read_activity(workspace, str(path))
        rows = workspace.rows("SELECT ip, ip_number, ip_network FROM events ORDER BY event_id")
    assert rows == [
        ("192.0.2.77", 0xFFFF_C000_024D, "192.0.2.0/24"),
        ("2001:db8:1:2::9", 0x2001_0DB8_0001_0002_0000_0000_0000_0009, "2001:db8:1::/48"),
    ]


def test_supplied_is_a_matter_of_the_file(write: Any, exchange: Any, tmp_path: Path) -> None:
    write(tmp_path / "in" / "1.jsonl", [exchange(), exchange(labels=None)])
    write(tmp_path / "in" / "2.csv", [exchange(logprobs=None)])
    with Workspace(threads=2) as workspace:
        intake = read_activity(workspace, str(tmp_path / "in"))
        masks = workspace.rows("SELECT supplied FROM events ORDER BY event_id")
    labels, logprobs = 1 << SUPPLIED_BIT["labels"], 1 << SUPPLIED_BIT["logprobs"]
    assert masks == [(labels,), (labels,), (logprobs,)]
    assert intake.coverage["labels"] is Coverage.SOME
    assert intake.coverage["n"] is Coverage.NONE
    assert intake.coverage["model"] is Coverage.ALL


def test_period_includes_both_ends(write: Any, exchange: Any, tmp_path: Path) -> None:
    rows = [exchange(ts=f"2025-05-0{day}T00:00:00Z") for day in range(1, 6)]
    second, fourth = 1746144000000000, 1746316800000000
    intake, events = _intake(write(tmp_path / "e.csv", rows), since_us=second, until_us=fourth)
    assert [row[0] for row in events] == ["e2", "e3", "e4"]
    assert intake.tables["exchanges"].outside_period == 2
    assert (intake.first_us, intake.last_us) == (second, fourth)


def test_one_identity_keeps_one_row_whatever_the_order(
    write: Any, exchange: Any, tmp_path: Path
) -> None:
    one = exchange(event_id="same", n=1)
    rows = [one, one | {"n": 2}, one, exchange()]
    results = []
    for number, order in enumerate(([0, 1, 2, 3], [3, 1, 2, 0], [1, 0, 3, 2])):
        path = write(tmp_path / f"{number}.jsonl", [rows[place] for place in order])
        results.append(_intake(path))
    intake = results[0][0]
    assert (intake.tables["exchanges"].duplicates, intake.collisions) == (2, 1)
    assert all(events == results[0][1] for _, events in results)
    assert len({found.digest for found, _ in results}) == 1


def test_accounts_and_models_are_told_by_name(write: Any, exchange: Any, tmp_path: Path) -> None:
    write(tmp_path / "in" / "day=1" / "part.csv", [exchange(), exchange(account_id="a2")])
    account = {"account_id": "a1", "created_at": "2025-01-01", "plan": "free", "signup_ip": "::1"}
    write(tmp_path / "in" / "accounts" / "a.jsonl", [account, account])
    write(tmp_path / "in" / "models-2025.csv", [{"model": "m1", "released_at": "2025-02-03"}])
    with Workspace(threads=2) as workspace:
        intake = read_activity(workspace, str(tmp_path / "in"))
        accounts = workspace.rows("SELECT account_id, created_us, signup_ip_number FROM accounts")
        models = workspace.rows("SELECT * FROM models")
    assert accounts == [("a1", 1735689600000000, 1)]
    assert models == [("m1", 1738540800000000)]
    assert intake.tables["accounts"].duplicates == 1
    assert intake.coverage["account.plan"] is Coverage.SOME
    assert intake.coverage["account.payment_id"] is Coverage.NONE
    assert intake.active_accounts == 2


def test_reading_twice_replaces_the_tables(
    workspace: Workspace, write: Any, exchange: Any, tmp_path: Path
) -> None:
    path = str(write(tmp_path / "e.csv", [exchange()]))
    assert read_activity(workspace, path).digest == read_activity(workspace, path).digest
    assert workspace.value("SELECT count(*) FROM events") == 1


@pytest.mark.parametrize("name", ["e.csv", "e.jsonl", "e.json", "e.csv.gz", "e.jsonl.zst"])
def test_empty_files_hold_nothing(write: Any, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(write.packed(path, b""))
    intake, events = _intake(path)
    assert events == []
    assert intake.first_us is None
    assert intake.coverage["ts"] is Coverage.NONE


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("e.csv", b"event_id,ts\n1,2\n", "account_id"),
        ("e.csv", b"event_id,ts,account_id,model,ts\n", "more than once"),
        ("e.csv", b"event_id,ts,account_id,model\re,1746093600,a,m\r", "carriage returns alone"),
        ("e.parquet", b"PAR1 and no more", "e.parquet"),
        ("e.parquet", b"", "e.parquet"),
        ("e.jsonl.gz", b"not gzip", "e.jsonl.gz"),
        ("e.csv.zst", b"not zstandard", "e.csv.zst"),
        ("e.csv.zst", b"(", "e.csv.zst"),
        ("e.json", b'[{"event_id": 1}, ', "e.json"),
        ("e.xlsx", b"", "e.xlsx"),
        ("e.parquet.gz", b"", "e.parquet.gz"),
    ],
)
def test_unreadable_files_are_named(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=told):
        _intake(tmp_path / name)


@pytest.mark.parametrize("name", ["e.jsonl.gz", "e.jsonl.zst", "e.csv.gz", "e.csv.zst"])
def test_files_that_break_off_are_named(
    write: Any, exchange: Any, tmp_path: Path, name: str
) -> None:
    path = write(tmp_path / name, [exchange() for _ in range(100)])
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:-20])
    with pytest.raises(InputError, match=name):
        _intake(path)


@pytest.mark.parametrize("name", ["e.jsonl.gz", "e.jsonl.zst"])
def test_files_packed_in_pieces_are_read_whole(
    write: Any, exchange: Any, tmp_path: Path, name: str
) -> None:
    pieces = [write(tmp_path / str(n) / name, [exchange()]).read_bytes() for n in range(3)]
    (tmp_path / name).write_bytes(b"".join(pieces))
    assert _intake(tmp_path / name)[0].tables["exchanges"].kept == 3


def test_a_json_array_is_read_by_elements(exchange: Any, tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    path.write_text(json.dumps([exchange(), exchange(n="x")], indent=2))
    with Workspace(threads=2) as workspace:
        intake = read_activity(workspace, str(path))
        (entry,) = map(json.loads, intake.quarantine_path.read_text().splitlines())
    assert (intake.tables["exchanges"].kept, entry["row"], entry["field"]) == (1, 2, "n")
