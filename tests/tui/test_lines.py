"""The lines that reviewers read, without a terminal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from types import ModuleType
from typing import Any

import pytest
from rich.cells import cell_len

from engine.ledger.records import Verdict
from engine.review.audit import Audit
from engine.review.case_view import CaseView, load_case_view
from engine.review.decisions import Reviewer
from engine.review.wording import utc
from tui.lines.audit import audit_lines, run_lines
from tui.lines.campaign import campaign_lines
from tui.lines.decision import decision_lines, reason_lines
from tui.lines.evidence import evidence_lines
from tui.lines.history import history_lines
from tui.lines.policy import first_match, policy_lines
from tui.lines.queue_row import queue_header, queue_row
from tui.lines.samples import sample_lines
from tui.lines.summary import head_lines, preview_lines
from tui.lines.top import Standing, top_line
from tui.tone import Line, Tone, line, paragraph, say, trim, width_of, wrap

HOSTILE = "\x1b]52;c;ZXZpbA==\x07\x9b31m[red]markup[/]\u202egpj\u200b\ud800\r\n\x00"
WIDTHS = (20, 46, 71, 79, 120)


def texts(lines: Sequence[Line]) -> list[str]:
    return ["".join(piece.text for piece in row).rstrip() for row in lines]


def test_whom_an_approval_leaves_is_told_before_it(made: ModuleType) -> None:
    rule = "bystander: requests at least 20 and conduct at most 0.05"
    actions = [
        replace(action, status="held", reason=f"{rule}; requests 10{place}, conduct 0.0{place}")
        if place in range(1, 6)
        else action
        for place, action in enumerate(made.actions(1, 12))
    ]
    view = load_case_view(made.FakeLedger(made_actions=actions), "case-0001", reviewer="ben")
    told = texts(history_lines(view, 100))
    at = next(n for n, text in enumerate(told) if text.strip() == rule)
    assert told[at - 1].strip() == "decided by itself, after all others"
    assert told[at + 1].strip() == "acct_010001: requests 101, conduct 0.01"
    assert told[at + 4].strip() == "and 2 more accounts"
    asked = " ".join(texts(decision_lines(view, Verdict.APPROVE, 100)))
    assert "5 accounts of it do not take part: nothing is done to them yet" in asked
    assert "take part" not in " ".join(texts(decision_lines(view, Verdict.REJECT, 100)))


@pytest.fixture
def view(made: ModuleType) -> CaseView:
    return load_case_view(made.FakeLedger(), "case-0001", reviewer="ben")


def every_builder(made: ModuleType, view: CaseView) -> dict[str, Any]:
    standing = Standing(made.run(), Reviewer("ben"), 3, made.AS_OF, stale=True)
    return {
        "evidence": lambda width: evidence_lines(view, width),
        "policy": lambda width: policy_lines(view, width),
        "campaign": lambda width: campaign_lines(view, width),
        "samples": lambda width: sample_lines(view, width),
        "history": lambda width: history_lines(view, width),
        "head": lambda width: head_lines(view, width, status=view.case.status, place="1/1"),
        "preview": lambda width: preview_lines(view, width),
        "approve": lambda width: decision_lines(view, Verdict.APPROVE, width),
        "reject": lambda width: decision_lines(view, Verdict.REJECT, width),
        "row": lambda width: [queue_row(view.case, width, status=view.case.status, cursor=True)],
        "runs": lambda width: run_lines([made.run()], width),
        "top": lambda width: [top_line((view.case.case_id,), standing, width)],
    }


def poisoned(record: Any, poison: str) -> Any:
    """Return a record with every free text field replaced; words of closed lists stay."""
    closed = {"case_id", "finding_id", "verdict", "policy_line", "outcome", "clauses", "counts",
              "evidence", "parameters", "strength", "run_id"}  # fmt: skip
    return replace(
        record,
        **{
            item.name: poison
            for item in fields(record)
            if item.name not in closed and isinstance(getattr(record, item.name), str)
        },
    )


def poisoned_view(made: ModuleType, poison: str) -> CaseView:
    """A case in which every text is hostile, also inside its JSON."""

    def inside(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: v if k == "role" else inside(v) for k, v in value.items()}
        if isinstance(value, list):
            return [inside(item) for item in value]
        return poison if isinstance(value, str) else value

    ledger = made.FakeLedger()
    ledger.made_cases = {"case-0001": poisoned(made.case(1), poison)}
    ledger.made_findings = [
        replace(
            poisoned(found, poison),
            outcome=json.dumps(inside(json.loads(found.outcome))),
            clauses=json.dumps(inside(json.loads(found.clauses))),
            policy_text=f"a: {poison}\n" * 40,
        )
        for found in (made.finding(1), made.triad(1))
    ]
    ledger.made_members = [
        replace(poisoned(member, poison), evidence=json.dumps(inside(json.loads(member.evidence))))
        for member in made.members(1)
    ]
    ledger.made_samples = [poisoned(sample, poison) for sample in made.samples(1)]
    ledger.made_actions = [
        replace(poisoned(action, poison), parameters=json.dumps({"feature": poison}), status=status)
        for action in made.actions(1, 2)
        for status in ("proposed", poison)
    ]
    decision = replace(ledger.made_decisions[0], case_id="case-0001")
    ledger.made_decisions = [poisoned(decision, poison)]
    return load_case_view(ledger, "case-0001", reviewer="ben")


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_hostile_and_nothing_too_wide_comes_out(made: ModuleType, width: int) -> None:
    hostile = poisoned_view(made, HOSTILE * 3)
    for name, build in every_builder(made, hostile).items():
        for row in build(width):
            shown = "".join(piece.text for piece in row)
            assert shown.isprintable(), (name, shown)
            shown.encode("utf-8")
            assert width_of(trim(row, width)) <= width, (name, shown)


def test_hostile_text_is_still_there_to_be_read(made: ModuleType) -> None:
    shown = "\n".join(texts(history_lines(poisoned_view(made, HOSTILE), 120)))
    assert "^[]52;c;ZXZpbA==^G<U+009B>31m[red]markup[/]<U+202E>gpj<U+200B><U+D800>^M^J^@" in shown


def test_evidence_shows_observed_threshold_and_margin(view: CaseView) -> None:
    shown = [" ".join(text.split()) for text in texts(evidence_lines(view, 60))]
    assert "✓ met demanding 4,812 >= 2,000 ×2.40" in shown
    assert "✓ met carriers 36 .. 40 >= 20 ×1.80" in shown
    assert "· unmet payers 12 >= 50 ×0.24" in shown
    at = shown.index("Counter-evidence checked: none clears the subject")
    assert shown[at + 1] == "· unmet partition 0.98 <= 0.5 ×0.51"
    assert "§ Model scraping (Usage Policy 2025-09, in force from" in shown
    assert "count of demands_reasoning in 7 d · events 5,134 ·" in shown[7]


def test_evidence_tells_since_when_it_stands_as_it_does(made: ModuleType) -> None:
    ledger = made.FakeLedger()
    harness, triad, *_ = ledger.made_findings
    later = replace(harness, finding_id="later", as_of_us=harness.as_of_us + 1)
    ledger.made_findings = [harness, later, triad]
    view = load_case_view(ledger, "case-0001")
    heads = {
        word: line
        for line in texts(evidence_lines(view, 100))
        for word in (harness.policy, triad.policy)
        if word in line
    }
    assert heads[harness.policy].endswith("1 earlier run")
    assert heads[triad.policy].endswith(f"as of {utc(triad.as_of_us)}")
    shown = texts(preview_lines(view, 40))
    assert [
        line for line in shown if line in ("1 earlier run", f"as of {utc(triad.as_of_us)}")
    ] == [
        "1 earlier run",
        f"as of {utc(triad.as_of_us)}",
    ]


@pytest.mark.parametrize(
    ("low", "high", "holds", "words"),
    [
        ("-inf", "inf", None, "? open s unknown >= 20 open"),
        (10, "inf", None, "? open s 10 .. inf >= 20 open"),
        (19.999, 19.999, False, "· unmet s 20 >= 20 ×0.99"),
        (4000, 4000, True, "✓ met s 4,000 >= 20 ×200"),
    ],
)
def test_undecided_and_near_misses_read_as_such(
    made: ModuleType, low: Any, high: Any, holds: bool | None, words: str
) -> None:
    ledger = made.FakeLedger()
    outcome = made.compare("s", "gte", 20, low, high, holds=holds)
    ledger.made_findings = [made.finding(outcome=json.dumps(outcome))]
    rows = texts(evidence_lines(load_case_view(ledger, "case-0001"), 60))
    assert words in [" ".join(text.split()) for text in rows]


def test_the_bar_has_its_tick_at_the_threshold(made: ModuleType) -> None:
    ledger = made.FakeLedger()
    outcome = made.compare("s", "gte", 50, 25, 75, holds=None)
    ledger.made_findings = [made.finding(outcome=json.dumps(outcome))]
    rows = texts(evidence_lines(load_case_view(ledger, "case-0001"), 100))
    assert next(text for text in rows if " s " in text).endswith("━━━━╌╌┃╌╌╌")


def test_clauses_tell_whom_a_contract_concerns(made: ModuleType) -> None:
    ledger = made.FakeLedger()
    found = ledger.made_findings[0]
    (plain,) = json.loads(found.clauses)
    contract = {**plain, "terms": "Addendum", "version": "A", "organisations": ["org-7", "org-9"]}
    clauses = [
        plain,
        {**plain, "version": None, "effective": None},
        contract,
        {**contract, "organisations": ["org-8"], "waived": True, "section": ""},
    ]
    ledger.made_findings = [replace(found, clauses=json.dumps(clauses))]
    shown = evidence_lines(load_case_view(ledger, "case-0001", reviewer="ben"), 100)
    told = [
        "".join(piece.text for piece in each).rstrip() for each in shown if each[0].text[0] == "§"
    ]
    name, since = f"§ {plain['section']}", f", in force from {plain['effective'][:10]})"
    assert told == [
        f"{name} ({plain['terms']} {plain['version']}{since}",
        f"{name} ({plain['terms']}, not in force at the time)",
        f"{name} (Addendum A{since} for org-7, org-9",
        f"§ {plain['clause']} (Addendum A{since} waived for org-8",
    ]


def test_policy_lines_have_a_gutter(view: CaseView) -> None:
    shown = texts(policy_lines(view, 60))
    assert "> 37     - demanding: {gte: 2000}" in shown
    assert "· 41         - payers: {gte: 50}" in shown
    assert "  42 unless:" in shown
    assert shown[first_match(view, 60) + 3] == "> 35 when:"


def test_matched_lines_differ_by_more_than_colour(view: CaseView) -> None:
    row = next(row for row in policy_lines(view, 60) if row and row[0].text == "> ")
    assert {piece.tone for piece in row if piece.text.strip()} == {Tone.MET}


def test_members_are_made_one_at_a_time(made: ModuleType) -> None:
    ledger = made.FakeLedger()
    ledger.made_members = made.members(1, 5_000)
    lines = campaign_lines(load_case_view(ledger, "case-0001"), 90)
    shown = texts(lines[:5])
    assert shown[0] == "5,000 accounts share prompt_shape: 1 value"
    assert shown[1].startswith("3,750 accounts share account.payment_id")
    assert shown[2] == "1,250 accounts less sure than 500 of 1000"
    assert len(lines) == 5_000 + 5
    assert texts([lines[-1]])[0].startswith("acct_01")
    with pytest.raises(IndexError):
        lines[len(lines)]


def test_the_first_note_stays_hidden_until_the_second_has_decided(made: ModuleType) -> None:
    view = load_case_view(made.FakeLedger(), "case-0004", reviewer="ben")
    shown = "\n".join(texts(history_lines(view, 100)))
    assert "approved by ana" in shown
    assert "evidence confirmed" not in shown


def test_the_dialog_says_what_will_happen(made: ModuleType, view: CaseView) -> None:
    approve = texts(decision_lines(view, Verdict.APPROVE, 78))
    assert [" ".join(text.split()) for text in approve[3:5]] == [
        "proposed require_verification 39 accounts",
        "proposed suspend 30 d 39 accounts",
    ]
    assert "· unmet  partition 0.98, would clear at <= 0.5  (reasoning-harness)" in approve
    reject = texts(decision_lines(view, Verdict.REJECT, 78))
    assert "Closes the case: 78 actions on 39 accounts will not be taken." in reject


def test_two_reviewers_are_announced(made: ModuleType) -> None:
    ledger = made.FakeLedger()
    ledger.made_actions = made.actions(
        1, 3, action="terminate", reversible=False, approvals_needed=2, status="proposed"
    )
    view = load_case_view(ledger, "case-0001")
    shown = "\n".join(texts(decision_lines(view, Verdict.APPROVE, 78)))
    assert "needs 2 reviewers · cannot be undone" in shown
    assert "A second, different reviewer must approve too." in shown
    head = texts(head_lines(view, 118, status="open", place="1/1"))
    assert head[2].endswith("needs 2 reviewers")


def test_reasons_have_digits(made: ModuleType) -> None:
    shown = texts(reason_lines(Verdict.APPROVE, 2, 60))
    assert shown == [
        "  1  evidence confirmed",
        "> 2  continues a campaign already acted on",
        "  3  no look-alike fits",
    ]


@pytest.mark.parametrize("width", [79, 119, 150])
def test_rows_and_their_header_align(made: ModuleType, width: int) -> None:
    header = "".join(piece.text for piece in queue_header(width))
    row = "".join(piece.text for piece in queue_row(made.case(), width, status="open", cursor=True))
    assert len(header) == len(row) == width
    assert row.index("cmp-0001") == header.index("subject")
    assert row.index("One reasoning") == header.index("what")
    assert row.rindex("open") == header.index("status")


def test_the_top_line_drops_what_it_has_no_room_for(made: ModuleType) -> None:
    standing = Standing(made.run(), Reviewer("ana"), 12, made.AS_OF)
    shown = {
        width: texts([top_line(("queue", "case-0001"), standing, width)])[0]
        for width in (40, 80, 120, 200)
    }
    assert shown[40] == " excise › queue › case-0001         ana"
    assert shown[80].endswith("2026-06-05 00:00Z · 12 waiting · ana")
    assert "run-9f3c2a71 as of" in shown[120]
    assert "model-extraction 1.4.0 5ab19c04" in shown[200]


def test_audit_results_read_as_ok_or_broken() -> None:
    good = texts(audit_lines(Audit(ok=True, entries=48_213, root="9f3c" * 16), 80))
    assert good[0] == "OK 48,213 entries, head 9f3c9f3c9f3c"
    bad = texts(
        audit_lines(Audit(ok=False, entries=3, root="", problems=("log: a", "file: b")), 80)
    )
    assert bad == ["BROKEN log: a", "file: b"]


def test_wrapping_keeps_every_word_and_the_width() -> None:
    text = "界" * 30 + " a bb ccc " + "x" * 50
    for width in (8, 9, 40):
        lines = wrap(text, width)
        assert all(cell_len(row) <= width for row in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert wrap("", 10) == []
    assert width_of(line(say("界a"), "b")) == 4
    assert paragraph("a b", 10, indent=2) == [(("  a b", Tone.PLAIN),)]


def test_trimming_ends_in_an_ellipsis() -> None:
    row = line(say("ab"), say("界界界", Tone.DIM), say("cd"))
    assert texts([trim(row, 20), trim(row, 8), trim(row, 5), trim(row, 1)]) == [
        "ab界界界cd", "ab界界…", "ab界…", "…",
    ]  # fmt: skip
    assert trim(row, 0) == (("", Tone.PLAIN),)


def test_status_stays_when_the_subject_is_long(made: ModuleType, view: CaseView) -> None:
    long = replace(view, case=replace(view.case, subject_id="x" * 400))
    assert texts(head_lines(long, 78, status="open", place="1/1"))[0].endswith("… open  1/1")


def test_view_models_are_records_all_the_way(view: CaseView) -> None:
    assert is_dataclass(view)
    assert hash(view.case) == hash(replace(view.case))
