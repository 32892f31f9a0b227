"""Reading with state is reading: after any history of files, the same rows, counts and faults."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from state_reads import folders, read

from engine.activity.state.reading import Wanted
from engine.language.model.pack import Source

MINUTE_US = 60_000_000
START_US = 1_746_093_600_000_000

_FEW = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=3,
)
_MANY = settings(_FEW, max_examples=25)

# Few ids, times and texts: rows repeat and contradict one another, and some cannot be read.
_ROW = st.fixed_dictionaries(
    {
        "event_id": st.integers(0, 12).map(lambda n: f"e{n}"),
        "ts": st.integers(0, 5).map(lambda n: (START_US + n * MINUTE_US) // 1000),
        "account_id": st.sampled_from(["a", "b", ""]),
        "model": st.sampled_from(["m", "n"]),
    },
    optional={
        "prompt": st.sampled_from(["x", "y", ""]),
        "input_tokens": st.sampled_from([1, -1, "z"]),
        "labels": st.lists(st.sampled_from(["l"]), max_size=1),
    },
)
_ROWS = st.lists(_ROW, min_size=1, max_size=8)
_NAMES = st.sampled_from(
    ["1.jsonl", "2.jsonl.gz", "3.jsonl", "accounts-1.jsonl", "accounts-2.jsonl", "sub/4.jsonl.zst"]
)
_MOMENT = st.none() | st.integers(0, 5).map(lambda n: START_US + n * MINUTE_US)
_KEPT = st.sampled_from([None, frozenset({"prompt"}), frozenset({"prompt", "input_tokens"})])
_STEP = st.tuples(_NAMES, st.none() | _ROWS, _MOMENT, _MOMENT, _KEPT)
"""A file comes, or is replaced, or (None) goes away; then activity of a period is read."""


def put(write: Any, activity: Path, name: str, rows: list[dict[str, Any]] | None) -> None:
    if rows is None:
        (activity / name).unlink(missing_ok=True)
    elif name.startswith("accounts"):
        write(activity / name, [_account(row) for row in rows])
    else:
        write(activity / name, rows)


def _account(row: dict[str, Any]) -> dict[str, Any]:
    return {"account_id": row["account_id"], "org_id": row["model"], "created_at": row["ts"]}


_HISTORY = given(steps=st.lists(_STEP, min_size=2, max_size=5))


def follow(write: Any, steps: Any) -> None:
    with folders() as (activity, state):
        write(activity / "0.jsonl", [{"event_id": "first", "ts": 2, "account_id": "", "model": ""}])
        for name, rows, since_us, until_us, kept in steps:
            put(write, activity, name, rows)
            wanted = Wanted(since_us=since_us, until_us=until_us, kept=kept)
            assert read(activity, state, wanted)[0] == read(activity, None, wanted)[0]


@_FEW
@_HISTORY
def test_any_history_of_files_is_read_as_if_it_had_come_at_once(write: Any, steps: Any) -> None:
    follow(write, steps)


@pytest.mark.slow
@_MANY
@_HISTORY
def test_many_histories(write: Any, steps: Any) -> None:
    follow(write, steps)


_SPLIT = given(
    stream=st.lists(_ROW, min_size=4, max_size=24),
    cuts=st.lists(st.integers(0, 24), min_size=1, max_size=3),
    order=st.randoms(use_true_random=False),
)


def split(write: Any, stream: Any, cuts: Any, order: Any) -> None:
    bounds = [0, *sorted(cuts), len(stream)]
    parts = [stream[a:b] for a, b in itertools.pairwise(bounds) if stream[a:b]]
    named = [(f"{n}.{('parquet', 'jsonl', 'csv')[n % 3]}", part) for n, part in enumerate(parts)]
    order.shuffle(named)
    with folders() as (activity, state):
        for name, part in named:
            plain = [{"prompt": None, "input_tokens": None, "labels": None} | row for row in part]
            for row in plain:
                if name.endswith("parquet"):
                    row |= {"ts": "2025-05-01T10:00:00Z", "input_tokens": None}
            write(activity / name, plain)
            found, rebuilt = read(activity, state, Wanted())
            assert rebuilt is None
        assert found == read(activity, None, Wanted())[0]


@_FEW
@_SPLIT
def test_a_stream_may_be_split_in_any_way(write: Any, stream: Any, cuts: Any, order: Any) -> None:
    split(write, stream, cuts, order)


@pytest.mark.slow
@_MANY
@_SPLIT
def test_many_splits(write: Any, stream: Any, cuts: Any, order: Any) -> None:
    split(write, stream, cuts, order)


_RECORD = st.fixed_dictionaries(
    {
        "schemaType": st.sampled_from(["ModelInvocationLog", "other"]),
        "timestamp": st.sampled_from(["2025-05-15T14:17:22Z", "2025-05-15T14:18:22Z", "never"]),
        "requestId": st.sampled_from(["r1", "r2", "r1#2"]),
        "modelId": st.just("m"),
        "identity": st.sampled_from([{"arn": "u"}, {"arn": "v"}]),
        "output": st.sampled_from([{}, {"outputTokenCount": 4}]),
        "requestMetadata": st.sampled_from([{}, {"user_id": "w"}]),
    }
)
_DELIVERIES = st.lists(
    st.tuples(st.integers(0, 3), st.none() | st.lists(_RECORD, min_size=1, max_size=6)),
    min_size=1,
    max_size=5,
)


_DELIVERED = given(deliveries=_DELIVERIES, since_us=_MOMENT)


def deliver(source: Source, deliveries: Any, since_us: int | None) -> None:
    wanted = Wanted(source=source, since_us=since_us)
    with folders() as (activity, state):
        activity.mkdir()
        (activity / "0.json").write_text("[]")
        for number, records in deliveries:
            path = activity / f"{number}.json"
            if records is not None:
                path.write_text(json.dumps({"Records": records}))
            elif number:
                path.unlink(missing_ok=True)
            assert read(activity, state, wanted)[0] == read(activity, None, wanted)[0]


@_FEW
@_DELIVERED
def test_foreign_records_are_numbered_as_if_they_had_come_at_once(
    bedrock: Source, deliveries: Any, since_us: int | None
) -> None:
    deliver(bedrock, deliveries, since_us)


@pytest.mark.slow
@_MANY
@_DELIVERED
def test_many_deliveries(bedrock: Source, deliveries: Any, since_us: int | None) -> None:
    deliver(bedrock, deliveries, since_us)
