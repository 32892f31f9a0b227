"""`explain` says what a run decides, and what it prints proves it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from random import Random

import pytest
from deciding import ACCOUNT, table
from random_packs import AS_OF_US, Trial, trial
from readings import TRUTH, joined, printed_leaves, recorded_branches

from engine.authoring.explain.explanation import Explanation, compiled_for, tracer_of
from engine.authoring.explain.records import explanation_record
from engine.authoring.explain.text import explanation_text
from engine.authoring.explain.tree import policies, responses
from engine.batch.cases import Extent
from engine.decide.decide import decide
from engine.language.subject import Subject

_UNKNOWN = (-math.inf, math.inf)
ACTIVE = Extent(0, 1, 1)


def facts_of(made: Trial) -> dict[str, list[tuple[float, float]]]:
    keys = sorted({key for intervals, _ in made.subjects for key in intervals})
    return {key: [one.get(key, _UNKNOWN) for one, _ in made.subjects] for key in keys}


def agreed(made: Trial) -> Iterator[Explanation]:
    """Explain every policy for every subject, comparing with a run; yield the explanations."""
    known = table(facts_of(made))
    past = {f"s{number:05}": strikes for number, (_, strikes) in enumerate(made.subjects)}
    decisions = decide(
        made.pack, {ACCOUNT: known}, strikes=lambda who: past[who.id], as_of_us=AS_OF_US
    )
    found = {(one.subject.id, one.policy.name) for one in decisions.findings}
    taken = {(a.subject.id, a.response.name): a.step for a in decisions.answers}
    judged = [policy.name for policy in made.pack.policies if policy.status.evaluated]
    undecided = dict.fromkeys(judged, 0)
    if not judged:
        return
    compiled = compiled_for(made.pack, ACCOUNT)
    for id_ in known.subjects:
        tracer = tracer_of(
            compiled,
            known,
            id_,
            strikes=lambda who: past[who.id],
            as_of_us=AS_OF_US,
        )
        answered = responses(tracer)
        for one in answered:
            steps = [rung.step for rung in one.rungs if rung.taken]
            assert (steps[0] if steps else None) is taken.get((id_, one.response.name))
        for name in judged:
            explained = policies(tracer, name)
            assert (explained[0].holds is True) is ((id_, name) in found)
            undecided[name] += explained[0].holds is None
            yield Explanation(
                Subject(ACCOUNT, id_),
                explained,
                answered,
                (),
                {},
                Extent(0, 1, 1),
                (),
                AS_OF_US,
                None,
            )
    counted = {name: one.subjects for name, one in decisions.undecided.items()}
    assert {name: number for name, number in undecided.items() if number} == counted


def check(explanation: Explanation) -> None:
    """Judge what is printed anew."""
    text, record = explanation_text(explanation), explanation_record(explanation)
    printed = list(printed_leaves(text))
    assert all(said is again for said, again in printed), text
    read = json.loads(json.dumps(record))
    roots = [root for one in read["policies"] for root in (one["when"], *one["unless"])]
    roots += [one["when"] for one in read["responses"]]
    roots += [r["guard"] for one in read["responses"] for r in one["rungs"] if r["guard"]]
    branches = [pair for root in roots for pair in recorded_branches(root)]
    assert all(said is again for said, again in branches)
    numbers = sum(len(list(leaf_numbers(root))) for root in roots)
    assert len(printed) == numbers
    check_verdicts(read)


def leaf_numbers(node: dict) -> Iterator[dict]:
    if "operator" in node:
        yield node
    for part in node.get("parts", ()):
        yield from leaf_numbers(part)


def check_verdicts(read: dict) -> None:
    verdicts = {"finding": True, "no finding": False, "undecided": None}
    came = {one["policy"]: verdicts[one["verdict"]] for one in read["policies"]}
    for one in read["policies"]:
        cleared = [TRUTH[root["truth"]] for root in one["unless"]]
        parts = [TRUTH[one["when"]["truth"]], *(joined("not", [part]) for part in cleared)]
        assert came[one["policy"]] is joined("all", parts)
        for root in (one["when"], *one["unless"]):
            for leaf in finding_leaves(root):
                asked = [] if leaf["deniable"] else [None]
                for name, told in leaf["policies"].items():
                    assert came[name] is verdicts[told["verdict"]]
                    certain = told["telling"] or not came[name]
                    asked.append(came[name] if certain else None)
                assert TRUTH[leaf["truth"]] is joined("any", asked)


def finding_leaves(node: dict) -> Iterator[dict]:
    if "policies" in node:
        yield node
    for part in node.get("parts", ()):
        yield from finding_leaves(part)


def check_all(seed: int, packs: int, subjects: int) -> int:
    rng = Random(seed)
    looked_at = 0
    for made in (trial(rng, subjects) for _ in range(packs)):
        for explanation in agreed(made):
            check(explanation)
        looked_at += subjects
    return looked_at


def test_explain_agrees_with_decisions_on_some_random_subjects() -> None:
    assert check_all(7, 2, 60) == 120


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_explain_agrees_with_decisions_on_ten_thousand_random_subjects(seed: int) -> None:
    assert check_all(1000 + seed, 7, 150) >= 1_050
