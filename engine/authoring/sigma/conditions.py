"""Sigma's conditions over named detections as ours over named selections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from sigma.conditions import (
    ConditionAND,
    ConditionIdentifier,
    ConditionItem,
    ConditionNOT,
    ConditionOR,
    ConditionSelector,
)
from sigma.rule import SigmaDetections

from engine.authoring.sigma import codes
from engine.authoring.sigma.refusal import RefusalError

_OR, _AND, _NOT = range(3)
"""How strongly an operator binds."""

Tree = ConditionItem


def detections_used(tree: Tree, detections: SigmaDetections) -> list[str]:
    """Return the names of the detections that a condition asks for, in order, each once."""
    return list(dict.fromkeys(_used(tree, detections)))


def _used(tree: Tree, detections: SigmaDetections) -> Iterable[str]:
    match tree:
        case ConditionIdentifier():
            return [tree.identifier]
        case ConditionSelector():
            return _chosen(tree, detections)
    parts = [part for part in tree.args if isinstance(part, ConditionItem)]
    return [name for part in parts for name in _used(part, detections)]


def _chosen(selector: ConditionSelector, detections: SigmaDetections) -> list[str]:
    return [each.identifier for each in selector.resolve_referenced_detections(detections)]


class Wording:
    """Conditions in our words; `names` are the selections by the detections they stand for."""

    def __init__(self, detections: SigmaDetections, names: Mapping[str, str], prefix: str) -> None:
        self._detections = detections
        self._names = names
        self._prefix = prefix

    def any_of(self, trees: Iterable[Tree], others: Iterable[str]) -> str:
        """Return the condition that one of the trees holds; `others` are all selections there are.

        The other selections matter because a pattern such as `x_*` must not match one of them.
        """
        everything = list(others)
        parts = [self._part(tree, everything) for tree in trees]
        if len(parts) == 1:
            return parts[0][0]
        return " or ".join(_enclosed(part, _OR) for part in parts)

    def _part(self, tree: Tree, others: list[str]) -> tuple[str, int]:
        match tree:
            case ConditionIdentifier():
                return self._names[tree.identifier], _NOT
            case ConditionSelector():
                return self._selector(tree, others)
        inner = [self._part(part, others) for part in tree.args if isinstance(part, ConditionItem)]
        match tree:
            case ConditionNOT():
                return f"not {_enclosed(inner[0], _NOT)}", _NOT
            case ConditionAND():
                return " and ".join(_enclosed(part, _AND) for part in inner), _AND
            case ConditionOR():
                return " or ".join(_enclosed(part, _OR) for part in inner), _OR
        message = f"the condition holds a {type(tree).__name__}"
        raise RefusalError(codes.NO_WORD, message)

    def _selector(self, tree: ConditionSelector, others: list[str]) -> tuple[str, int]:
        """Keep `1 of x_*` where it means the same here; else list what it chooses."""
        chosen = [self._names[name] for name in _chosen(tree, self._detections)]
        every = tree.cond_class is ConditionAND
        pattern = re.sub(r"^_filt_[a-z]+_", "filter_", tree.pattern)
        pattern = self._prefix + ("*" if pattern == "them" else pattern)
        matched = [name for name in others if fnmatchcase(name, pattern)]
        if matched == chosen and "*" in pattern:
            shown = "them" if pattern == "*" else pattern
            return f"{'all' if every else '1'} of {shown}", _NOT
        words = " and " if every else " or "
        level = _NOT if len(chosen) == 1 else _AND if every else _OR
        return words.join(chosen), level


def _enclosed(part: tuple[str, int], level: int) -> str:
    text, own = part
    return f"({text})" if own < level else text
