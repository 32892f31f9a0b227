"""A reseller's customer who extracts the model is found; those beside him are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.batch.run import RunRequest, RunResult, run
from engine.campaigns.campaign import is_slice
from engine.cli.main import main
from engine.errors import ExitCode
from engine.language.load import find_rules, require_pack
from engine.ledger.records import CaseRecord, FindingRecord
from engine.ledger.store import Ledger
from fixtures.generate import generate
from fixtures.mixed_pool import AUTHORISED, CARRIERS, POOL
from fixtures.populations import MIXED
from fixtures.scale import AS_OF_US, DAY_US, Scale
from fixtures.truth import Truth

PACK = require_pack(find_rules())
Story = tuple[Ledger, Truth, RunResult, Path]


@pytest.fixture(scope="module", params=[5, 6])
def story(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """Run four days before the end, and at the end."""
    folder = tmp_path_factory.mktemp("mixed")
    activity = folder / "activity"
    truth = generate(Scale(60_000, 2_000), request.param, activity, MIXED)
    with Ledger.open(str(folder / "ledger.db")) as ledger:
        until = AS_OF_US - 4 * DAY_US
        run(PACK, RunRequest(str(activity), as_of_us=until, until_us=until), ledger)
        result = run(PACK, RunRequest(str(activity)), ledger)
        yield ledger, truth, result, activity


def distillation(story: Story) -> list[FindingRecord]:
    records = story[2].records
    assert records is not None
    content = {"reasoning-harness", "shared-template", "single-turn-harvest"}
    return [one for one in records.findings if one.policy in content]


def slices(story: Story) -> list[CaseRecord]:
    return [case for case in story[0].cases() if is_slice(case.subject_id)]


def members(story: Story, case: CaseRecord) -> set[str]:
    return {member.account_id for member in story[0].members(case.case_id)}


def test_the_slice_is_found_with_the_accounts_that_send_it(story: Story) -> None:
    (finding,) = distillation(story)
    (case,) = slices(story)
    assert finding.subject_id == case.subject_id
    assert members(story, case) == story[1].accounts(CARRIERS)
    assert case.behaviour == "distillation"


def test_the_pool_is_a_reseller_and_the_reseller_with_a_contract_nothing_worse(
    story: Story,
) -> None:
    truth = story[1]
    wholes = {frozenset(members(story, case)): case for case in story[0].cases()}
    pool = wholes[truth.accounts(POOL) | truth.accounts(CARRIERS)]
    assert (pool.behaviour, pool.title) == ("resale", "Access sold on")
    assert wholes[truth.accounts(AUTHORISED)].behaviour == "resale"


def test_only_those_who_answer_for_the_accounts_hear_of_it(story: Story) -> None:
    ledger, truth, *_ = story
    (case,) = slices(story)
    warned = [one for one in ledger.actions(case_id=case.case_id) if one.action != "log"]
    assert {(one.action, one.status) for one in warned} == {("warn", "proposed")}
    assert {one.account_id for one in warned} == truth.accounts(CARRIERS)
    others = [c for c in ledger.cases() if c.case_id != case.case_id]
    done = {one.action for c in others for one in ledger.actions(case_id=c.case_id)}
    assert done == {"log", "require_verification"}


def test_products_of_honest_customers_are_cut_out_and_answer_for_nothing(story: Story) -> None:
    records = story[2].records
    assert records is not None
    cut = {one.subject_id for one in records.findings if is_slice(one.subject_id)}
    (case,) = slices(story)
    assert len(cut) > 1
    assert {c.subject_id for c in story[0].cases()} & cut == {case.subject_id}


def test_the_evidence_names_the_template_and_the_customer(story: Story) -> None:
    (case,) = slices(story)
    for member in story[0].members(case.case_id):
        assert '"shared":"prompt_shape"' in member.evidence
        assert '"shared":"end_user_id"' in member.evidence
    samples = story[0].samples(case.case_id)
    assert len({one.excerpt[:60] for one in samples}) == 1


def test_a_slice_keeps_its_identity_and_its_case(story: Story) -> None:
    """Its case was opened by the first run, and the second one adds to it."""
    (case,) = slices(story)
    assert case.run_id != story[2].report.run_id
    (sentence,) = story[2].report.slices
    assert sentence.startswith(f"campaign {case.subject_id} is a part of c-")


def test_explain_tells_what_the_run_found(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    (case,) = slices(story)
    line = ["policy", "explain", "reasoning-harness", "--subject", case.subject_id]
    line += ["--activity", str(story[3])]
    assert main(line) == ExitCode.OK
    (finding,) = distillation(story)
    assert f"{case.subject_id}: finding" in (text := capsys.readouterr().out)
    assert finding.explanation in text
    demanding = finding.explanation.rsplit(", ", 1)[1].split(" times")[0]
    assert main([*line, "--events", "demanding", "--limit", "1"]) == ExitCode.OK
    assert demanding in capsys.readouterr().out
