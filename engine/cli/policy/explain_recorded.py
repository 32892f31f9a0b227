"""`excise policy explain --run`: from the ledger, without any activity."""

from __future__ import annotations

import argparse
import json

from engine.authoring.explain.recorded.decision import recorded_decisions
from engine.authoring.explain.recorded.nothing import nothing_recorded
from engine.authoring.explain.recorded.record import decision_record
from engine.authoring.explain.recorded.text import decision_text
from engine.cli.console import emit
from engine.cli.options import DEFAULT_DATABASE
from engine.cli.policy.naming import policies_named
from engine.errors import ExitCode, UsageError
from engine.language.model.pack import Pack
from engine.ledger.naming import run_named
from engine.ledger.records import RunRecord
from engine.ledger.store import Ledger

_OF_ACTIVITY = ("activity", "source", "as_of", "since", "until", "events", "members", "responses")


def explain_recorded(pack: Pack, arguments: argparse.Namespace) -> ExitCode:
    """Print what a run decided about a subject; 1 where judging it again comes out otherwise."""
    given = [name for name in _OF_ACTIVITY if getattr(arguments, name)]
    if given:
        message = f"--{given[0].replace('_', '-')} is about activity; --run reads the ledger alone"
        raise UsageError(message, hint="leave one of them out")
    with Ledger.open(arguments.db or DEFAULT_DATABASE, create=False) as ledger:
        run = run_named(ledger, arguments.run)
        _known(pack, run, arguments.policy)
        decisions = recorded_decisions(ledger, pack, run, arguments.subject, arguments.policy)
        if not decisions:
            raise nothing_recorded(ledger, run, arguments.subject, arguments.policy)
    if arguments.format == "json":
        records = [decision_record(one, arguments.limit) for one in decisions]
        emit(json.dumps(records, ensure_ascii=False, indent=2, sort_keys=True))
    else:
        emit("\n\n".join(map(decision_text, decisions)))
    return ExitCode.OK if all(one.agrees for one in decisions) else ExitCode.FINDINGS


def _known(pack: Pack, run: RunRecord, policy: str | None) -> None:
    """Refuse the name of a policy that neither the run nor the pack has."""
    judged = {line["policy"] for line in json.loads(run.report)["policies"]}
    if policy is not None and policy not in judged:
        policies_named(pack, [policy])
        raise UsageError(f"{run.run_id} had no policy {policy!r}")
