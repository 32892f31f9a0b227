"""A run over hashes, labels and metadata: equal to one over text but for what looks into text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from activity import excise
from ledger_state import state

from engine.activity.faults import PRIVATE
from engine.authoring.judging import judged
from engine.batch.evaluate import measures_of
from engine.batch.run import RunRequest
from engine.campaigns.campaign import Linkage
from engine.errors import ExitCode
from engine.language.load import find_rules, require_pack
from engine.language.walk import fields_read
from engine.language.words import SubjectKind
from engine.signals.facts import Column, signal_key
from fixtures.truth import Truth

World = tuple[Path, Truth]
PACK = require_pack(find_rules())
CONTENT = {
    policy.name
    for policy in PACK.policies
    if any(ref.name in PRIVATE for signal in policy.signals for ref in fields_read(signal.measure))
}
DB = ("--db", "sqlite:///ledger.db")


@pytest.fixture(scope="module")
def hashed(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the world's activity without its text."""
    folder = tmp_path_factory.mktemp("hashed")
    done = excise("activity", "hash", str(world[0]), "kept", folder=folder)
    assert done.returncode == ExitCode.OK, done.stderr
    assert {path.name for path in folder.iterdir()} == {"kept"}
    return folder / "kept"


@pytest.fixture(scope="module")
def unlabelled(hashed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return activity of which nobody told what the prompts ask for."""
    folder = tmp_path_factory.mktemp("unlabelled")
    for path in hashed.iterdir():
        labels = "EXCLUDE labels" if path.name == "exchanges.parquet" else ""
        duckdb.execute(f"COPY (SELECT * {labels} FROM '{path}') TO '{folder / path.name}'")
    return folder


def measured(activity: Path) -> tuple[Linkage, dict[tuple[SubjectKind, str], Column]]:
    """Return the campaigns, and every signal that looks into no text."""
    with judged(PACK, RunRequest(str(activity))) as found:
        columns = {
            (kind, key): found.evaluation.tables[kind].columns[key]
            for kind, measures in measures_of(PACK).items()
            for measure in measures
            if not any(ref.name in PRIVATE for ref in fields_read(measure))
            for key in (signal_key(measure),)
        }
        return found.evaluation.linkage, columns


def report(activity: Path, folder: Path) -> Mapping[str, dict[str, object]]:
    done = excise("run", "--activity", str(activity), *DB, "--json", folder=folder)
    assert done.returncode == ExitCode.OK, done.stderr
    return {line["policy"]: line for line in json.loads(done.stdout)["policies"]}


def findings(folder: Path) -> list[dict[str, object]]:
    """Return what was found by policies that look into no text, without what names the run."""
    rows = []
    for row in state(folder / "ledger.db")["findings"]:
        if row["policy"] not in CONTENT:
            names = ("finding_id", "run_id", "case_id", "body", "position")
            rows.append({key: value for key, value in row.items() if key not in names})
    return rows


def test_nothing_is_left_of_the_text(hashed: Path, world: World) -> None:
    described = duckdb.execute(f"DESCRIBE FROM '{hashed}/exchanges.parquet'").fetchall()
    assert not {name for name, *_ in described} & PRIVATE
    prompts = duckdb.execute(
        f"SELECT prompt FROM '{world[0]}/exchanges.parquet' WHERE strlen(prompt) > 40 LIMIT 200"
    )
    written = b"".join(path.read_bytes() for path in hashed.iterdir())
    assert not any(prompt.encode() in written for (prompt,) in prompts.fetchall())


def test_campaigns_and_facts_are_those_of_the_text(hashed: Path, world: World) -> None:
    linkage, facts = measured(world[0])
    again, facts_again = measured(hashed)
    assert again == linkage
    assert facts.keys() == facts_again.keys()
    assert len(facts) > 20
    for name, column in facts.items():
        other = facts_again[name]
        assert np.array_equal(column.low, other.low), name
        assert np.array_equal(column.high, other.high), name
        assert column.counts.keys() == other.counts.keys()
        for part, numbers in column.counts.items():
            assert np.array_equal(numbers, other.counts[part]), (name, part)


def test_findings_are_those_of_the_text(hashed: Path, world: World, tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "hashed").mkdir()
    lines = report(world[0], tmp_path / "text")
    again = report(hashed, tmp_path / "hashed")
    assert findings(tmp_path / "hashed") == findings(tmp_path / "text") != []
    assert {name: line for name, line in again.items() if name not in CONTENT} == {
        name: line for name, line in lines.items() if name not in CONTENT
    }
    # What labels tell is enough here; text that nobody has could only add to it.
    assert all(again[name]["findings"] == lines[name]["findings"] != 0 for name in CONTENT)


def test_what_needs_text_is_told_to_be_undecided(unlabelled: Path, tmp_path: Path) -> None:
    lines = report(unlabelled, tmp_path)
    assert {"reasoning-harness"} == CONTENT
    for name in CONTENT:
        assert lines[name]["findings"] == 0
        assert lines[name]["undecided"] != 0
        assert lines[name]["lacking"] == ["labels", "prompt", "system_prompt"]
    said = excise("run", "--activity", str(unlabelled), "--dry-run", folder=tmp_path).stdout
    assert "not judged: reasoning-harness for " in said
    assert "no row supplies labels, prompt, system_prompt" in said


def test_a_backtest_tells_it_too(unlabelled: Path, tmp_path: Path) -> None:
    backtest = ("policy", "backtest", "--against", str(find_rules()), "--activity", str(unlabelled))
    done = excise(*backtest, folder=tmp_path)
    assert done.returncode == ExitCode.OK, done.stderr
    assert "not judged: reasoning-harness for " in done.stdout
    told = json.loads(excise(*backtest, "--format", "json", folder=tmp_path).stdout)
    by_name = {one["policy"]: one for one in told["policies"]}
    assert by_name["reasoning-harness"]["lacking"] == ["labels", "prompt", "system_prompt"]
    assert by_name["shared-template"]["lacking"] == []
    assert by_name["shared-template"]["hits"] > 0


def test_without_hashes_there_is_still_what_metadata_tell(
    hashed: Path, world: World, tmp_path: Path
) -> None:
    """Neither template nor prompt is known: less is linked, and nothing is guessed."""
    bare = tmp_path / "bare"
    bare.mkdir()
    hashes = "prompt_hash, prompt_shape, system_shape"
    for path in hashed.iterdir():
        left = f"EXCLUDE ({hashes})" if path.name == "exchanges.parquet" else ""
        duckdb.execute(f"COPY (SELECT * {left} FROM '{path}') TO '{bare / path.name}'")
    links = tuple(
        replace(one, connectors=tuple(c for c in one.connectors if c.shared != "prompt_shape"))
        for one in PACK.links
    )
    with judged(replace(PACK, links=links), RunRequest(str(world[0]))) as unworded:
        wanted = unworded.evaluation.linkage
    linkage, facts = measured(bare)
    assert linkage == wanted
    assert all(np.all(column.low <= column.high) for column in facts.values())
    lines = report(bare, tmp_path)
    assert lines["shared-template"]["lacking"] == ["prompt_shape"]
    assert lines["shared-template"]["findings"] == 0
    assert lines["pooled-payment"]["findings"] != 0
