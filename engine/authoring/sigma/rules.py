"""The detections and the condition of one rule as entries of a policy's `select`."""

from __future__ import annotations

from collections.abc import Collection

from sigma.conditions import ConditionIdentifier
from sigma.rule import SigmaRule

from engine.authoring.sigma import codes
from engine.authoring.sigma.conditions import Tree, Wording, detections_used
from engine.authoring.sigma.fields import Fields
from engine.authoring.sigma.naming import selection_name, unique
from engine.authoring.sigma.reading import ReadRule, guarded
from engine.authoring.sigma.selections import Selections
from engine.authoring.sigma.writing import Data
from engine.language.diagnostic import Diagnostics

WHOLE = "matching"
"""The selection of what a rule matches, where no detection alone is it."""
_OLD = "timeframe"


class Selecting:
    """Fills the `select` of one policy, rule by rule."""

    def __init__(self, fields: Fields, lists: Collection[str], problems: Diagnostics) -> None:
        self._fields = fields
        self._lists = lists
        self._problems = problems
        self.select: dict[str, Data] = {}

    def add(self, read: ReadRule, rule: SigmaRule, name: str | None = None) -> str | None:
        """Add what a rule matches and return the selection's name; None, reported, if it cannot.

        Under a `name` the rule is one of several: what it needs has that name before its own.
        """
        trees = self._conditions(read, rule)
        if trees is None:
            return None
        used = list(
            dict.fromkeys(name for tree in trees for name in detections_used(tree, rule.detection))
        )
        alone = len(trees) == 1 and isinstance(trees[0], ConditionIdentifier)
        prefix = f"{name}_" if name and not alone else ""
        names: dict[str, str] = {}
        for detection in used:
            wanted = name if name and alone else prefix + selection_name(detection)
            names[detection] = unique(wanted, self.select, "_")
            self.select[names[detection]] = None
        sound = [self._detection(read, rule, each, names[each]) for each in used]
        if not all(sound):
            return None
        return names[used[0]] if alone else self._whole(rule, trees, names, prefix, name or WHOLE)

    def _conditions(self, read: ReadRule, rule: SigmaRule) -> list[Tree] | None:
        """Return the parse trees of the conditions, detections by name."""
        place = read.document.span("detection", "condition")
        if _OLD in rule.detection.detections:
            message = "`timeframe` belongs to the aggregations that correlations have replaced"
            span = read.document.span("detection", _OLD)
            hint = "write a correlation that refers to the rule, with `timespan`"
            self._problems.error(codes.NOT_SIGMA, span, message, hint=hint)
            return None
        trees = []
        for condition in rule.detection.parsed_condition:
            if "|" in condition.condition:
                message = "aggregations after `|` have been replaced by correlations"
                hint = "write a correlation that refers to the rule"
                self._problems.error(codes.NOT_SIGMA, place, message, hint=hint)
                return None
            whole = guarded(condition.parse, place, self._problems)
            tree = guarded(lambda: condition.parse(postprocess=False), place, self._problems)  # noqa: B023 - called at once
            if whole is None or not isinstance(tree, Tree):
                return None
            trees.append(tree)
        return trees

    def _detection(self, read: ReadRule, rule: SigmaRule, detection: str, name: str) -> bool:
        selections = Selections(self._fields, self._lists)
        self.select[name] = selections.written(rule.detection.detections[detection])
        for place, refusal in selections.refused:
            refusal.report(read.document.span("detection", detection, *place), self._problems)
        return not selections.refused

    def _whole(
        self, rule: SigmaRule, trees: list[Tree], names: dict[str, str], prefix: str, wanted: str
    ) -> str:
        name = unique(wanted, self.select, "_")
        wording = Wording(rule.detection, names, prefix)
        self.select[name] = {"condition": wording.any_of(trees, self.select)}
        return name
