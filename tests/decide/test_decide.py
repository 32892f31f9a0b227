from __future__ import annotations

import gc
import multiprocessing
import random
from collections.abc import Iterator

import broken_workers
import pytest
from deciding import (
    ACCOUNT,
    EQ,
    GTE,
    LT,
    LTE,
    SIGNALS,
    compare,
    key,
    pack,
    policy,
    response,
    table,
)

from engine.decide import decide as decide_module
from engine.decide.compile import BUILT_IN_KEYS
from engine.decide.decide import Decisions, decide
from engine.decide.lane import Orders, Target
from engine.decide.screen import Undecided
from engine.decide.supervisor import EngineFault
from engine.language.model.condition import All, Any, Found, FoundAny, Negation, Struck
from engine.language.model.pack import Pack
from engine.language.subject import Subject
from engine.language.words import ActionKind, Axis, Behaviour, Severity, Status, SubjectKind
from engine.signals.facts import FactTable

CAMPAIGN = SubjectKind.CAMPAIGN
DAY_US = 86_400_000_000


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


def of(decisions: Decisions) -> list[tuple[str, str]]:
    """Subjects and policies of the findings."""
    return [(finding.subject.id, finding.policy.name) for finding in decisions.findings]


def taken(decisions: Decisions) -> list[tuple[str, str, str]]:
    """Subjects, responses and actions of the answers."""
    return [
        (answer.subject.id, answer.response.name, answer.step.do[0].kind.value)
        for answer in decisions.answers
    ]


def judged(made: Pack, *tables: FactTable, **strikes: int) -> Decisions:
    """Decide, with a number of suspensions a day ago by subject."""

    def past(subject: Subject) -> tuple[tuple[int, ActionKind], ...]:
        return ((9 * DAY_US, ActionKind.SUSPEND),) * strikes.get(subject.id, 0)

    kinds = {one.kind: one for one in tables}
    return decide(made, kinds, strikes=past, as_of_us=10 * DAY_US)


def test_findings_hold_their_evidence() -> None:
    when = All((compare("a", GTE, 2), Any((compare("b", EQ, 1), compare("c", LT, 0)))))
    made = pack([policy("p", when, compare("d", LTE, 0.5), signals="abcd")])
    facts = table(
        {
            key("a"): [(2, 3), (1, 3), (2, 2), (5, 5)],
            key("b"): [(1, 1), (1, 1), (1, 1), (1, 2)],
            key("d"): [(1, 1), (1, 1), (0, 1), (1, 1)],
        }
    )
    decisions = judged(made, facts)
    (finding,) = decisions.findings
    assert (finding.subject, finding.policy) == (Subject(ACCOUNT, "s00000"), made.policies[0])
    assert {name: (fact.low, fact.high) for name, fact in finding.facts.items()} == {
        "a": (2, 3),
        "b": (1, 1),
        "c": (-float("inf"), float("inf")),
        "d": (1, 1),
    }
    assert finding.facts["a"].counts == {"events": 0}
    assert finding.facts["c"].void
    outer, cleared = finding.outcome.parts
    assert (finding.outcome.holds, outer.holds, cleared.holds) == (True, True, True)
    assert [part.holds for part in outer.parts[1].parts] == [True, None]
    assert (cleared.parts[0].holds, cleared.parts[0].fact) == (False, finding.facts["d"])
    assert decisions.undecided == {
        "p": Undecided(3, {"a": 1, "b": 1, "c": 3, "d": 1}),
    }
    assert (decisions.judged, decisions.candidates) == ({ACCOUNT: 4}, 1)


