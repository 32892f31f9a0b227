"""`explain --run` tells what a run recorded, and judging it again comes out as it did."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from small_pack import LIST, PACK, TERMS
from tried import ANSWER, AS_OF_US, COMPANY, CROWD, LINKS, policy, write_activity

from engine.authoring.explain.recorded.decision import RecordedDecision, recorded_decisions
from engine.authoring.explain.recorded.judging_again import judged_again
from engine.authoring.explain.recorded.pack_then import pack_then
from engine.authoring.explain.recorded.text import decision_text
from engine.batch.run import RunRequest, run
from engine.cli.main import main
from engine.errors import ExciseError, ExitCode
from engine.language.load import require_pack
from engine.language.model.pack import Pack
from engine.language.words import SubjectKind
from engine.ledger.records import FindingRecord, RunRecord
from engine.ledger.store import Ledger

Captured = pytest.CaptureFixture[str]

POLICIES = (
    policy("loud", unless=[{"part": {"gte": 0.95}}]),
    policy("again", when={"all": [{"finding": "loud"}, {"strikes": {"lt": 1, "within": "90d"}}]})
    | {"signals": {"events": {"count": "demands"}}, "explain": "{events}"},
    policy("quiet", when={"all": [{"events": {"gte": 20}}, {"not": {"finding": "loud"}}]}),
    policy("any", when={"any": [{"events": {"gte": 999}}, {"findings": {"axis": "content"}}]})
    | {"axis": "rhythm"},
    policy("crowd", **CROWD),
    policy("company", **COMPANY),
)
EXEMPTION = {
    "exemption": "study", "reason": "an agreed study", "owner": "trust-and-safety",
    "approved_by": "counsel", "until": "2027-01-01", "accounts": ["a50"],
}  # fmt: skip


def written(folder: Path, *policies: dict[str, object]) -> Path:
    """Write a pack."""
    folder.mkdir()
    texts = {"pack": PACK, "terms": TERMS, "list": LIST, "links": LINKS}
    texts |= {"answer": json.dumps(ANSWER), "study": json.dumps(EXEMPTION)}
    for one in policies:
        said = {key: value for key, value in one.items() if value is not None}
        texts[str(one["policy"])] = json.dumps(said)
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[RunRecord]]:
    """Return a folder with a pack and the ledger of two runs, a day apart."""
    folder = tmp_path_factory.mktemp("recorded")
    pack = loaded(written(folder / "rules", *POLICIES))
    activity = write_activity(folder / "data")
    with Ledger.open(str(folder / "ledger.db")) as ledger:
        for as_of_us in (AS_OF_US, AS_OF_US + 86_400_000_000):
            run(pack, RunRequest(activity, as_of_us=as_of_us), ledger)
        return folder, list(ledger.runs())


def loaded(rules: Path) -> Pack:
    return require_pack(rules)


@pytest.fixture
def ledger(world: tuple[Path, list[RunRecord]]) -> Iterator[Ledger]:
    with Ledger.open(str(world[0] / "ledger.db"), create=False) as opened:
        yield opened


@pytest.fixture
def line(world: tuple[Path, list[RunRecord]]) -> list[str]:
    folder = world[0]
    return ["policy", "explain", "--rules", str(folder / "rules"), "--db", f"{folder}/ledger.db"]


def all_of(
    ledger: Ledger, pack: Pack, record: RunRecord
) -> Iterator[tuple[RecordedDecision, tuple[str, ...]]]:
    for id_ in sorted({one.subject_id for one in ledger.findings(record.run_id)}):
        for decision in recorded_decisions(ledger, pack, record, id_):
            yield decision, tuple(one.record.policy for one in decision.findings)


def test_every_recorded_finding_comes_out_again(
    world: tuple[Path, list[RunRecord]], ledger: Ledger
) -> None:
    first, pack = world[1][0], loaded(world[0] / "rules")
    seen = []
    for decision, names in all_of(ledger, pack, first):
        assert decision.agrees
        assert decision.then.same
        assert all(one.again is not None for one in decision.findings)
        seen += names
    assert set(seen) == {one["policy"] for one in POLICIES}
    assert len(seen) == len(ledger.findings(first.run_id))


def test_the_facts_are_those_recorded(line: list[str], capsys: Captured, ledger: Ledger) -> None:
    first = ledger.runs()[0].run_id
    assert main([*line, "--subject", "a43", "--run", first, "--format", "json"]) == ExitCode.OK
    (told,) = json.loads(capsys.readouterr().out)
    assert told["agrees"]
    assert told["given"]["same_pack"]
    for finding in told["findings"]:
        kept = {fact.signal: fact for fact in ledger.facts(finding["finding_id"])}
        assert finding["signals"].keys() == kept.keys() > set()
        for name, signal in finding["signals"].items():
            assert signal["counts"] == json.loads(kept[name].counts)
            assert (str(signal["low"]), str(signal["high"])) == (kept[name].low, kept[name].high)
        assert finding["clauses"][0]["version"] == "1"


def test_a_changed_fact_does_not_pass(world: tuple[Path, list[RunRecord]], ledger: Ledger) -> None:
    pack = loaded(world[0] / "rules")
    (decision,) = recorded_decisions(ledger, pack, world[1][0], "a43", "loud")
    (finding,) = decision.findings
    facts = {name: one.fact for name, one in finding.facts.items()}
    facts["events"] = replace(facts["events"], low=39.0)
    kind = SubjectKind.ACCOUNT
    again = judged_again(pack, kind, "loud", facts, finding.tree, frozenset({"loud"}))
    assert again.deviations == (
        "all comes to ? and was recorded as yes",
        "events ≥ 40 comes to ? and was recorded as yes",
    )
    other = replace(decision, findings=(replace(finding, again=again),))
    assert not other.agrees
    assert "OTHERWISE" in decision_text(other)


def test_a_pack_that_says_something_else(
    world: tuple[Path, list[RunRecord]], line: list[str], tmp_path: Path, capsys: Captured
) -> None:
    changed = [
        one | {"status": "shadow"} if one["policy"] == "crowd" else one
        for one in POLICIES
        if one["policy"] != "company"
    ]
    changed[0] = {**changed[0], "when": {"events": {"gte": 41}}}
    changed.append(policy("new"))
    line[3] = str(written(tmp_path / "other", *changed))
    asked = [*line, "--run", world[1][0].run_id, "--subject"]
    assert main([*asked, "a43"]) == ExitCode.OK
    text = capsys.readouterr().out
    assert "loud means something else than it did\n" in text
    assert "company is not in the pack given\n" in text
    assert "new was not in the pack of the run\n" in text
    assert "crowd stood at review and stands at shadow\n" in text
    assert "not judged again: loud means something else than it did; as recorded" in text
    campaign = campaign_of(world, "a43")
    assert main([*asked, campaign, "crowd"]) == ExitCode.OK
    assert "judged again from these facts: as recorded" in capsys.readouterr().out


def campaign_of(world: tuple[Path, list[RunRecord]], account: str) -> str:
    with Ledger.open(str(world[0] / "ledger.db"), create=False) as ledger:
        cases = (one for one in ledger.cases() if one.campaign_id)
        return next(
            case.subject_id
            for case in cases
            if account in {one.account_id for one in ledger.members(case.case_id)}
        )


def test_a_finding_that_a_later_run_found_again(
    world: tuple[Path, list[RunRecord]], line: list[str], capsys: Captured
) -> None:
    first, second = world[1]
    assert main([*line, "--run", "latest", "--subject", "a43", "loud"]) == ExitCode.OK
    text = capsys.readouterr().out
    assert f"account a43 in {second.run_id}" in text
    assert f"written by {first.run_id} as of 2026-06-05T00:00:00Z" in text
    assert "no action that was not planned before" in text


def test_actions_and_what_stopped_them(
    world: tuple[Path, list[RunRecord]], line: list[str], capsys: Captured
) -> None:
    line += ["--run", world[1][0].run_id, "--subject", campaign_of(world, "a53")]
    assert main(line) == ExitCode.OK
    text = capsys.readouterr().out
    assert "throttle for 1w on a50: exempt\n" in text
    assert "exemption study: an agreed study" in text
    assert "throttle for 1w on 4 accounts: proposed, one approval needed" in text


def test_what_is_there_instead(
    world: tuple[Path, list[RunRecord]], line: list[str], capsys: Captured
) -> None:
    first = world[1][0].run_id
    for arguments, said in (
        (["--run", "run-zz", "--subject", "a43"], f"{first} (as of 2026-06-05T00:00:00Z)"),
        (["--run", "run-", "--subject", "a43"], "several runs begin with 'run-'"),
        (["--run", "", "--subject", "a43"], "no run ''"),
        (["--run", first, "--subject", "a00"], "--activity in place of --run"),
        (["--run", first, "--subject", "a0"], "facts of subjects without a finding are not"),
        (["--run", first, "--subject", "a433"], "did you mean a43"),
        (["--run", first, "--subject", "a43", "company"], "it has again in"),
        (["--run", first, "--subject", "a43", "lout"], "did you mean loud?"),
        (["--run", first, "--subject", "a43", "--events", "x"], "--events is about activity"),
        (["--subject", "a43"], "nothing to explain from"),
    ):
        assert main([*line, *arguments]) == ExitCode.USAGE
        assert said in capsys.readouterr().err


def test_the_beginning_of_an_id_is_enough(
    world: tuple[Path, list[RunRecord]], line: list[str], capsys: Captured
) -> None:
    first = world[1][0].run_id
    said = []
    for name in (first, first[:-4], first.removeprefix("run-")[:12]):
        assert main([*line, "--run", name, "--subject", "a43"]) == ExitCode.OK
        said.append(capsys.readouterr().out)
    assert len(set(said)) == 1


@pytest.mark.parametrize("column", ["clauses", "outcome"])
def test_a_record_that_cannot_be_read(
    column: str, world: tuple[Path, list[RunRecord]], ledger: Ledger, capsys: Captured
) -> None:
    first, pack = world[1][0], loaded(world[0] / "rules")
    (found,) = (one for one in ledger.findings(first.run_id, policy="loud", subject_id="a43"))

    class Broken(Ledger):
        def findings(self, *_: object, **__: object) -> tuple[FindingRecord, ...]:
            return (replace(found, **{column: "{"}),)

    with Broken.open(str(world[0] / "ledger.db"), create=False) as broken:  # noqa: SIM117
        with pytest.raises(ExciseError, match=r"finding-\w+: .* cannot be read"):
            recorded_decisions(broken, pack, first, "a43")


def test_a_run_whose_report_cannot_be_read(world: tuple[Path, list[RunRecord]]) -> None:
    pack = loaded(world[0] / "rules")
    for report in ("{", "{}", '{"policies": [{}]}'):
        with pytest.raises(ExciseError, match="its report cannot be read"):
            pack_then(pack, replace(world[1][0], report=report))
