"""Measures: what a signal counts over a subject's exchanges.

Every measure has `window_us`: the closed interval [as_of - window, as_of] in microseconds, or None
for the whole period of the run. Events after `as_of` are never seen. An anchored window leaves of
these events only those that come soon `after` something; an event whose anchor is not recorded is
one that may count.
"""

from __future__ import annotations

from engine.language.model.habit import Habit
from engine.language.model.measure.approval import Approved
from engine.language.model.measure.campaign import (
    Carriers,
    Members,
    Organisations,
    PartitionIndex,
    Payers,
    Portion,
    Shared,
    Tenants,
)
from engine.language.model.measure.counts import Count, Share
from engine.language.model.measure.numbers import Maximum, Mean, Minimum, Quantile, Sum
from engine.language.model.measure.order import Sequence, Step, Together
from engine.language.model.measure.peers import Cohort, MemberCohort
from engine.language.model.measure.rhythm import Busiest, GapCv
from engine.language.model.measure.spread import Distinct, Entropy, LongestRun, TopShare
from engine.language.model.measure.windows import Bound, Inner, Kinds, Steps, Windows

__all__ = [
    "ActivityMeasure",
    "Approved",
    "Bound",
    "Busiest",
    "CampaignMeasure",
    "Carriers",
    "Cohort",
    "Count",
    "Distinct",
    "Entropy",
    "GapCv",
    "Inner",
    "Kinds",
    "LongestRun",
    "Maximum",
    "Mean",
    "Measure",
    "MemberCohort",
    "MemberMeasure",
    "Members",
    "Minimum",
    "Organisations",
    "PartitionIndex",
    "Payers",
    "Portion",
    "Quantile",
    "Sequence",
    "Share",
    "Shared",
    "Step",
    "Steps",
    "Sum",
    "Tenants",
    "Together",
    "TopShare",
    "Windows",
]

ActivityMeasure = (
    Count
    | Share
    | Sum
    | Mean
    | Minimum
    | Maximum
    | Quantile
    | Distinct
    | LongestRun
    | TopShare
    | Entropy
    | Busiest
    | GapCv
    | Windows
    | Together
    | Sequence
    | Habit
)
MemberMeasure = (
    Members | Payers | Organisations | Portion | Carriers | PartitionIndex | Shared | Tenants
)
CampaignMeasure = MemberMeasure | MemberCohort
Measure = ActivityMeasure | CampaignMeasure | Approved | Cohort
