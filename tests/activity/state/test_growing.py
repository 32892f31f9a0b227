"""A file of lines that grows is read where it was left, to what reading all of it comes to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from state_reads import folders, read

from engine.activity import foreign, json_lines
from engine.activity.lines import numbered_lines
from engine.activity.state import renewing
from engine.activity.state.reading import Wanted
from engine.language.model.pack import Source

_FEW = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=4,
)
_MANY = settings(_FEW, max_examples=40)

_ROW = st.fixed_dictionaries(
    {
        "event_id": st.integers(0, 9).map(lambda n: f"e{n}"),
        "ts": st.sampled_from([1_746_093_600_000, 1_746_093_660_000]),
        "account_id": st.sampled_from(["a", "b", ""]),
        "model": st.just("m"),
    },
    optional={
        "prompt": st.sampled_from(["x", ""]),
        "output_tokens": st.sampled_from([1, -1]),
        "labels": st.just(["l"]),
    },
)
_LINE = st.one_of(
    _ROW.map(json.dumps).map(str.encode),
    st.sampled_from([b"", b"{", b"[", b"\xff", b"\xef\xbb\xbf", b"{}", b"[{}]", b"null", b"]"]),
)
_PIECES = st.lists(
    st.tuples(
        st.lists(_LINE, max_size=4).map(b"\n".join), st.sampled_from([b"\n", b"\n", b"\r\n", b""])
    ).map(b"".join),
    min_size=2,
    max_size=4,
)
"""What is written one after another; some of it ends in the middle of a line."""
_GROWTH = given(pieces=_PIECES, kind=st.sampled_from(["1.jsonl", "accounts.jsonl"]))


def append(path: Path, piece: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("ab") as out:
        out.write(piece)


def grow(pieces: list[bytes], name: str, wanted: Wanted) -> None:
    with folders() as (activity, state):
        append(activity / "0.jsonl", b"{}\n")
        for piece in pieces:
            append(activity / name, piece)
            assert read(activity, state, wanted)[0] == read(activity, None, wanted)[0]


@_FEW
@_GROWTH
def test_growth_in_any_pieces_comes_to_the_whole(pieces: list[bytes], kind: str) -> None:
    grow(pieces, kind, Wanted())


@pytest.mark.slow
@_MANY
@_GROWTH
def test_growth_in_many_pieces(pieces: list[bytes], kind: str) -> None:
    grow(pieces, kind, Wanted())


def record(number: int, **more: object) -> bytes:
    said = {"schemaType": "ModelInvocationLog", "timestamp": "2025-05-15T14:17:22Z"}
    rest = {"requestId": f"r{number}", "modelId": "m", "identity": {"arn": "u"}}
    return json.dumps(said | rest | more).encode()


_RECORD = st.one_of(
    st.integers(0, 4).map(record),
    st.integers(0, 4).map(lambda n: record(n, output={"outputTokenCount": 4})),
    st.just(record(7, schemaType="other")),
    st.sampled_from([b"", b"{", b"}", b"[", b"]", b"[{},", b"{}]", record(1) + record(2)]),
)
_RECORDS = st.lists(
    st.tuples(st.lists(_RECORD, max_size=4).map(b"\n".join), st.sampled_from([b"\n", b""])).map(
        b"".join
    ),
    min_size=2,
    max_size=4,
)
_FOREIGN = given(pieces=_RECORDS)


@_FEW
@_FOREIGN
def test_growth_of_foreign_records_comes_to_the_whole(bedrock: Source, pieces: list[bytes]) -> None:
    grow(pieces, "1.jsonl", Wanted(source=bedrock))


@pytest.mark.slow
@_MANY
@_FOREIGN
def test_growth_of_many_foreign_records(bedrock: Source, pieces: list[bytes]) -> None:
    grow(pieces, "1.jsonl", Wanted(source=bedrock))


@pytest.fixture
def numbers(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the numbers of all lines that are read from now on."""
    seen: list[int] = []

    def noted(stream: BinaryIO, before: int = 0) -> Iterator[tuple[int, bytes | None]]:
        for number, line in numbered_lines(stream, before):
            seen.append(number)
            yield number, line

    monkeypatch.setattr(json_lines, "numbered_lines", noted)
    monkeypatch.setattr(foreign, "numbered_lines", noted)
    return seen


def row(number: int, **more: object) -> bytes:
    said = {"event_id": f"e{number}", "ts": 1_746_093_600_000 + number, "account_id": "a"}
    return json.dumps(said | {"model": "m"} | more).encode() + b"\n"


def test_only_new_lines_are_read(numbers: list[int]) -> None:
    with folders() as (activity, state):
        append(activity / "1.jsonl", row(1) + row(2))
        read(activity, state)
        append(activity / "1.jsonl", row(3, prompt="x") + row(2))
        found, rebuilt = read(activity, state)
        assert (numbers, rebuilt) == ([1, 2, 3, 4], None)
        assert found == read(activity, None)[0]


def test_only_new_foreign_lines_are_read(bedrock: Source, numbers: list[int]) -> None:
    wanted = Wanted(source=bedrock)
    with folders() as (activity, state):
        append(activity / "1.jsonl", record(1) + b"\n" + record(2) + b"\n")
        read(activity, state, wanted)
        append(activity / "1.jsonl", record(3) + b"\n")
        read(activity, state, wanted)
        assert numbers == [1, 2, 3]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(row(1) + row(2), row(1) + row(9) + row(3), id="another line in the middle"),
        pytest.param(row(1) + row(2)[:-1], row(1) + row(2) + row(3), id="a line without its end"),
        pytest.param(row(1) + row(2), row(1), id="shorter"),
    ],
)
def test_any_other_change_has_all_of_it_read_again(
    numbers: list[int], before: bytes, after: bytes
) -> None:
    with folders() as (activity, state):
        append(activity / "1.jsonl", before)
        read(activity, state)
        numbers.clear()
        (activity / "1.jsonl").write_bytes(after)
        found = read(activity, state)[0]
        assert numbers == list(range(1, 1 + after.count(b"\n")))
        assert found == read(activity, None)[0]


def test_who_writes_on_while_it_is_read_is_read_next_time(
    monkeypatch: pytest.MonkeyPatch, numbers: list[int]
) -> None:
    with folders() as (activity, state):
        append(activity / "1.jsonl", row(1) + row(2))
        reading = renewing.stage

        def meanwhile(task: Any, staging: Any) -> Any:
            if staging.kind.name == "exchanges":
                append(activity / "1.jsonl", row(3))
            return reading(task, staging)

        with monkeypatch.context() as patched:
            patched.setattr(renewing, "stage", meanwhile)
            (first, _, tables), _ = read(activity, state)
        assert (first.tables["exchanges"].read, len(tables["events"])) == (2, 2)
        assert read(activity, state)[0] == read(activity, None)[0]
        assert numbers[:3] == [1, 2, 3]
