"""The rows behind a number: exchanges and accounts, with totals that are the number's counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from engine.authoring.judging import Judged
from engine.batch.evaluate import BEGINNING_US
from engine.language.model.policy import Policy, Signal
from engine.language.subject import Subject
from engine.language.wording import signal_words
from engine.signals.accounts_behind import CountedAccount, accounts_behind
from engine.signals.behind import Behind, events_behind
from engine.signals.facts import Fact, signal_key
from engine.signals.measures.computation import Role


@dataclass(frozen=True, slots=True)
class Rows:
    """What stands behind one signal of one subject."""

    policy: str
    signal: str
    words: str
    subject: Subject
    fact: Fact
    events: Behind
    accounts: tuple[CountedAccount, ...] | None
    """None for a signal that counts no accounts."""

    @property
    def of_events(self) -> Counter[Role]:
        """Return how many exchanges there are in each role."""
        counted: Counter[Role] = Counter()
        for part, number in self.events.totals.items():
            counted[self.events.roles[part]] += number
        return counted

    @property
    def of_accounts(self) -> Counter[Role]:
        """Return how many accounts there are in each role."""
        return Counter(account.role for account in self.accounts or ())


def rows_behind(
    judged: Judged, policy: Policy, signal: Signal, subject: Subject, *, limit: int
) -> Rows:
    """Return the rows behind a signal of the policy, no more than `limit` exchanges of them."""
    since_us = BEGINNING_US if judged.since_us is None else judged.since_us
    table = judged.evaluation.tables[subject.kind]
    key = signal_key(signal.measure)
    asked = (judged.workspace, signal.measure, subject)
    return Rows(
        policy.name,
        signal.name,
        signal_words(policy, signal.name),
        subject,
        table.facts(table.subjects.index(subject.id), (key,))[key],
        events_behind(*asked, as_of_us=judged.as_of_us, since_us=since_us, limit=limit),
        accounts_behind(*asked, as_of_us=judged.as_of_us, since_us=since_us),
    )
