"""One policy over facts that are measured once, judged anew at each place of its dials.

Every judgement is the screening of a run, whose outcome the rules engine must match in a run, or
the run fails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.authoring.judging import Judged
from engine.authoring.sweep.dials import Dial, turned
from engine.authoring.sweep.values import DENIED, Turning, chosen
from engine.decide.cases import Cases
from engine.decide.compile import Compiled, compile_kind, signal_keys
from engine.decide.screen import Screen
from engine.language.model.condition import Condition, Struck
from engine.language.model.policy import Policy
from engine.language.span import NOWHERE
from engine.language.words import Operator
from engine.signals.facts import FactTable, Floats

Rows = NDArray[np.bool_]


class Judging:
    """The policy with what it rests on, over the facts of its subjects."""

    def __init__(self, judged: Judged, name: str) -> None:
        """Take a pack that was judged; checks its facts once."""
        self._pack = judged.pack
        self.policy = next(one for one in judged.pack.policies if one.name == name)
        kind = self.policy.subject
        # Without any activity there is no table.
        self.table = judged.evaluation.tables.get(kind) or FactTable(kind, (), {})
        compiled = self._compiled(self.policy)
        self._cases = Cases(compiled, self.table, judged.strikes, judged.as_of_us)
        self._counted: dict[tuple[Struck, int, int], Floats] = {}

    def judge(self, thresholds: Mapping[int, float | Condition]) -> tuple[Rows, int]:
        """Return which rows are hits, and how many are undecided."""
        compiled = self._compiled(turned(self.policy, thresholds))
        place = [one.name for one in compiled.policies].index(self.policy.name)
        blocks = list(Screen(compiled, self.table, self._counts).blocks())
        none = np.zeros(0, dtype=np.bool_)
        holds = np.concatenate([none, *(block.holds[place] for block in blocks)])
        undecided = sum(int((~(b.holds[place] | b.fails[place])).sum()) for b in blocks)
        return holds, undecided

    def choose(self, dial: Dial, others: Sequence[Dial], steps: int) -> tuple[float, ...]:
        """Return thresholds that part the subjects for which this one can make a difference.

        `others` are turned as well, so they hold nobody back here.
        """
        free = {other.position: other.lenient for other in others}
        most, least = (
            self.judge({**free, dial.position: end})[0] for end in (dial.lenient, dial.strict)
        )
        low, high = self._ends(dial)
        operator = DENIED[dial.compare.operator] if dial.denied else dial.compare.operator
        turning = Turning(low[most & ~least], high[most & ~least], operator)
        return chosen(turning, dial.threshold, steps, dial.sensible)

    def _compiled(self, policy: Policy) -> Compiled:
        policies = [policy if one.name == policy.name else one for one in self._pack.policies]
        compiled = compile_kind(policies, (), policy.subject)
        if compiled is None:  # never: the policy itself is judged
            raise LookupError(policy.name)
        return compiled

    def _ends(self, dial: Dial) -> tuple[Floats, Floats]:
        """Return the least and the greatest that a dial's signal could be, by row."""
        if isinstance(dial.compare, Struck):
            counts = self._counts(dial.compare, 0, len(self.table.subjects))
            return counts, counts
        column = self.table.columns.get(signal_keys(self.policy)[dial.signal])
        if column is None:
            unknown = np.full(len(self.table.subjects), np.inf)
            return -unknown, unknown
        return column.low, column.high

    def _counts(self, leaf: Struck, start: int, stop: int) -> Floats:
        """Count past actions once, whatever they are compared with."""
        asked = replace(leaf, operator=Operator.GTE, threshold=0, span=NOWHERE), start, stop
        if asked not in self._counted:
            self._counted[asked] = self._cases.counts(leaf, start, stop)
        return self._counted[asked]
