"""Policies and responses become a program of monotone rules for one kind of subject.

Everything a condition may ask is made a number in an interval: a signal; a tally of the findings of
earlier stages; a count of strikes. What certainly holds and, only where a negation asks for it,
what certainly fails are then compiled apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.decide.formula import Comparison, Formula, Leaf, both, formula
from engine.decide.lowering import Lowering
from engine.decide.packing import CompileError, pack_rules
from engine.decide.program import (
    Bound,
    End,
    NumberPattern,
    Program,
    Rule,
    Ruleset,
    Stage,
    Tally,
    fails,
    holds,
    takes,
)
from engine.decide.references import Asked, References, judged, leaves, staged
from engine.language.model.condition import Compare, Condition, Found, FoundAny, Struck
from engine.language.model.measure import Measure, Members, Organisations, Payers, Portion
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.model.response import Response
from engine.language.words import Operator, SubjectKind
from engine.signals.facts import signal_key

BUILT_IN: Mapping[str, Measure] = {
    "members": Members(),
    "payers": Payers(),
    "organisations": Organisations(),
    "portion": Portion(),
}
"""The campaign numbers that responses may compare by name."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What decides about one kind of subject."""

    kind: SubjectKind
    policies: tuple[Policy, ...]
    """In the order of stages, then by name; a policy's position is its number in the program."""
    responses: tuple[Response, ...]
    program: Program
    conditions: tuple[Condition, ...]
    """Of each policy: what must be certainly true for a finding."""
    needs: tuple[tuple[int, ...], ...]
    """Of each policy: those of whose findings it asks."""
    keys: tuple[Mapping[str, str], ...]
    """Of each policy: the `signal_key` of each of its signals, by name."""
    references: References
    strikes: Mapping[str, Struck]
    """By the name of the number: which past actions it counts."""
    fails_needed: frozenset[int]
    """Policies of which something asks whether they certainly have no finding."""

    @property
    def text(self) -> str:
        """The program in canonical text: equal packs give equal text."""
        return "\n".join(_lines(self)) + "\n"


def compile_pack(pack: Pack) -> tuple[Compiled, ...]:
    """Return a program for each kind of subject that has a policy or a response to evaluate.

    Raises `ReferenceCycleError`, and `CompileError` for what the rules engine cannot hold.
    """
    return tuple(
        compiled
        for kind in SubjectKind
        if (compiled := compile_kind(pack.policies, pack.responses, kind)) is not None
    )


def compile_kind(
    policies: Sequence[Policy], responses: Sequence[Response], kind: SubjectKind
) -> Compiled | None:
    """Return the program for one kind of subject, None when there is nothing to evaluate."""
    stages = staged(judged(policies, kind))
    answering = sorted((r for r in responses if r.subject is kind), key=lambda r: r.name)
    if not stages and not answering:
        return None
    return _Compiler(kind, stages, tuple(answering)).compiled()


def signal_keys(policy: Policy) -> Mapping[str, str]:
    """Return the key of each signal of a policy, by its name there."""
    return {signal.name: signal_key(signal.measure) for signal in policy.signals}


BUILT_IN_KEYS: Mapping[str, str] = {name: signal_key(m) for name, m in BUILT_IN.items()}


