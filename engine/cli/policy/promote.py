"""`excise policy promote`."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime

from engine.authoring.promote.promoting import (
    Authority,
    Promotion,
    carry_out,
    next_status,
    prepare,
)
from engine.cli.console import complain, counted, emit
from engine.cli.interruption import interruptions
from engine.cli.options import add_database, add_rules, login, plain_text, rules_to_change
from engine.cli.parser import Commands
from engine.cli.policy.naming import policies_named
from engine.errors import ExitCode, UsageError
from engine.language.load import find_rules, require_loaded
from engine.language.words import Status
from engine.ledger.database import DatabaseError
from engine.ledger.store import Ledger


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser(
        "promote", help="move a policy up a status, if it has shown what its criteria ask for"
    )
    parser.add_argument("policy", metavar="POLICY", type=plain_text)
    parser.add_argument(
        "--to",
        choices=[status.value for status in (Status.SHADOW, Status.REVIEW, Status.ENFORCE)],
        help="must be the next status; none is skipped",
    )
    add_rules(parser)
    add_database(parser)
    parser.add_argument("--dry-run", action="store_true", help="tell the numbers, change nothing")
    parser.add_argument("--without-criteria", action="store_true", help="where none are stated")
    parser.add_argument("--reason", type=plain_text, default="", help="kept in the audit log")
    parser.add_argument(
        "--reviewer",
        type=plain_text,
        default=os.environ.get("EXCISE_REVIEWER"),
        metavar="NAME",
        help="who promotes; default: EXCISE_REVIEWER, else the name you are logged in with",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(command=promote_policy)


def promote_policy(arguments: argparse.Namespace) -> ExitCode:
    """Promote a policy, or tell what is missing; then the exit code is 1."""
    reason = " ".join(arguments.reason.split())
    if arguments.without_criteria and not reason:
        message = "without criteria there must be a reason"
        raise UsageError(message, hint='--reason "…"; it is kept in the audit log')
    root = find_rules(arguments.rules) if arguments.dry_run else rules_to_change(arguments)
    loaded, pack = require_loaded(root)
    policies_named(pack, [arguments.policy])
    policy = next(one for one in pack.policies if one.name == arguments.policy)
    to = next_status(policy, Status(arguments.to) if arguments.to else None)
    with _ledger(arguments.db, needed=to is not Status.SHADOW) as ledger:
        promotion = prepare(root, loaded, pack, policy, to, ledger)
        refusal = _refusal(promotion, without=arguments.without_criteria)
        promoted = refusal is None and not arguments.dry_run
        if promoted:
            actor = arguments.reviewer or login()
            at_us = int(datetime.now(UTC).timestamp() * 1_000_000)
            interruptions.too_late()
            authority = Authority(actor, at_us, reason, arguments.without_criteria)
            carry_out(promotion, ledger, authority)
        recorded = promoted and ledger is not None
    show = _show_json if arguments.format == "json" else _show_text
    show(promotion, refusal, promoted=promoted, recorded=recorded)
    return ExitCode.OK if refusal is None else ExitCode.FINDINGS


@contextmanager
def _ledger(db: str, *, needed: bool) -> Iterator[Ledger | None]:
    """Open the ledger; a draft has nothing in it, so its first step may do without one."""
    try:
        ledger = Ledger.open(db, create=False)
    except DatabaseError:
        if needed:
            raise
        yield None
        return
    with ledger:
        yield ledger


def _refusal(promotion: Promotion, *, without: bool) -> str | None:
    """Return why the policy is not promoted, None when it is."""
    name = promotion.policy.name
    if not promotion.asks_for_criteria:
        return None
    if promotion.criteria is not None and without:
        message = f"{name} states criteria; they are not passed over"
        raise UsageError(message, hint="change them in its file, where the change can be seen")
    if promotion.criteria is None:
        where = promotion.policy.status.value
        if without:
            return None
        return (
            f"{name} states no criteria for leaving {where}: write `promotion: {{{where}: …}}` "
            "into its file, or promote it with --without-criteria --reason"
        )
    return f"{name} is not promoted: its criteria are not met" if promotion.unmet else None


def _show_text(
    promotion: Promotion, refusal: str | None, *, promoted: bool, recorded: bool
) -> None:
    policy, seen = promotion.policy, promotion.shown
    emit(f"{policy.name} v{policy.version}: {policy.status.value} → {promotion.to.value}")
    if promotion.asks_for_criteria:
        told = f"{counted(seen.runs, 'run')} on {counted(len(seen.days), 'day')}"
        period = f", {seen.days[0]} to {seen.days[-1]}" if seen.days else ""
        found = f"{counted(seen.findings, 'finding')} on {counted(seen.subjects, 'subject')}"
        emit(f"in {policy.status.value} as it is now: {told}{period}; {found}")
        if seen.restarted is not None:
            emit(f"counted from after {seen.restarted}: until then it meant something else")
    for each in promotion.criteria or ():
        emit(f"  {'met    ' if each.met else 'not met'}  {each.text}")
    if refusal is not None:
        emit(refusal)
        return
    emit("from the next run on:" if promoted else "it would change, from the next run on:")
    for sentence in promotion.effects:
        emit(f"  {sentence}")
    for warning in promotion.warnings:
        complain(f"warning[{warning.code}]: {warning.span}: {warning.message}")
    if promoted:
        emit(f"written: {promotion.change.path}")
        emit("recorded in the audit log" if recorded else "not recorded: there is no ledger yet")


def _show_json(
    promotion: Promotion, refusal: str | None, *, promoted: bool, recorded: bool
) -> None:
    criteria = promotion.criteria
    document = {
        "policy": promotion.policy.name,
        "version": promotion.policy.version,
        "from": promotion.policy.status.value,
        "to": promotion.to.value,
        "promoted": promoted,
        "recorded": recorded,
        "refused": refusal,
        "criteria": None if criteria is None else [asdict(each) for each in criteria],
        "shown": asdict(promotion.shown),
        "effects": list(promotion.effects),
        "warnings": [
            {"code": each.code, "place": str(each.span), "message": each.message}
            for each in promotion.warnings
        ],
        "file": str(promotion.change.path),
    }
    emit(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False))