def test_stages_shadow_and_undecided_findings() -> None:
    made = pack(
        [
            policy("base", compare("a", GTE, 1), behaviour=Behaviour.RESALE),
            policy(
                "dark",
                compare("b", GTE, 1),
                behaviour=Behaviour.RESALE,
                axis=Axis.ACCESS,
                status=Status.SHADOW,
            ),
            policy("draft", All(()), behaviour=Behaviour.RESALE, status=Status.DRAFT),
            policy("both", All((Found("base"), Found("dark")))),
            policy("none", Negation(FoundAny(frozenset({Behaviour.RESALE})))),
            policy("no draft", Negation(Found("draft"))),
        ],
        [
            response("sees dark", Found("dark"), None),
            response("sees access", FoundAny(axes=frozenset({Axis.ACCESS})), None),
            response("misses dark", All((Found("base"), Negation(Found("dark")))), None),
        ],
    )
    facts = table(
        {
            key("a"): [(1, 1), (0, 0), (0, 1), (1, 1)],
            key("b"): [(1, 1), (0, 0), (0, 0), (0, 0)],
        }
    )
    decisions = judged(made, facts)
    assert of(decisions) == [
        ("s00000", "base"),
        ("s00000", "dark"),
        ("s00001", "none"),
        ("s00003", "base"),
    ]
    assert taken(decisions) == [("s00003", "misses dark", "log")]
    assert [finding.policy.name for finding in decisions.answers[0].findings] == ["base"]
    assert decisions.undecided == {
        "base": Undecided(1, {"a": 1}),
        "both": Undecided(1, {}),  # in shadow a finding is possible at most
        "no draft": Undecided(4, {}),  # what is not judged is not known
        "none": Undecided(1, {}),
    }


def test_the_last_rung_whose_guard_certainly_holds() -> None:
    once = Struck(GTE, 1, DAY_US)
    twice = Struck(GTE, 2, DAY_US, frozenset({ActionKind.SUSPEND}))
    warned = Struck(GTE, 1, DAY_US, frozenset({ActionKind.WARN}))
    made = pack(
        [policy("p", compare("a", GTE, 1))],
        [
            response("full", Found("p"), None, once, warned, twice),
            response("guarded", Found("p"), once, warned),
            response("size", Found("p"), None, compare("members", GTE, 20)),
        ],
    )
    rows = [(1, 1), (1, 1), (1, 1), (0, 0)]
    facts = table(
        {key("a"): rows, BUILT_IN_KEYS["members"]: [(20, 20), (0, 99), (19, 19)] * 1 + [(0, 0)]}
    )
    assert taken(judged(made, facts, s00001=1, s00002=2, s00003=3)) == [
        ("s00000", "full", "log"),
        ("s00000", "size", "warn"),
        ("s00001", "full", "warn"),
        ("s00001", "guarded", "log"),
        ("s00001", "size", "log"),
        ("s00002", "full", "hold_quota"),
        ("s00002", "guarded", "log"),
        ("s00002", "size", "log"),
    ]
    without = decide(made, {ACCOUNT: facts}, strikes=None, as_of_us=0)
    assert {rung for _, name, rung in taken(without) if name == "full"} == {"log"}


def test_kinds_are_judged_apart_and_sorted() -> None:
    when = compare("a", GTE, 1)
    made = pack(
        [policy("z", when), policy("a", when), policy("c", when, subject=CAMPAIGN)],
        [response("r", FoundAny(), None), response("r2", FoundAny(), None, subject=CAMPAIGN)],
    )
    facts = {kind: table({key("a"): [(1, 1)] * 3}, kind) for kind in (CAMPAIGN, ACCOUNT)}
    decisions = judged(made, *facts.values())
    names = [f"s{number:05}" for number in range(3)]
    assert of(decisions) == [
        *((name, one) for name in names for one in "az"),
        *((name, "c") for name in names),
    ]
    assert taken(decisions) == [(n, one, "log") for one in ("r", "r2") for n in names]
    assert decisions.judged == {ACCOUNT: 3, CAMPAIGN: 3}
    only = judged(made, facts[CAMPAIGN])
    assert of(only) == [(name, "c") for name in names]
    assert only.judged == {CAMPAIGN: 3}


def test_nothing_to_judge() -> None:
    empty = Decisions((), (), {}, {}, 0)
    assert decide(pack([]), {}, strikes=None, as_of_us=0) == empty
    quiet = judged(pack([policy("p", compare("a", GTE, 1))]), table({key("a"): [(0, 0)]}))
    assert quiet == Decisions((), (), {}, {ACCOUNT: 1}, 0)


