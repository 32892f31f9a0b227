"""`excise cases`: list, show and decide without the terminal."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict
from datetime import UTC, datetime

from engine.cli.console import emit, emit_table
from engine.cli.interruption import interruptions
from engine.cli.options import add_database, login, plain_text
from engine.errors import ExitCode, UsageError
from engine.ledger.records import CaseStatus, Verdict
from engine.ledger.store import Ledger


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command group."""
    group = commands.add_parser("cases", help="look at cases and decide them")
    verbs = group.add_subparsers(required=True, metavar="VERB")

    listing = verbs.add_parser("list", help="the cases, worst first")
    add_database(listing)
    listing.add_argument(
        "--status", choices=[status.value for status in CaseStatus], help="only those"
    )
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(command=list_cases)

    show = verbs.add_parser("show", help="one case with its findings and actions, as JSON")
    add_database(show)
    show.add_argument("case_id", type=plain_text)
    show.set_defaults(command=show_case)

    decide = verbs.add_parser("decide", help="approve or reject a case's actions")
    add_database(decide)
    decide.add_argument("case_id", type=plain_text)
    decide.add_argument("verdict", choices=[verdict.value for verdict in Verdict])
    decide.add_argument("--reason", required=True, type=plain_text)
    decide.add_argument(
        "--seen",
        type=int,
        metavar="VERSION",
        help="the version that `cases show` printed: refuse if the case has changed since",
    )
    decide.add_argument(
        "--reviewer",
        type=plain_text,
        default=os.environ.get("EXCISE_REVIEWER"),
        help="default: EXCISE_REVIEWER, else the name you are logged in with",
    )
    decide.set_defaults(command=decide_case)


_HEADINGS = ("case", "severity", "behaviour", "subject", "accounts", "response", "status")


def list_cases(arguments: argparse.Namespace) -> ExitCode:
    """Print the cases."""
    with Ledger.open(arguments.db, create=False) as ledger:
        cases = ledger.cases(CaseStatus(arguments.status) if arguments.status else None)
    if arguments.json:
        for case in cases:
            emit(json.dumps(asdict(case), sort_keys=True))
        return ExitCode.OK
    rows = [
        (
            case.case_id, case.severity, case.behaviour, f"{case.subject_kind} {case.subject_id}",
            f"{case.accounts:,}", case.response, case.status,
        )
        for case in cases
    ]  # fmt: skip
    emit_table(_HEADINGS, rows, right={"accounts"})
    return ExitCode.OK


def show_case(arguments: argparse.Namespace) -> ExitCode:
    """Print everything about one case."""
    with Ledger.open(arguments.db, create=False) as ledger:
        case = ledger.case(arguments.case_id)
        if case is None:
            message = f"no case {arguments.case_id!r}"
            raise UsageError(message, hint="`excise cases list` names them")
        findings = [
            {
                **asdict(finding),
                "facts": [asdict(fact) for fact in ledger.facts(finding.finding_id)],
            }
            for finding in ledger.findings(case_id=case.case_id)
        ]
        told = ledger.successions(case.campaign_id) if case.campaign_id is not None else ()
        document = {
            **asdict(case),
            "findings": findings,
            "members": [asdict(member) for member in ledger.members(case.case_id)],
            "samples": [asdict(sample) for sample in ledger.samples(case.case_id)],
            "actions": [asdict(action) for action in ledger.actions(case_id=case.case_id)],
            "decisions": [asdict(decision) for decision in ledger.decisions(case.case_id)],
            "successions": [asdict(one) for one in told],
        }
    emit(json.dumps(document, indent=2, sort_keys=True))
    return ExitCode.OK


def decide_case(arguments: argparse.Namespace) -> ExitCode:
    """Record a decision on the case as it stands now, or as it was seen."""
    with Ledger.open(arguments.db, create=False) as ledger:
        case = ledger.case(arguments.case_id)
        if case is None:
            message = f"no case {arguments.case_id!r}"
            raise UsageError(message, hint="`excise cases list` names them")
        reviewer = arguments.reviewer or login()
        interruptions.too_late()
        decision = ledger.decide(
            case.case_id,
            seen_version=case.version if arguments.seen is None else arguments.seen,
            verdict=Verdict(arguments.verdict),
            reviewer=reviewer,
            reason=arguments.reason,
            decided_us=int(datetime.now(UTC).timestamp() * 1_000_000),
        )
        status = ledger.case(case.case_id)
    emit(f"{decision.case_id} {status.status if status else ''}".rstrip())
    return ExitCode.OK
