"""A run's report for people."""

from __future__ import annotations

from rich.table import Table

from engine.batch.report import Report
from engine.batch.run import RunResult
from engine.cli.console import out, safe


def print_summary(result: RunResult) -> None:
    """Print what was read, found, could not be judged, and is to be done."""
    report = result.report
    _print_tables(report)
    if result.quarantine is not None:
        out.print(f"rows set aside, with the reasons: {safe(result.quarantine)}")
    out.print(
        f"{report.active_accounts:,} accounts active, {report.campaigns:,} campaigns"
        + (
            f", {report.oversized_campaigns} too large to judge"
            if report.oversized_campaigns
            else ""
        )
    )
    _print_policies(report)
    _print_actions(report)
    for name in report.expired_exemptions:
        out.print(f"exemption {safe(name)} has expired and no longer applies")
    _print_not_judged(report)
    if result.recorded is None:
        out.print("nothing was recorded (dry run)")
    else:
        out.print(
            f"recorded {result.recorded.added_findings} findings, {result.recorded.added_cases} "
            f"cases, {result.recorded.added_actions} actions; audit log "
            f"{result.recorded.size} entries, root {result.recorded.root[:16]}…"
        )


def _print_tables(report: Report) -> None:
    for name, counts in report.tables.items():
        rest = ", ".join(
            f"{number:,} {word.replace('_', ' ')}"
            for word, number in counts.items()
            if word != "read" and (number or word == "kept")
        )
        out.print(f"{name}: {counts['read']:,} read = {rest}")


def _print_policies(report: Report) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading, justify in (("policy", "left"), ("status", "left"), ("judged", "right"),
                             ("findings", "right"), ("undecided", "right")):  # fmt: skip
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for line in report.policies:
        table.add_row(
            safe(line.policy),
            line.status,
            f"{line.judged:,} {line.subject}s",
            f"{line.findings:,}",
            f"{line.undecided:,}",
        )
    out.print(table)


def _print_actions(report: Report) -> None:
    for action, counts in report.actions.items():
        words = ", ".join(f"{number:,} {disposition}" for disposition, number in counts.items())
        out.print(f"{action}: {words}")


def _print_not_judged(report: Report) -> None:
    for line in report.policies:
        if line.undecided:
            out.print(
                f"not judged: {safe(line.policy)} for {line.undecided:,} of {line.judged:,} "
                f"{line.subject}s: {', '.join(line.because) or 'a finding it asks for'} not known"
            )
        elif line.not_judged:
            out.print(
                f"not judged: {safe(line.policy)}: no row tells which {line.subject}s there are"
            )
    if report.missing_fields:
        out.print(f"no row supplies {', '.join(report.missing_fields)}: such links were not drawn")
