from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decide.encode import EncodingError, encode, encode_fact


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-(2**63), "-9223372036854775808"),
        (2**63 - 1, "9223372036854775807"),
        (1.0, "1.0"),
        (-0.0, "0.0"),
        (1e-9, "1.0e-09"),
        (-1e-9, "-1.0e-09"),
        (1.5e-9, "1.5e-09"),
        (1e16, "1.0e+16"),
        (2.0**53, "9007199254740992.0"),
        (5e-324, "5.0e-324"),
        ("größe", '"größe"'),
        ('a"b\\c\n\x00', '"a\\"b\\\\c\\n\\u0000"'),
        ({"a": [1, {"b": 2.0}]}, '{"a":[1,{"b":2.0}]}'),
    ],
)
def test_writes_what_the_engine_reads(value: object, written: str) -> None:
    assert encode(value) == written


@pytest.mark.parametrize(
    "value",
    [None, math.nan, math.inf, -math.inf, 2**63, -(2**63) - 1, (1,), b"a", "\ud800", {1: 2}, {"a"}],
)
def test_refuses_what_the_engine_would_misread(value: object) -> None:
    with pytest.raises(EncodingError, match="the rules engine"):
        encode(value)
    with pytest.raises(EncodingError, match="the rules engine"):
        encode({"a": [value]})


def test_limits_texts_by_their_bytes() -> None:
    assert encode("é" * 2048) == '"' + "é" * 2048 + '"'
    with pytest.raises(EncodingError, match="4097 bytes"):
        encode("é" * 2048 + "a")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_have_a_point_and_come_back(value: float) -> None:
    written = encode(value)
    assert "." in written.split("e")[0]
    assert float(written) == value


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_texts_come_back(value: str) -> None:
    assert json.loads(encode(value)) == value


def test_facts_are_flat_and_narrow() -> None:
    assert encode_fact({"kind": "number", "low": 1.0}) == '{"kind":"number","low":1.0}'
    with pytest.raises(EncodingError, match="list"):
        encode_fact({"kind": [1]})  # type: ignore[dict-item]
    with pytest.raises(EncodingError, match="201 fields"):
        encode_fact({f"f{number}": 1.0 for number in range(201)})