def test_thousands_of_policies_and_a_long_chain() -> None:
    rng = random.Random(8)
    policies = [
        policy(
            f"p{number:04}",
            All(tuple(compare(n, GTE, rng.uniform(0, 9)) for n in rng.sample(SIGNALS, 2))),
            severity=Severity.LOW,
        )
        for number in range(2000)
    ]
    policies.append(policy("c0", compare("a", GTE, 5)))
    policies += [policy(f"c{n}", Found(f"c{n - 1}"), signals="a") for n in range(1, 150)]
    policies.append(
        policy("many", Negation(FoundAny(minimum_severity=Severity.HIGH)), severity=Severity.LOW)
    )
    ladder = response("r", FoundAny(minimum_severity=Severity.HIGH), None)
    rows = {key(name): [(v, v) for v in (rng.uniform(0, 9) for _ in range(20))] for name in SIGNALS}
    decisions = judged(pack(policies, [ladder]), table(rows))
    found = set(of(decisions))
    for row in range(20):
        name = f"s{row:05}"
        for one in policies[:2000]:
            assert isinstance(one.when, All)
            held = all(rows[key(c.signal)][row][0] >= c.threshold for c in one.when.parts)  # type: ignore[union-attr]
            assert ((name, one.name) in found) is held
        deep = rows[key("a")][row][0] >= 5
        assert ((name, "c149") in found) is deep
        assert ((name, "many") in found) is not deep
        assert ((name, "r", "log") in taken(decisions)) is deep


def test_equal_input_gives_equal_output_whatever_the_order() -> None:
    policies = [policy(f"p{n}", compare("a", GTE, n)) for n in range(5)]
    responses = [response(f"r{n}", Found(f"p{n}"), None) for n in range(5)]
    columns = {key(name): [(n % 7, n % 7) for n in range(300)] for name in "ab"}
    one = judged(pack(policies, responses), table(columns))
    other = judged(pack(policies[::-1], responses[::-1]), table(dict(reversed(columns.items()))))
    assert one == other


def test_progress_counts_candidates() -> None:
    seen: list[int] = []
    facts = {ACCOUNT: table({key("a"): [(n % 2, n % 2) for n in range(20)]})}
    made = pack([policy("p", compare("a", GTE, 1))])
    decide(made, facts, strikes=None, as_of_us=0, progress=seen.append)
    assert seen == list(range(1, 11))


def test_no_garbage_is_looked_for_among_what_is_made() -> None:
    seen: list[bool] = []
    facts = {ACCOUNT: table({key("a"): [(1, 1)]})}
    made = pack([policy("p", compare("a", GTE, 1))])
    decide(made, facts, strikes=None, as_of_us=0, progress=lambda _: seen.append(gc.isenabled()))
    assert (seen, gc.isenabled()) == ([False], True)


def test_an_interrupt_leaves_nothing_behind() -> None:
    def interrupt(_done: int) -> None:
        raise KeyboardInterrupt

    facts = {ACCOUNT: table({key("a"): [(1, 1)] * 300})}
    made = pack([policy("p", compare("a", GTE, 1))])
    with pytest.raises(KeyboardInterrupt):
        decide(made, facts, strikes=None, as_of_us=0, progress=interrupt)
    assert multiprocessing.active_children() == []
    assert gc.isenabled()


@pytest.mark.parametrize(
    ("target", "what"),
    [
        (broken_workers.inventing, "policy `q`"),
        (broken_workers.forgetting, "policy `p`"),
        (broken_workers.answering, "response `r`"),
    ],
)
def test_an_engine_that_decides_wrongly_fails_the_run(
    monkeypatch: pytest.MonkeyPatch, target: Target, what: str
) -> None:
    def orders(name: str, workers: int) -> Orders:
        return Orders(name, workers, target=target)

    monkeypatch.setattr(decide_module, "Orders", orders)
    facts = table({key("a"): [(1, 1)], key("b"): [(0, 0)]})
    policies = [policy("p", compare("a", GTE, 1)), policy("q", compare("b", GTE, 1))]
    made = pack(policies, [response("r", Found("q"), None)])
    with pytest.raises(EngineFault, match=f"{what}.*decided wrongly about account 's00000'"):
        judged(made, facts)
