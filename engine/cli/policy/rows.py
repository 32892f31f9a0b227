"""Tables of `excise policy explain`: the rows behind a number, and all policies in brief."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engine.authoring.explain.explanation import VERDICT
from engine.authoring.explain.numbers import observed
from engine.authoring.explain.overview import Brief
from engine.authoring.explain.records import sorted_roles
from engine.authoring.explain.rows import Rows
from engine.authoring.explain.words import condition_words, room_words, value_words
from engine.batch.evidence import SubjectAccount
from engine.campaigns.campaign import Tie
from engine.cli.console import counted, emit, emit_table
from engine.language.moments import format_instant
from engine.signals.measures.computation import Role


def print_rows(rows: Rows, limit: int) -> None:
    """Print what a signal came to, and the accounts and exchanges behind it."""
    value = observed(rows.fact, 0.0)
    emit(f"{rows.signal} of {rows.subject}: {value} ({rows.words})")
    emit(", ".join(f"{name} {number:,}" for name, number in rows.fact.counts.items()))
    if rows.accounts is not None:
        _accounts(rows, limit)
    if rows.accounts is None or rows.events.totals:
        _exchanges(rows)


def _accounts(rows: Rows, limit: int) -> None:
    accounts = rows.accounts or ()
    emit(f"\naccounts: {_roles(rows.of_accounts)}")
    shown = accounts[:limit]
    if shown:
        emit_table(
            ("account", "is", "value"),
            [(one.account_id, one.role.value, one.value or "") for one in shown],
        )
    _left_out(len(accounts) - len(shown), "account")


def _exchanges(rows: Rows) -> None:
    events, total = rows.events.events, sum(rows.events.totals.values())
    emit(f"\nexchanges: {_roles(rows.of_events)}")
    if events:
        emit_table(
            ("exchange", "time", "account", "is", "value"),
            [
                (
                    event.event_id,
                    format_instant(event.ts_us),
                    event.account_id,
                    rows.events.roles[event.part].value,
                    event.value or "",
                )
                for event in events
            ],
        )
    _left_out(total - len(events), "exchange")


def _roles(roles: Counter[Role]) -> str:
    told = (f"{number:,} {role.value}" for role, number in sorted_roles(roles))
    return ", ".join(told) or "none"


def _left_out(number: int, noun: str) -> None:
    if number:
        emit(f"and {counted(number, noun)} more; --limit shows them")


def print_overview(briefs: Sequence[Brief]) -> None:
    """Print every policy in brief: what came, and the condition that lacks most."""
    emit_table(
        ("policy", "status", "judges", "comes to", "near", "lacks most", "observed", ""),
        [
            (
                one.explained.policy.name,
                one.explained.policy.status.value,
                one.subject.kind.value,
                VERDICT[one.explained.holds],
                _nearness(one),
                *_lacking(one),
            )
            for one in briefs
        ],
        right={"near"},
    )


def _nearness(one: Brief) -> str:
    if one.explained.holds is not False:
        return ""
    # Rounded down: what is not there yet is never shown as 100 %.
    return f"{int(one.near.nearness * 100)} %"


def _lacking(one: Brief) -> tuple[str, str, str]:
    leaf = one.near.leaf
    if leaf is None:
        return "", "", ""
    words = f"{'' if one.near.wanted else 'not '}{condition_words(leaf)}"
    if leaf.number is None:
        return words, "", ""
    room = room_words(leaf.number, holds=leaf.holds) if one.near.wanted else ""
    return words, value_words(leaf.number), room


def print_members(accounts: Sequence[SubjectAccount], limit: int) -> None:
    """Print the accounts of a subject, with what ties them to it."""
    emit(f"\n{counted(len(accounts), 'account')}")
    emit_table(
        ("account", "exchanges", "strength", "confidence", "shares"),
        [
            (
                one.target.account_id,
                f"{one.exchanges:,}",
                f"{one.member.strength:g}" if one.member else "",
                _sure(one),
                ", ".join(_tie(tie) for tie in one.member.evidence) if one.member else "",
            )
            for one in accounts[:limit]
        ],
        right={"exchanges", "strength", "confidence"},
    )
    _left_out(len(accounts) - len(accounts[:limit]), "account")


def _sure(one: SubjectAccount) -> str:
    sure = one.member.confidence if one.member else None
    return "" if sure is None else f"{sure}"


def _tie(tie: Tie) -> str:
    return f"{tie.shared} {tie.value} (of {counted(tie.accounts, 'account')})"
