"""The closed vocabularies of the language."""

from __future__ import annotations

from enum import Enum


class Status(Enum):
    """How far a policy has been promoted."""

    DRAFT = "draft"  # never evaluated in a run
    SHADOW = "shadow"  # evaluated and recorded, no effect
    REVIEW = "review"  # only proposes
    ENFORCE = "enforce"  # acts within the guardrails
    RETIRED = "retired"  # kept for replay

    @property
    def evaluated(self) -> bool:
        """Whether a run judges by the policy and records its findings."""
        return self in (Status.SHADOW, Status.REVIEW, Status.ENFORCE)

    @property
    def acts(self) -> bool:
        """Whether anything may follow from a finding."""
        return self in (Status.REVIEW, Status.ENFORCE)


class Behaviour(Enum):
    """What kind of prohibited conduct a policy describes."""

    DISTILLATION = "distillation"
    RESALE = "resale"
    LOGIT_EXTRACTION = "logit-extraction"
    BYPASS_SEARCH = "bypass-search"
    ACCOUNT_FRAUD = "account-fraud"
    EVASION = "evasion"


class Axis(Enum):
    """The kind of evidence a policy rests on."""

    CONTENT = "content"
    RHYTHM = "rhythm"
    COORDINATION = "coordination"
    ACCESS = "access"


class Severity(Enum):
    """How bad a finding is."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class Reads(Enum):
    """What of an exchange a policy may look at."""

    CONTENT = "content"
    METADATA = "metadata"  # no prompt, no system prompt: hashes, shapes and labels only


class SubjectKind(Enum):
    """What a policy judges."""

    ACCOUNT = "account"
    ORGANISATION = "organisation"
    CAMPAIGN = "campaign"


class ActionKind(Enum):
    """One enforcement step, mildest first. There is deliberately no word for degrading answers."""

    LOG = "log"
    WARN = "warn"
    REQUIRE_VERIFICATION = "require_verification"
    HOLD_QUOTA = "hold_quota"
    THROTTLE = "throttle"
    RESTRICT = "restrict"
    SUSPEND = "suspend"
    TERMINATE = "terminate"

    @property
    def reversible(self) -> bool:
        return self is not ActionKind.TERMINATE


class Approval(Enum):
    """How many different reviewers must approve a step before it goes out."""

    NONE = "none"
    ONE = "one"
    TWO = "two"


class Operator(Enum):
    """A comparison of a number with a threshold; Sigma's words."""

    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    EQ = "eq"
    NEQ = "neq"


OPERATORS = {operator.value: operator for operator in Operator}


class RankMethod(Enum):
    """Which value stands for a share of the values that are sorted."""

    NEAREST = "nearest"  # one that occurs
    LINEAR = "linear"  # interpolated between the two around the rank


class Anchor(Enum):
    """What an event may come soon after; the value is the word after `after:`."""

    RELEASE = "release"  # of the event's own model
    SIGNUP = "signup"  # of the event's own account


class CohortScale(Enum):
    """How far apart a subject is from its peers."""

    PERCENTILE = "percentile"
    ROBUST_Z = "robust_z"


class NoveltyScale(Enum):
    """How values not seen before are counted."""

    COUNT = "count"
    SHARE = "share"


class TimePart(Enum):
    """A part of a time, UTC, that a selection compares as a number; Sigma's modifiers."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"  # of the month
    WEEK = "week"  # of the year, as ISO 8601 counts them
    MONTH = "month"
    YEAR = "year"

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and the greatest number of the part."""
        return _TIME_BOUNDS[self]


_TIME_BOUNDS = {
    TimePart.MINUTE: (0, 59),
    TimePart.HOUR: (0, 23),
    TimePart.DAY: (1, 31),
    TimePart.WEEK: (1, 53),
    TimePart.MONTH: (1, 12),
    TimePart.YEAR: (1970, 9999),
}


class Match(Enum):
    """How an event field is compared in a selection; Sigma's modifiers."""

    EQUALS = "equals"
    CONTAINS = "contains"
    STARTSWITH = "startswith"
    ENDSWITH = "endswith"
    RE = "re"
    CIDR = "cidr"
    EXISTS = "exists"
    FIELDREF = "fieldref"  # equals another field of the same record
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
