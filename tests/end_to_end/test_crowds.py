"""Crowds that arrive together and do alike are looked at by nobody but reviewers, if at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.batch.run import RunRequest, run
from engine.language.load import find_rules, require_pack
from engine.language.words import Behaviour
from engine.ledger.store import Ledger
from fixtures.arrivals import even, human
from fixtures.generate import generate
from fixtures.networks import asn, host
from fixtures.populations import Population
from fixtures.ring import exits
from fixtures.rows import Batch, Codes, Columns, Ints, identities, spread
from fixtures.scale import AS_OF_US, DAY_US, HOUR_US, Scale
from fixtures.truth import Label
from fixtures.world import World, generator, pick

PACK = require_pack(find_rules())
WORLD = Scale(75_000, 3_000)


class Crowd:
    """People who sign up within some hours, and then do something of the same."""

    name = ""
    people = 0
    within_us = HOUR_US
    days = 3
    alike: tuple[str, ...] = ()
    part = 0.5
    """Of their requests are alike word for word."""

    def population(self) -> Population:
        share = self.people * 60 / WORLD.exchanges
        return Population(self.name, self.make, 0.0, self.people, 1, share)

    def make(self, world: World, exchanges: int, accounts: int) -> Iterator[Batch]:
        rng = generator(world.seed, self.name)
        opened = AS_OF_US - self.days * DAY_US + rng.integers(0, self.within_us, accounts)
        some = world.accounts(rng, accounts, created=opened, **self.signed_up(world, rng))
        visits = human(rng, even(rng, exchanges, accounts), opened, opened * 0, turns=3)
        networks = self.networks(world, rng, visits.owner)
        sent = world.exchanges(
            rng,
            some,
            visits,
            ip=host(rng, networks),
            asn=asn(networks),
            network_class=world.networks.classes["residential"],
            **spread("p", self.prompts(world, rng, len(visits))),
        )
        yield Batch((Label(self.name, benign=True, campaign=self.name),) * accounts, some, sent)

    def signed_up(self, world: World, rng: np.random.Generator) -> Columns:
        """Return what they said of themselves."""
        channels = world.words.all(("web", "education_programme"))
        return {"channel": rng.choice(channels, self.people)}

    def networks(self, world: World, rng: np.random.Generator, owner: Ints) -> Ints:
        """Return from where each request comes: everybody's first, one wifi."""
        return exits(rng, world.networks.homes(rng, 1), 1, owner)

    def prompts(self, world: World, rng: np.random.Generator, count: int) -> Codes:
        """Return what everybody asks, and some of it alike."""
        prompts = world.prompts.ask(rng, np.zeros(count, dtype=np.int32))
        same = pick(rng, self.part, count)
        prompts[same] = 0
        prompts[same, 0] = rng.choice(world.words.all(self.alike), int(same.sum()))
        world.prompts.reasoning(rng, prompts, soft=0.05, strong=0.002)
        return prompts


class Hackathon(Crowd):
    """Three hundred on one wifi, with one prompt to start from."""

    name = "hackathon"
    people = 300
    alike = ("Build a small app with the starter kit of the sponsor, and say how to run it.",)


class Course(Crowd):
    """Sixty students of one course, on three networks of the campus and at home."""

    name = "course"
    people = 60
    days = 10
    alike = tuple(f"Homework {n}: explain by example why method {n} converges." for n in range(8))

    def networks(self, world: World, rng: np.random.Generator, owner: Ints) -> Ints:
        home = world.networks.homes(rng, self.people)[owner]
        campus = exits(rng, world.networks.schools(rng, 3), 3, owner)
        return np.where(pick(rng, 0.4, len(owner)), home, campus)


class Coupon(Crowd):
    """Four hundred who read of a coupon, a third of them under addresses to be thrown away."""

    name = "coupon"
    people = 400
    within_us = 2 * HOUR_US
    days = 6
    part = 0.15
    alike = (
        "Plan a weekend in a city I have never seen.",
        "Write a toast for my sister's wedding.",
        "What can I cook with what I have?",
    )

    def signed_up(self, world: World, rng: np.random.Generator) -> Columns:
        words, count = world.words, self.people
        classes = words.all(("free", "disposable"))
        cards = words.all(("credit_card", "virtual_card"))
        return {
            "email_class": rng.choice(classes, count, p=(0.7, 0.3)),
            "payment": identities(rng, count),
            "payment_type": rng.choice(cards, count, p=(0.7, 0.3)),
        }

    def networks(self, world: World, rng: np.random.Generator, owner: Ints) -> Ints:
        homes, mobile = world.networks.homes(rng, self.people), world.networks.mobile(rng, 100)
        return exits(rng, np.concatenate([homes, mobile]), 2, owner)


CROWDS: tuple[Crowd, ...] = (Hackathon(), Course(), Coupon())


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("crowd", CROWDS, ids=lambda crowd: crowd.name)
def test_nothing_is_done_to_a_crowd(tmp_path: Path, crowd: Crowd, seed: int) -> None:
    generate(WORLD, seed, tmp_path / "activity", (crowd.population(),))
    with Ledger.open(str(tmp_path / "ledger.db")) as ledger:
        result = run(PACK, RunRequest(str(tmp_path / "activity")), ledger)
        done = {
            one.action for case in ledger.cases() for one in ledger.actions(case_id=case.case_id)
        }
    assert done <= {"log"}
    assert result.records is not None
    extraction = {Behaviour.DISTILLATION, Behaviour.LOGIT_EXTRACTION}
    named = {policy.name: policy.behaviour for policy in PACK.policies}
    assert not extraction & {named[one.policy] for one in result.records.findings}
