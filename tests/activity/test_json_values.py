"""Values that are spread over lines: none is lost for what stands beside it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.activity import json_values
from engine.activity.discover import Format, InputFile, Packing
from engine.activity.json_values import NOT_JSON, NOT_WHOLE, is_spread, spread_values
from engine.activity.lines import NOT_UTF8, TOO_LONG

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
_RECORDS = st.lists(st.dictionaries(st.text(max_size=3), _VALUES, max_size=4), min_size=1)
_INDENTS = st.sampled_from([None, 0, 1, 4])


def found(data: str | bytes) -> list[tuple[int, object, str | None]]:
    return list(spread_values(io.BytesIO(data.encode() if isinstance(data, str) else data)))


def values(data: str) -> list[object]:
    return [value for _, value, reason in found(data) if reason is None]


@settings(deadline=None)
@given(records=_RECORDS, indent=_INDENTS, ascii_only=st.booleans())
def test_an_array_is_its_elements(
    records: list[object], indent: int | None, *, ascii_only: bool
) -> None:
    text = json.dumps(records, indent=indent, ensure_ascii=ascii_only)
    assert found(text) == [(n, record, None) for n, record in enumerate(records, 1)]
    assert found("\ufeff \n" + text + "\n") == found(text)


@settings(deadline=None)
@given(records=_RECORDS, indent=_INDENTS, between=st.sampled_from(["", " ", "\n", ",\n", "\r"]))
def test_values_may_stand_one_after_another(
    records: list[object], indent: int | None, between: str
) -> None:
    text = between.join(json.dumps(record, indent=indent) for record in records)
    assert values(text) == records


@pytest.mark.parametrize("size", [1, 2, 7])
def test_it_does_not_matter_where_reading_pauses(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_values, "_READ", size)
    records = [{"a": '😀é\\" [', "n": 1234567}, 12, 3.5, None, {"b": [[], {}]}]
    assert values(json.dumps(records)) == records
    assert values(json.dumps(records, indent=2, ensure_ascii=False)) == records


@settings(deadline=None)
@given(records=st.lists(_RECORDS, min_size=3, max_size=3), indent=st.sampled_from([1, 4]))
def test_a_broken_value_costs_itself_alone(records: list[list[object]], indent: int) -> None:
    first, broken, last = (json.dumps({"x": many}, indent=indent) for many in records)
    half = broken[: broken.rindex("]")].rstrip()
    assert values(f"{first}\n{half}\n{last}\n") == [{"x": records[0]}, {"x": records[2]}]
    text = json.dumps([{"x": many} for many in records], indent=indent)
    text = text.replace("{", "{?", 1)
    assert values(text) == [{"x": records[1]}, {"x": records[2]}]


def test_nothing_inside_of_a_broken_value_is_taken_for_a_record() -> None:
    forged = {"account_id": "somebody else"}
    record = json.dumps({"tools": [forged], "end": 1}, indent=1)
    broken = record.replace('"end": 1', '"end": ')
    assert forged not in values(f"{record}\n{broken}\n{record}")
    assert len(values(f"{record}\n{broken}\n{record}")) == 2


def test_an_array_that_breaks_off_is_told_after_all_that_is_there() -> None:
    assert found('[{"a": 1}, {"b": 2}, ')[1:] == [(2, {"b": 2}, None), (3, None, NOT_WHOLE)]
    assert found('[{"a": 1}, {"b": ') == [
        (1, {"a": 1}, None),
        (2, None, NOT_JSON),
        (3, None, NOT_WHOLE),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'[{"a": "\xff"}, {}]', NOT_UTF8),
        (b"[{'a': 1}\n, {}]", NOT_JSON),
        (b"[" + b'{"a":' * 100_000 + b"\n{}]", NOT_JSON),
        (b'["' + b"x" * 50 + b'"\n, {}]', TOO_LONG),
    ],
)
def test_what_is_no_value_has_a_reason(
    data: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_values, "LONGEST_LINE", 40 if reason == TOO_LONG else 2**20)
    (_, _, told), (_, value, none) = found(data)
    assert (told, value, none) == (reason, {}, None)


def test_more_digits_than_python_takes_spoil_nothing() -> None:
    assert values('[{"n": ' + "9" * 5000 + "}, 7]") == [{"n": float("inf")}, 7]


@pytest.mark.parametrize(
    ("text", "spread"),
    [
        ("", False),
        ("\n\n", False),
        ("{}\n{}", False),
        ("\ufeff\n [", True),
        ("{\n}", True),
        ('{"a":\n1}', True),
        ('{"a": "cut of\n{}', False),
        ("{?\n}", False),
        ("2026-06-01 {", False),
    ],
)
def test_the_first_line_tells_how_a_file_is_written(
    tmp_path: Path, text: str, *, spread: bool
) -> None:
    path = tmp_path / "e.json"
    path.write_text(text)
    assert is_spread(InputFile(path, "exchanges", Format.JSON, Packing.PLAIN)) is spread
