"""Foreign records: Bedrock's, and what any source's files may look like."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.activity import json_values
from engine.activity.ingest import read_activity
from engine.activity.intake import Intake
from engine.activity.tables import SUPPLIED_BIT
from engine.activity.workspace import Workspace
from engine.errors import ExciseError, InputError
from engine.language.model.pack import Source

_KEYS = st.sampled_from(
    ["requestId", "timestamp", "identity", "arn", "modelId", "input", "output", "inputBodyJson",
     "outputBodyJson", "messages", "role", "content", "text", "tools", "logit_bias", "stopReason"]
)  # fmt: skip


def _record(**values: Any) -> dict[str, Any]:
    return {
        "schemaType": "ModelInvocationLog",
        "timestamp": "2025-05-15T14:17:22Z",
        "accountId": "111111111111",
        "identity": {"arn": "arn:aws:iam::111111111111:user/u"},
        "requestId": "r1",
        "operation": "Converse",
        "modelId": "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-v2",
        "input": {"inputBodyJson": {"messages": []}, "inputTokenCount": 3},
        "output": {"outputBodyJson": {"stopReason": "end_turn"}, "outputTokenCount": 4},
    } | values


def _read(
    path: Path, source: Source, columns: str
) -> tuple[Intake, list[tuple[Any, ...]], list[Any]]:
    with Workspace(threads=2) as workspace:
        intake = read_activity(workspace, str(path), source=source)
        rows = workspace.rows(f"SELECT {columns} FROM events ORDER BY event_id")
        entries = [json.loads(line) for line in intake.quarantine_path.read_text().splitlines()]
        return intake, rows, entries


def _one(tmp_path: Path, source: Source, record: object, columns: str) -> tuple[Any, ...]:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(record))
    _, rows, entries = _read(path, source, columns)
    assert entries == []
    return rows[0]


def test_converse(tmp_path: Path, bedrock: Source) -> None:
    record = _record(
        input={
            "inputTokenCount": 10,
            "cacheReadInputTokenCount": 90,
            "cacheWriteInputTokenCount": 5,
            "inputBodyJson": {
                "system": [{"text": "Be brief."}],
                "messages": [
                    {"role": "user", "content": [{"text": "first"}]},
                    {"role": "assistant", "content": [{"text": "yes"}]},
                    {"role": "user", "content": [{"text": "look"}, {"text": "here"}]},
                    {"role": "user", "content": [{"toolResult": {"status": "success"}}]},
                ],
                "inferenceConfig": {"temperature": 0, "maxTokens": 64},
                "toolConfig": {"tools": [{"toolSpec": {"name": "b"}}, {"toolSpec": {"name": "a"}}]},
            },
        }
    )
    columns = (
        "model, system_prompt, prompt, temperature, max_tokens, tool_count, input_tokens, "
        "cached_tokens, output_tokens, status, blocked_by, finish_reason, ts_us, logit_bias_ids"
    )
    assert _one(tmp_path, bedrock, record, columns) == (
        "anthropic.claude-v2", "Be brief.", "look\nhere", 0, 64, 2, 105, 90, 4, 200, None,
        "end_turn", 1747318642000000, None,
    )  # fmt: skip


def test_invoke_model_with_guardrail(tmp_path: Path, bedrock: Source) -> None:
    record = _record(
        input={"inputBodyJson": {"messages": [{"role": "user", "content": "hi"}], "system": "sys",
                                 "logit_bias": {"50256": -100}, "logprobs": True, "max_tokens": 9}},
        output={"outputBodyJson": {"amazon-bedrock-guardrailAction": "INTERVENED"}},
        errorCode="ThrottlingException",
    )  # fmt: skip
    columns = "prompt, system_prompt, logit_bias_ids, logprobs, max_tokens, blocked_by, status"
    found = _one(tmp_path, bedrock, record, columns)
    assert found == ("hi", "sys", [50256], True, 9, "guardrail", 429)


def test_streamed_output_and_signatures(tmp_path: Path, bedrock: Source) -> None:
    messages = [{"role": "assistant", "content": [{"type": "thinking", "signature": "S1"}]}]
    record = _record(
        input={"inputBodyJson": {"messages": messages}},
        output={"outputBodyJson": [
            {"type": "message_delta", "delta": {"stop_reason": "max_tokens"}},
            {"amazon-bedrock-guardrailAction": "INTERVENED"},
        ]},
    )  # fmt: skip
    columns = "finish_reason, blocked_by, reasoning_sig_redeemed"
    assert _one(tmp_path, bedrock, record, columns) == ("max_tokens", "guardrail", "S1")


def test_a_body_kept_elsewhere_is_unknown_not_unused(tmp_path: Path, bedrock: Source) -> None:
    record = _record(input={"inputBodyS3Path": "s3://b/k"}, output={}, errorCode="NewException")
    mask, status = _one(tmp_path, bedrock, record, "supplied, status")
    assert status is None
    for name in ("temperature", "logprobs", "blocked_by", "tool_count"):
        assert not mask & 1 << SUPPLIED_BIT[name]


def test_records_that_differ_are_kept_and_redeliveries_dropped(
    tmp_path: Path, bedrock: Source
) -> None:
    one, two = _record(), _record(extra=1)
    other = _record(identity={"arn": "b"})
    records = [one, two, one, dict(reversed(two.items())), other]
    results = []
    for number, order in enumerate(([0, 1, 2, 3, 4], [4, 3, 2, 1, 0])):
        folder = tmp_path / str(number)
        folder.mkdir()
        for place, index in enumerate(order):
            with gzip.open(folder / f"{place}.json.gz", "wt") as out:
                out.write(json.dumps(records[index]) + "\n")
        intake, rows, _ = _read(folder, bedrock, "event_id, account_id")
        assert intake.tables["exchanges"].duplicates == 2
        assert intake.collisions == 1
        results.append((rows, intake.digest))
    assert results[0] == results[1]
    assert [row[0] for row in results[0][0]] == ["r1", "r1#2", "r1#3"]


@pytest.mark.parametrize(
    "text",
    [
        "{0}\n{1}\n",
        "{0}{1}",
        "[{0},\n{1}]",
        "[{0}, {1}]",
        '{{"Records": [{0}, {1}]}}',
        "\ufeff{0}\r\n\r\n{1}",
        "2025-05-15T14:17:22.123Z {0}\n2025-05-15T14:17:23.000Z {1}",
        '{{"messageType": "DATA_MESSAGE", "logEvents": [{{"message": {2}}}, {{"message": {3}}}]}}',
    ],
)
def test_files_come_in_many_forms(tmp_path: Path, bedrock: Source, text: str) -> None:
    first, second = json.dumps(_record()), json.dumps(_record(requestId="r2"))
    path = tmp_path / "log.json"
    path.write_text(text.format(first, second, json.dumps(first), json.dumps(second)))
    intake, rows, entries = _read(path, bedrock, "event_id")
    assert rows == [("r1",), ("r2",)]
    assert entries == []
    assert intake.tables["exchanges"].read == 2


def test_what_is_broken_costs_nothing_before_it(tmp_path: Path, bedrock: Source) -> None:
    first, second = json.dumps(_record()), json.dumps(_record(requestId="r2"))
    control = {"messageType": "CONTROL_MESSAGE", "logEvents": [{"message": "Checking health"}]}
    texts = {
        "lines.jsonl": f"{first}{second}{{\n",
        "array.json": f"[{first},{second},",
        "pretty.json": f"[\n {first},\n {second},\n {second[:-9]}",
        "checked.jsonl": f"{json.dumps(control)}\n{first}\n{second}\n?",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        intake, rows, entries = _read(tmp_path / name, bedrock, "event_id")
        assert rows == [("r1",), ("r2",)]
        assert entries
        assert intake.tables["exchanges"].left_out == (name == "checked.jsonl")


def test_a_file_may_be_one_long_line(
    tmp_path: Path, bedrock: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_values, "LONGEST_LINE", 2_000)
    monkeypatch.setattr(json_values, "_READ", 500)
    monkeypatch.setattr("engine.activity.foreign.numbered_lines", None)
    path = tmp_path / "log.json"
    path.write_text("".join(json.dumps(_record(requestId=f"r{n}")) for n in range(9)))
    assert _read(path, bedrock, "event_id")[1] == [(f"r{n}",) for n in range(9)]


def test_half_of_a_surrogate_pair_hides_no_record(tmp_path: Path, bedrock: Source) -> None:
    body = {"system": "\udfff", "messages": [{"role": "user", "content": "cut \ud83d"}]}
    record = _record(input={"inputBodyJson": body}, requestMetadata={"user_id": "\ud800"})
    columns = "prompt, system_prompt, end_user_id"
    assert _one(tmp_path, bedrock, record, columns) == ("cut \ufffd", "\ufffd", "\ufffd")


def test_one_value_over_several_lines(tmp_path: Path, bedrock: Source) -> None:
    path = tmp_path / "log.json"
    path.write_text(json.dumps(_record(), indent=2))
    assert _read(path, bedrock, "event_id")[1] == [("r1",)]


@pytest.mark.parametrize(
    ("record", "field", "reason"),
    [
        ("{", None, "is not valid JSON"),
        ("17", None, "is not a JSON object"),
        ("[" * 100_000, None, "is not valid JSON"),
        (_record(timestamp="15/05/2025"), "ts", "is not a time"),
        (_record(timestamp="\udcff"), "ts", "is not a time"),
        (_record(timestamp="2525-05-15T14:17:22Z"), "ts", "is before 2000 or after 2100"),
        (_record(requestId=""), "event_id", "is missing"),
        (_record(identity={}), "account_id", "is missing"),
        (_record(identity={"arn": ["a"]}), "account_id", "is a list or an object"),
        (_record(modelId="m\ud800"), "model", "has half of a surrogate pair"),
        (_record(output={"outputTokenCount": -1}), "output_tokens", "is below 0"),
        (_record(output={"outputTokenCount": "x"}), "output_tokens", "is not a whole number"),
        (_record(input={"inputTokenCount": "x"}), "input_tokens", "cannot be mapped"),
    ],
)
def test_records_that_do_not_fit_are_set_aside(
    tmp_path: Path, bedrock: Source, record: object, field: str | None, reason: str
) -> None:
    path = tmp_path / "log.jsonl"
    bad = record if isinstance(record, str) else json.dumps(record)
    path.write_text(json.dumps(_record()) + "\n" + bad + "\n")
    intake, rows, entries = _read(path, bedrock, "event_id")
    assert rows == [("r1",)]
    assert [(e["row"], e["field"], e["reason"]) for e in entries] == [(2, field, reason)]
    assert intake.tables["exchanges"].quarantined == 1


def test_records_the_source_does_not_want_are_counted(tmp_path: Path, bedrock: Source) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text(json.dumps(_record(schemaType="Other")) + "\n" + json.dumps(_record()))
    intake, _, _ = _read(path, bedrock, "event_id")
    count = intake.tables["exchanges"]
    assert (count.read, count.kept, count.left_out) == (2, 1, 1)


def _source(**fields: str) -> Source:
    needed = {"event_id": "id", "ts": "ts ~s", "account_id": "user", "model": "model"}
    return Source("s", "S", "exchanges", tuple((needed | fields).items()), zone="Asia/Singapore")


@pytest.mark.parametrize(
    ("expression", "value", "stored"),
    [
        ("x ~s", 1747318642.5, 1747318642500000),
        ("x ~ms", "1747318642123.9", 1747318642123900),
        ("x ~ns", 1747318642123456789, 1747318642123456),
        ("x ~iso", "2025-05-15 22:17:22.000000000", 1747318642000000),
        ("x ~iso", "2025-05-15T14:17:22+00:00", 1747318642000000),
        ("parse_json(x).t ~iso", '{"t": "2025-05-15T22:17"}', 1747318620000000),
    ],
)
def test_times(tmp_path: Path, expression: str, value: object, stored: int) -> None:
    record = {"id": 1, "user": "u", "model": "m", "x": value}
    assert _one(tmp_path, _source(ts=expression), record, "ts_us") == (stored,)


@pytest.mark.parametrize(
    ("field", "expression", "value", "stored"),
    [
        ("asn", "x ~int", "AS64500", 64500),
        ("n", "x ~int", "150.0", 150),
        ("ip", "x ~ip", "203.0.113.9:1234, 10.0.0.1", "203.0.113.9"),
        ("ip", "x ~ip", "unknown, 203.0.113.9", None),
        ("ip", "x ~ip", "203.0.113.*", None),
        ("ip", "x ~ip", ["203.0.113.9"], None),
        ("status", "x ~status", "ok", 200),
        ("status", "x ~status", "503", 503),
        ("org_id", "x ~str", 17, "17"),
        ("org_id", "x || y", "None", None),
        ("labels", "x", ["a", "b"], ["a", "b"]),
        ("logprobs", "x", True, True),
        ("prompt", "last_user(parse_json(x))", '[{"role":"user","content":"hi"}]', "hi"),
    ],
)
def test_converters(
    tmp_path: Path, field: str, expression: str, value: object, stored: object
) -> None:
    record = {"id": "1", "user": "u", "model": "m", "ts": 1747318642, "x": value}
    source = _source(**{field: expression})
    assert _one(tmp_path, source, record, field) == (stored,)


def test_accounts_can_be_mapped(tmp_path: Path) -> None:
    fields = (("account_id", "id"), ("created_at", "born ~s"), ("plan", "tier"))
    path = tmp_path / "log.jsonl"
    path.write_text('{"id": "a", "born": 1747318642}\n{"id": "a", "born": 1747318642}\n')
    with Workspace(threads=2) as workspace:
        intake = read_activity(workspace, str(path), source=Source("s", "S", "accounts", fields))
        rows = workspace.rows("SELECT account_id, created_us, plan FROM accounts")
    assert rows == [("a", 1747318642000000, None)]
    assert intake.tables["accounts"].duplicates == 1


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (_source(model="x["), "not a JMESPath expression"),
        (_source(model="x ~nope"), "unknown converter"),
        (_source(colour="x"), "no field of exchanges"),
        (replace(_source(), zone="Mars/Base"), "unknown zone"),
        (replace(_source(), fields=(("event_id", "id"),)), "does not map"),
    ],
)
def test_wrong_sources_are_refused(tmp_path: Path, source: Source, told: str) -> None:
    path = tmp_path / "log.jsonl"
    path.touch()
    with Workspace(threads=2) as workspace, pytest.raises(ExciseError, match=told):
        read_activity(workspace, str(path), source=source)


def test_a_source_reads_json_only(tmp_path: Path, bedrock: Source) -> None:
    (tmp_path / "x.csv").touch()
    with Workspace(threads=2) as workspace, pytest.raises(InputError, match=r"x\.csv"):
        read_activity(workspace, str(tmp_path), source=bedrock)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=12,
)


@settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=8,
)
@given(changes=st.lists(st.dictionaries(_KEYS, _JSON, max_size=4), min_size=1, max_size=15))
def test_no_record_breaks_the_reading(
    workspace: Workspace, bedrock: Source, changes: list[dict[str, Any]]
) -> None:
    path = workspace.folder / "log.jsonl"
    path.write_text("".join(json.dumps(_record(**change)) + "\n" for change in changes))
    intake = read_activity(workspace, str(path), source=bedrock)
    assert intake.tables["exchanges"].read == len(changes)
    assert intake.quarantine_path.read_text().count("\n") == intake.tables["exchanges"].quarantined
