"""What a run took is heard from its progress, and shared out to policies without a remainder."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.batch.costs import costs, plan_of, profile_record, served
from engine.batch.evaluate import MEASURING, THE_RESPONSES
from engine.batch.profile import Profile, Stopwatch, read_profile
from engine.errors import InputError
from engine.language.load import find_rules, require_pack
from engine.language.model.pack import Pack
from engine.signals.execute import facts_step


@pytest.fixture(scope="module")
def pack() -> Pack:
    return require_pack(find_rules())


def profile(pack: Pack, **coverage: str) -> Profile:
    """Return the profile of a run whose first step took a second, the next two, and so on."""
    plan = plan_of(pack, Profile("run-1", pack.digest, coverage, {}))
    names = served(pack, Profile("run-1", pack.digest, coverage, {}))
    assert {*plan.names.values(), *map(facts_step, plan.kinds)} <= set(names)
    steps = ["reading activity", *(f"{MEASURING}{name}" for name in names), "deciding"]
    return Profile("run-1", pack.digest, coverage, {step: at for at, step in enumerate(steps, 1)})


def test_each_step_lasts_until_the_next_one_begins() -> None:
    ticks = iter([10.0, 12.5, 12.5, 13.0, 13.0, 13.25])
    heard: list[str] = []
    stopwatch = Stopwatch(heard.append, lambda: next(ticks))
    for step in ("read", "link", "read"):
        stopwatch(step)
    assert dict(stopwatch.stop()) == {"read": 2.75, "link": 0.5}
    assert stopwatch.stop() == stopwatch.stop()
    assert heard == ["read", "link", "read"]


@pytest.mark.parametrize("coverage", [{}, {"prompt": "none", "labels": "none", "ip": "none"}])
def test_shares_add_up_to_what_measuring_took(pack: Pack, coverage: dict[str, str]) -> None:
    took = profile(pack, **coverage)
    found = costs(pack, took)
    assert math.isclose(sum(one.seconds for one in found), sum(took.measuring.values()))
    asking = {one.name for one in pack.policies if one.status.evaluated and one.signals}
    assert {one.policy for one in found} == {*asking, THE_RESPONSES}
    assert all(0 <= one.alone <= one.seconds for one in found)
    assert sum(one.alone for one in found) < sum(took.measuring.values())


def test_what_a_policy_needs_alone_is_its_own(pack: Pack) -> None:
    found = {one.policy: one for one in costs(pack, profile(pack))}
    assert found["machine-rhythm"].alone > 0
    assert found[THE_RESPONSES].alone == 0


def test_a_run_that_measured_nothing_cost_nobody_anything(pack: Pack) -> None:
    assert costs(pack, Profile("run-1", pack.digest, {}, {"reading activity": 1.5})) == ()


def test_a_file_holds_all_of_it(pack: Pack, tmp_path: Path) -> None:
    kept, file = profile(pack, prompt="none"), tmp_path / "profile.json"
    record = profile_record(pack, kept)
    file.write_text(json.dumps(record))
    assert read_profile(file) == kept
    assert [one["policy"] for one in record["policies"]] == [
        one.policy for one in costs(pack, kept)
    ]


WHOLE = {"run": "r", "pack": "p", "version": "0", "coverage": {}, "steps": []}
STEP = {"step": "deciding", "seconds": 1}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ("\xff", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "no `run`"),
        (json.dumps({**WHOLE, "pack": 7}), "no `pack`"),
        (json.dumps({**WHOLE, "coverage": {"prompt": 1}}), "`coverage`"),
        (json.dumps({**WHOLE, "steps": {}}), "no `steps`"),
        (json.dumps({**WHOLE, "steps": [7]}), "no `step`"),
        (json.dumps({**WHOLE, "steps": [{**STEP, "seconds": "1"}]}), "no `seconds`"),
        (json.dumps({**WHOLE, "steps": [{**STEP, "seconds": True}]}), "not a time"),
        (json.dumps({**WHOLE, "steps": [{**STEP, "seconds": -1}]}), "not a time"),
        (json.dumps({**WHOLE, "steps": [{**STEP, "seconds": math.nan}]}), "not a time"),
        (json.dumps({**WHOLE, "steps": [{**STEP, "seconds": 10**400}]}), "not a time"),
    ],
)
def test_a_file_that_is_no_profile_is_named_and_said_why(
    text: str, why: str, tmp_path: Path
) -> None:
    file = tmp_path / "profile.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match=why) as told:
        read_profile(file)
    assert str(file) in str(told.value)


def test_so_is_one_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(InputError, match="cannot be read"):
            read_profile(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*WHOLE, *STEP]), inner),
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profiles") / "profile.json"


@given(anything=JSON, parts=st.dictionaries(st.sampled_from([*WHOLE]), JSON))
def test_whatever_json_there_is_it_is_read_or_refused(
    anything: object, parts: dict[str, object], file: Path
) -> None:
    for document in (anything, {**WHOLE, **parts}):
        file.write_text(json.dumps(document))
        try:
            read_profile(file)
        except InputError as error:
            assert str(file) in str(error)  # noqa: PT017 - either is right
