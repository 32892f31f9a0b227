"""`excise policy explain`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from engine.authoring.closure import as_in_run, whole_run
from engine.authoring.explain.explanation import explanation
from engine.authoring.explain.overview import Brief, overview
from engine.authoring.explain.records import explanation_record, overview_record, rows_record
from engine.authoring.explain.rows import rows_behind
from engine.authoring.explain.subjects import no_such_subject, subject_named
from engine.authoring.explain.text import explanation_text
from engine.authoring.judging import Judged, judged
from engine.cli.console import emit, progress
from engine.cli.engines import engine_of
from engine.cli.options import add_rules, pack_of, plain_text, row_count
from engine.cli.parser import Commands
from engine.cli.policy.activity import add_activity, add_past, request_of
from engine.cli.policy.explain_recorded import explain_recorded
from engine.cli.policy.naming import policies_named, signal_named
from engine.cli.policy.rows import print_members, print_overview, print_rows
from engine.errors import ExitCode, UsageError
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.words import Status
from engine.ledger.store import Ledger


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser("explain", help="why a policy holds for a subject, and why not")
    parser.add_argument(
        "policy", nargs="?", metavar="POLICY", help="default: all, in brief, the nearest first"
    )
    parser.add_argument("--subject", required=True, type=plain_text, metavar="ID")
    parser.add_argument(
        "--run",
        type=plain_text,
        metavar="RUN",
        help="explain what this run recorded, from the ledger: an id, its beginning, or `latest`",
    )
    add_activity(parser, required=False)
    add_past(parser)
    parser.add_argument("--events", metavar="SIGNAL", help="the rows behind a signal's value")
    parser.add_argument("--members", action="store_true", help="its accounts, and what ties them")
    parser.add_argument(
        "--limit", type=row_count, default=50, metavar="N", help="rows shown; default: 50"
    )
    parser.add_argument(
        "--responses", action="store_true", help="also which response would follow, and why"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_rules(parser)
    parser.set_defaults(command=explain_policy)


def explain_policy(arguments: argparse.Namespace) -> ExitCode:
    """Print every branch of one policy for one subject, or all policies in brief."""
    pack = pack_of(arguments)
    if arguments.run is not None:
        return explain_recorded(pack, arguments)
    if arguments.activity is None:
        message = "nothing to explain from"
        raise UsageError(message, hint="--activity judges activity; --run reads the ledger")
    if arguments.policy is None:
        if arguments.events or arguments.responses or arguments.members:
            raise UsageError("--events, --responses and --members go with one policy; name it")
        _overview(pack, arguments)
    else:
        if arguments.events and (arguments.responses or arguments.members):
            raise UsageError("--events shows rows, without --responses and --members")
        names = policies_named(pack, [arguments.policy])
        policy = next(one for one in pack.policies if one.name in names)
        (_rows if arguments.events else _tree)(pack, policy, arguments)
    return ExitCode.OK


def _tree(pack: Pack, policy: Policy, arguments: argparse.Namespace) -> None:
    narrowed = (whole_run if arguments.responses else as_in_run)(pack, policy)
    with _judged(narrowed, arguments) as found:
        subject = subject_named(found, policy.subject, arguments.subject)
        told = explanation(found, policy, subject, answered=arguments.responses)
    if arguments.format == "json":
        _emit_json(explanation_record(told, arguments.limit if arguments.members else 0))
        return
    emit(explanation_text(told))
    if arguments.members:
        print_members(told.accounts, arguments.limit)


def _rows(pack: Pack, policy: Policy, arguments: argparse.Namespace) -> None:
    signal, limit = signal_named(policy, arguments.events), arguments.limit
    narrowed = as_in_run(pack, policy)
    with _judged(narrowed, arguments) as found:
        subject = subject_named(found, policy.subject, arguments.subject)
        rows = rows_behind(found, policy, signal, subject, limit=limit)
    if arguments.format == "json":
        _emit_json(rows_record(rows, limit))
    else:
        print_rows(rows, limit)


def _overview(pack: Pack, arguments: argparse.Namespace) -> None:
    with _judged(pack, arguments) as found:
        briefs = _briefs(found, arguments.subject)
    if arguments.format == "json":
        _emit_json(overview_record(briefs))
    else:
        print_overview(briefs)
        drafts = [one.name for one in pack.policies if one.status is Status.DRAFT]
        if drafts:
            emit(f"a draft is explained when it is named: {', '.join(drafts)}")


def _briefs(found: Judged, id_: str) -> tuple[Brief, ...]:
    briefs = overview(found, id_)
    if not briefs:
        raise no_such_subject(found, id_)
    return briefs


@contextmanager
def _judged(pack: Pack, arguments: argparse.Namespace) -> Iterator[Judged]:
    request = request_of(arguments, pack)
    ledger = nullcontext(None) if arguments.db is None else Ledger.open(arguments.db, create=False)
    with (
        progress() as show,
        ledger as past,
        engine_of(arguments, arguments.memory, show) as engine,
        judged(
            pack, request, ledger=past, memory=arguments.memory, progress=show, engine=engine
        ) as found,
    ):
        yield found


def _emit_json(record: object) -> None:
    emit(json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True))