@dataclass
class _Compiler:
    kind: SubjectKind
    stages: tuple[tuple[Policy, ...], ...]
    responses: tuple[Response, ...]
    lowering: Lowering = field(default_factory=Lowering)
    tallies: dict[Asked, str] = field(default_factory=dict)
    strikes: dict[str, Struck] = field(default_factory=dict)
    fails_needed: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.policies = tuple(policy for stage in self.stages for policy in stage)
        self.numbering = {policy.name: number for number, policy in enumerate(self.policies)}
        self.keys = tuple(signal_keys(policy) for policy in self.policies)
        self.references = References(self.policies)

    def compiled(self) -> Compiled:
        """Compile from the last stage to the first, so that it is known whose failing matters."""
        last = pack_rules(list(self._response_rules()))
        earlier = [pack_rules(list(self._policy_rules(stage))) for stage in reversed(self.stages)]
        program = Program(
            self.kind.value,
            tuple(Stage(self._read(rulesets), rulesets) for rulesets in (*reversed(earlier), last)),
        )
        return Compiled(
            self.kind,
            self.policies,
            self.responses,
            program,
            tuple(policy.condition for policy in self.policies),
            tuple(self._needs(policy) for policy in self.policies),
            self.keys,
            self.references,
            self.strikes,
            frozenset(self.fails_needed),
        )

    def _needs(self, policy: Policy) -> tuple[int, ...]:
        asked = {
            number
            for leaf in leaves(policy.condition)
            if isinstance(leaf, (Found, FoundAny))
            for number in self.references.asked(leaf, acting=False).everyone
        }
        return tuple(sorted(asked))

    def _policy_rules(self, stage: Sequence[Policy]) -> Iterator[tuple[int, list[Rule]]]:
        for policy in stage:
            number, owner = self.numbering[policy.name], f"policy `{policy.name}`"
            resolve = self._resolver(owner, self.keys[number], acting=policy.status.acts)
            self.lowering.begin()
            held = self._noted(formula(policy.condition, resolve))
            rules = self.lowering.rules(held, holds(number), owner)
            if number in self.fails_needed:
                failed = self._noted(formula(policy.condition, resolve, wanted=False))
                rules += self.lowering.rules(failed, fails(number), owner)
            yield number, rules

    def _response_rules(self) -> Iterator[tuple[int, list[Rule]]]:
        for number, response in enumerate(self.responses):
            owner = f"response `{response.name}`"
            resolve = self._resolver(owner, BUILT_IN_KEYS, acting=True)
            self.lowering.begin()
            applies = formula(response.when, resolve)
            rules: list[Rule] = []
            for rung, step in enumerate(response.ladder):
                guard = () if step.guard is None else (formula(step.guard, resolve),)
                taken = self._noted(both((applies, *guard)))
                rules += self.lowering.rules(taken, takes(number, rung), owner)
            yield number, rules

    def _resolver(
        self, owner: str, keys: Mapping[str, str], *, acting: bool
    ) -> Callable[[Leaf], Comparison | bool]:
        def resolve(leaf: Leaf) -> Comparison | bool:
            match leaf:
                case Compare(signal, operator, threshold):
                    if signal not in keys:
                        message = f"{owner}: there is no signal `{signal}`"
                        raise CompileError(message)
                    return Comparison(keys[signal], operator, _finite(threshold, owner))
                case Struck():
                    threshold = _finite(leaf.threshold, owner)
                    return Comparison(self._strikes(leaf), leaf.operator, threshold)
                case Found() | FoundAny():
                    return self._tally(self.references.asked(leaf, acting=acting))

        return resolve

    def _tally(self, asked: Asked) -> Comparison | bool:
        if asked.deniable and not asked.everyone:
            return False
        name = self.tallies.setdefault(asked, f"t{len(self.tallies)}")
        return Comparison(name, Operator.GTE, 1.0)

    def _strikes(self, leaf: Struck) -> str:
        for name, known in self.strikes.items():
            if (known.within_us, known.actions) == (leaf.within_us, leaf.actions):
                return name
        name = f"k{len(self.strikes)}"
        self.strikes[name] = leaf
        return name

    def _noted(self, made: Formula) -> Formula:
        """Note the policies whose certain failing a formula reads."""
        open_ended = {name for name, bound in _bounds(made) if bound.end is End.HIGH}
        for asked, name in self.tallies.items():
            if name in open_ended:
                self.fails_needed.update(asked.everyone)
        return made

    def _read(self, rulesets: Sequence[Ruleset]) -> tuple[Tally, ...]:
        """Return the tallies that some rulesets read."""
        read = {name for ruleset in rulesets for name in ruleset.numbers}
        return tuple(
            Tally(
                name,
                asked.telling,
                counts_open=asked.deniable and self.fails_needed.issuperset(asked.everyone),
                shadowed=asked.shadowed,
            )
            for asked, name in self.tallies.items()
            if name in read
        )


def _bounds(made: Formula) -> Iterator[tuple[str, Bound]]:
    if isinstance(made, NumberPattern):
        yield from ((made.name, bound) for bound in made.bounds)
        return
    for part in made.parts:
        yield from _bounds(part)


def _finite(threshold: float, owner: str) -> float:
    try:
        value = float(threshold)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        message = f"{owner}: a threshold is not a finite number"
        raise CompileError(message)
    return value


def _lines(compiled: Compiled) -> Iterator[str]:
    yield f"{compiled.kind.value}"
    for number, policy in enumerate(compiled.policies):
        yield f"  p{number} = policy `{policy.name}`"
    for number, response in enumerate(compiled.responses):
        yield f"  q{number} = response `{response.name}`"
    for name, struck in sorted(compiled.strikes.items()):
        actions = ", ".join(sorted(action.value for action in struck.actions)) or "any action"
        yield f"  {name} = strikes within {struck.within_us} us by {actions}"
    for position, stage in enumerate(compiled.program.stages):
        yield f"stage {position}"
        for tally in stage.tallies:
            counted = ", ".join(f"p{number}" for number in tally.policies) or "nobody"
            possible = ", ".join(f"p{number}" for number in tally.shadowed)
            shadow = f", in shadow {possible}" if possible else ""
            yield f"  {tally.name} = tally of {counted}{shadow}"
        for ruleset in stage.rulesets:
            yield "  ruleset"
            yield from (f"    {rule}" for rule in ruleset.rules)
