"""`excise demo`: generated activity, the shipped pack, and the outcome against the known truth."""

from __future__ import annotations

import argparse
import shlex
import tempfile
from collections import Counter
from pathlib import Path

from engine.batch.run import RunRequest, RunResult
from engine.cli.console import emit, emit_table, progress
from engine.cli.options import add_rules, pack_of
from engine.cli.run import execute
from engine.cli.summary import print_summary
from engine.errors import ExitCode
from engine.language.model.pack import Pack
from engine.language.words import ActionKind
from engine.ledger.records import ActionRecord, ActionStatus
from engine.ledger.store import Ledger
from engine.ledger.verify import verify
from fixtures.generate import generate
from fixtures.scale import DEMO
from fixtures.truth import Truth

DATABASE = "sqlite:///excise-demo.db"
_NUMBERS = ("accounts", "acted on", "in one case")


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "demo", help="find generated campaigns and compare with the generator's truth"
    )
    add_rules(parser)
    parser.add_argument("--db", metavar="URL", default=DATABASE, help=f"default: {DATABASE}")
    parser.add_argument("--seed", type=int, default=1, help="of the generator; default: 1")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the generated input here")
    parser.set_defaults(command=command)


def command(arguments: argparse.Namespace) -> ExitCode:
    """Generate, run, compare, verify."""
    pack = pack_of(arguments)
    with tempfile.TemporaryDirectory(prefix="excise-demo-") as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        with progress() as show:
            show("generating activity")
            truth = generate(DEMO, arguments.seed, folder)
            request = RunRequest(activity=str(folder))
            result = execute(pack, request, arguments.db, show)
        actions = _asked_for(pack, request, result, arguments.db)
    print_summary(result)
    emit()
    missed, wronged = _print_campaigns(actions, truth), _print_benign(actions, truth)
    verification = verify(arguments.db)
    emit(
        f"audit log: {'verified' if verification.ok else 'BROKEN'}, "
        f"{verification.entries:,} entries, root {verification.root}"
    )
    emit(f"\nopen the review:  excise-review --db {shlex.quote(arguments.db)}")
    clean = verification.ok and not missed and not wronged
    return ExitCode.OK if clean else ExitCode.FINDINGS


def _asked_for(
    pack: Pack, request: RunRequest, result: RunResult, db: str
) -> tuple[ActionRecord, ...]:
    """Return what the pack asks for by itself, whatever was recorded and decided before.

    In a ledger that holds other runs this one may have nothing to add, so it is evaluated apart.
    """
    with Ledger.open(db, create=False) as ledger:
        alone = len(ledger.runs()) == 1
    if alone and result.records:
        return result.records.actions
    with progress() as show:
        records = execute(pack, request, None, show).records
    return records.actions if records else ()


def _print_campaigns(actions: tuple[ActionRecord, ...], truth: Truth) -> int:
    rows = []
    missed = 0
    for name, accounts in truth.campaigns(benign=False).items():
        hits = [action for action in actions if action.account_id in accounts and reaches(action)]
        acted = {action.account_id for action in hits}
        cases = Counter(case for case, _ in {(a.case_id, a.account_id) for a in hits})
        largest = max(cases.values(), default=0)
        missed += 2 * len(acted) < len(accounts)
        behaviours = ", ".join(sorted({action.behaviour for action in hits}))
        actions_taken = ", ".join(sorted({action.action for action in hits}))
        numbers = (f"{len(accounts):,}", f"{len(acted):,}", f"{largest:,}")
        rows.append((name, *numbers, behaviours, actions_taken))
    headings = ("campaign in the truth", *_NUMBERS, "as", "actions")
    emit_table(headings, rows, right=_NUMBERS)
    emit(f"campaigns missed (under half of the accounts acted on): {missed}\n")
    return missed


def _print_benign(actions: tuple[ActionRecord, ...], truth: Truth) -> int:
    acted = {action.account_id for action in actions if reaches(action)}
    rows = []
    wronged = 0
    benign = Counter(label.population for label in truth.labels.values() if label.benign)
    for population, accounts in sorted(benign.items()):
        hit = len(acted & truth.accounts(population))
        wronged += hit
        rows.append((population, f"{accounts:,}", f"{hit:,}"))
    emit_table(("benign population", *_NUMBERS[:2]), rows, right=_NUMBERS)
    emit(f"benign accounts with an action above log: {wronged}\n")
    return wronged


def reaches(action: ActionRecord) -> bool:
    """Whether an action is above `log` and not kept from its account by an exemption."""
    return action.action != ActionKind.LOG.value and action.status != ActionStatus.EXEMPT.value
