"""A run's report for people."""

from __future__ import annotations

from collections.abc import Mapping

from engine.batch.report import Report
from engine.batch.run import RunResult
from engine.cli.console import counted, emit, emit_table
from engine.language.moments import format_instant
from engine.language.words import Status

_RIGHT = ("judged", "findings", "undecided")
_BECAME = {
    "record": "recorded",
    "propose": "proposed",
    "automatic": "approved by the pack",
    "hold": "held",
    "apart": "held, to be decided about apart",
    "exempt": "exempt",
}


def print_summary(result: RunResult) -> None:
    """Print what was read, found, could not be judged, and is to be done."""
    report = result.report
    print_tables(report.tables)
    if result.quarantine is not None:
        emit(f"rows set aside, with the reasons: {result.quarantine}")
    _print_judged(report)
    for sentence in (*report.not_linked, *report.lineage, *report.slices):
        emit(sentence)
    _print_policies(report)
    _print_actions(report)
    for name in report.expired_exemptions:
        emit(f"exemption {name} has expired and no longer applies")
    _print_not_judged(report)
    _print_recorded(result)


def _print_judged(report: Report) -> None:
    oversized = counted(report.oversized_campaigns, "group")
    emit(
        f"judged as of {format_instant(report.as_of_us)}: "
        f"{counted(report.active_accounts, 'account')} active, "
        f"{counted(report.campaigns, 'campaign')}"
        + (f", {oversized} too large to judge" if report.oversized_campaigns else "")
    )


def _print_recorded(result: RunResult) -> None:
    recorded = result.recorded
    if recorded is None:
        emit("nothing was recorded (dry run)")
        return
    if result.records is None:
        emit(f"{result.report.run_id} was recorded before; nothing was added")
    else:
        emit(
            f"recorded as {result.report.run_id}: {counted(recorded.added_findings, 'finding')}, "
            f"{counted(recorded.added_cases, 'case')}, {counted(recorded.added_actions, 'action')}"
        )
    emit(f"audit log, to keep elsewhere: {recorded.size}:{recorded.root}")


def print_tables(tables: Mapping[str, Mapping[str, int]]) -> None:
    """Print what became of the rows of each input table."""
    for name, counts in tables.items():
        rest = ", ".join(
            f"{number:,} {word.replace('_', ' ')}"
            for word, number in counts.items()
            if word != "read" and (number or word == "kept")
        )
        emit(f"{name}: {counts['read']:,} read = {rest}")


def _print_policies(report: Report) -> None:
    rows = [
        (
            line.policy, line.status, counted(line.judged, line.subject),
            f"{line.findings:,}", f"{line.undecided:,}",
        )
        for line in report.policies
    ]  # fmt: skip
    emit_table(("policy", "status", *_RIGHT), rows, right=_RIGHT)
    shadowed = sum(line.findings for line in report.policies if line.status == Status.SHADOW.value)
    if shadowed:
        emit(f"{counted(shadowed, 'finding')} in shadow: recorded, and nothing follows from it")


def _print_actions(report: Report) -> None:
    for action, counts in report.actions.items():
        words = ", ".join(f"{number:,} {_BECAME[became]}" for became, number in counts.items())
        emit(f"{action}: {words}")
    for reason, accounts in report.reasons.items():
        emit(f"{counted(accounts, 'account')}: {reason}")
    if report.held:
        emit("held actions go out only when a reviewer approves their case")


def _print_not_judged(report: Report) -> None:
    for line in report.policies:
        if line.undecided:
            some = f"{line.undecided:,} of {counted(line.judged, line.subject)}"
            unknown = ", ".join(line.because) or "a finding it asks for"
            lacking = f"; no row supplies {', '.join(line.lacking)}" if line.lacking else ""
            emit(f"not judged: {line.policy} for {some}: {unknown} not known{lacking}")
        elif line.not_judged:
            emit(f"not judged: {line.policy}: no row tells which {line.subject}s there are")
    if report.missing_fields:
        emit(
            f"no row supplies {', '.join(report.missing_fields)}: "
            "accounts that share them were not linked"
        )
