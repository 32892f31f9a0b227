"""Formulas become rules: at most twelve patterns each, alternatives as several rules."""

from __future__ import annotations

from engine.decide.formula import Both, Either, Formula
from engine.decide.program import ALWAYS, NodePattern, NumberPattern, Pattern, Rule

MAX_PATTERNS = 12
"""Patterns that one rule may join."""


class Lowering:
    """Makes rules, and numbers the nodes between them; one for each program."""

    def __init__(self) -> None:
        """Start with no nodes."""
        self._count = 0
        self._shared: dict[Formula, NodePattern] = {}

    def begin(self) -> None:
        """Begin another policy or response: nodes are shared only within one."""
        self._shared = {}

    def rules(self, formula: Formula, gives: str, owner: str) -> list[Rule]:
        """Return rules that derive `gives` when the formula is true; a rule follows its parts."""
        made: list[Rule] = []
        self._derive(formula, gives, owner, made)
        return made

    def _derive(self, formula: Formula, gives: str, owner: str, made: list[Rule]) -> None:
        for part in formula.parts if isinstance(formula, Either) else (formula,):
            patterns = self._patterns(part, owner, made)
            while len(patterns) > MAX_PATTERNS:
                patterns = self._gathered(patterns, owner, made)
            made.append(Rule(gives, patterns or (ALWAYS,), owner))

    def _patterns(self, formula: Formula, owner: str, made: list[Rule]) -> tuple[Pattern, ...]:
        match formula:
            case NumberPattern():
                return (formula,)
            case Both(parts):
                each = (self._patterns(part, owner, made) for part in parts)
                return tuple(pattern for patterns in each for pattern in patterns)
            case Either():
                return (self._node(formula, owner, made),)

    def _node(self, formula: Either, owner: str, made: list[Rule]) -> NodePattern:
        if formula not in self._shared:
            node = self._new()
            self._derive(formula, node.name, owner, made)
            self._shared[formula] = node
        return self._shared[formula]

    def _gathered(
        self, patterns: tuple[Pattern, ...], owner: str, made: list[Rule]
    ) -> tuple[Pattern, ...]:
        gathered: list[Pattern] = []
        for start in range(0, len(patterns), MAX_PATTERNS):
            node = self._new()
            made.append(Rule(node.name, patterns[start : start + MAX_PATTERNS], owner))
            gathered.append(node)
        return tuple(gathered)

    def _new(self) -> NodePattern:
        self._count += 1
        return NodePattern(f"n{self._count}")
