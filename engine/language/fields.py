"""The canonical fields of exchanges, accounts and models: names, types, what emptiness means.

`Absent.UNKNOWN`: an empty value means that nobody recorded the field, so nothing can be concluded
from it. `Absent.NONE`: once a file supplies the column, an empty value means that the request did
not use the feature (no logit bias, not blocked, no labels); where the file has no such column the
field is unknown all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FieldType(Enum):
    """The type of a canonical field; the value is the name used in documentation."""

    IDENTIFIER = "identifier"  # compares exactly
    TEXT = "text"  # compares case-insensitively unless `|cased`
    INTEGER = "integer"
    DECIMAL = "decimal"  # kept as an integer of thousandths
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"  # UTC, microseconds
    ADDRESS = "address"  # IPv4 or IPv6
    TEXTS = "list of text"
    IDENTIFIERS = "list of identifiers"
    INTEGERS = "list of integers"
    ANY = "any"  # text, number or boolean as the record has it; compares as Sigma does

    @property
    def is_list(self) -> bool:
        return self in (FieldType.TEXTS, FieldType.IDENTIFIERS, FieldType.INTEGERS)

    @property
    def is_number(self) -> bool:
        return self in (FieldType.INTEGER, FieldType.DECIMAL, FieldType.TIMESTAMP)


class Absent(Enum):
    """What an empty value of a supplied field means."""

    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: a canonical one, or one that the pack declares."""

    name: str
    type: FieldType
    absent: Absent = Absent.UNKNOWN
    required: bool = False
    derived: bool = False
    minimum: int | None = None
    """Smallest allowed value of a number; a smaller one is quarantined."""
    key: str = ""
    """What records call a declared field; `name` is then its column. Empty: a canonical field."""
    lenient: bool = False
    """A value that cannot be read is no value; of other fields it sets its row aside."""

    @property
    def label(self) -> str:
        """What people and records call it."""
        return self.key or self.name

    @property
    def always_known(self) -> bool:
        """Whether a record without the field is known not to have it, whatever file it is in."""
        return bool(self.key) and self.absent is Absent.NONE


_T = FieldType


def _fields(*fields: Field) -> dict[str, Field]:
    return {field.name: field for field in fields}


EXCHANGE_FIELDS: dict[str, Field] = _fields(
    Field("event_id", _T.IDENTIFIER, required=True),
    Field("ts", _T.TIMESTAMP, required=True),
    Field("account_id", _T.IDENTIFIER, required=True),
    Field("org_id", _T.IDENTIFIER, Absent.NONE),
    Field("api_key_id", _T.IDENTIFIER),
    Field("end_user_id", _T.IDENTIFIER, Absent.NONE),
    Field("session_id", _T.IDENTIFIER),
    Field("model", _T.IDENTIFIER, required=True),
    Field("endpoint", _T.IDENTIFIER),
    Field("input_tokens", _T.INTEGER, minimum=0),
    Field("output_tokens", _T.INTEGER, minimum=0),
    Field("cached_tokens", _T.INTEGER, minimum=0),
    Field("system_prompt", _T.TEXT),
    Field("prompt", _T.TEXT),
    Field("prompt_hash", _T.IDENTIFIER, derived=True),
    Field("prompt_shape", _T.IDENTIFIER, derived=True),
    Field("system_shape", _T.IDENTIFIER, derived=True),
    Field("prefix_hashes", _T.IDENTIFIERS),
    Field("turn", _T.INTEGER, minimum=0),
    Field("ip", _T.ADDRESS),
    Field("asn", _T.INTEGER, minimum=0),
    Field("network_class", _T.TEXT),
    Field("country", _T.TEXT),
    Field("user_agent", _T.TEXT),
    Field("tls_fingerprint", _T.IDENTIFIER),
    Field("device_id", _T.IDENTIFIER),
    Field("temperature", _T.DECIMAL, Absent.NONE),
    Field("max_tokens", _T.INTEGER, Absent.NONE, minimum=0),
    Field("n", _T.INTEGER, Absent.NONE, minimum=0),
    Field("logprobs", _T.BOOLEAN, Absent.NONE),
    Field("top_logprobs", _T.INTEGER, Absent.NONE, minimum=0),
    Field("logit_bias_ids", _T.INTEGERS, Absent.NONE),
    Field("tool_count", _T.INTEGER, Absent.NONE, minimum=0),
    Field("tools_sig", _T.IDENTIFIER, Absent.NONE),
    Field("capability", _T.TEXT),
    Field("labels", _T.TEXTS, Absent.NONE),
    Field("reasoning_sig_issued", _T.IDENTIFIER, Absent.NONE),
    Field("reasoning_sig_redeemed", _T.IDENTIFIER, Absent.NONE),
    Field("status", _T.INTEGER, minimum=0),
    Field("blocked_by", _T.TEXT, Absent.NONE),
    Field("finish_reason", _T.TEXT),
    Field("latency_ms", _T.INTEGER, minimum=0),
    Field("retry_of", _T.IDENTIFIER, Absent.NONE),
)

ACCOUNT_FIELDS: dict[str, Field] = _fields(
    Field("account_id", _T.IDENTIFIER, required=True),
    Field("org_id", _T.IDENTIFIER, Absent.NONE),
    Field("created_at", _T.TIMESTAMP),
    Field("plan", _T.TEXT),
    Field("signup_channel", _T.TEXT),
    Field("email_domain", _T.TEXT),
    Field("email_class", _T.TEXT),
    Field("payment_id", _T.IDENTIFIER),
    Field("payment_type", _T.TEXT),
    Field("billing_country", _T.TEXT),
    Field("device_id", _T.IDENTIFIER),
    Field("signup_ip", _T.ADDRESS),
    Field("signup_asn", _T.INTEGER, minimum=0),
    Field("phone_country", _T.TEXT),
    Field("verification", _T.TEXT),
    Field("approvals", _T.TEXTS, Absent.NONE),
)

MODEL_FIELDS: dict[str, Field] = _fields(
    Field("model", _T.IDENTIFIER, required=True),
    Field("released_at", _T.TIMESTAMP, required=True),
)

REQUEST_PARAMETERS = frozenset(
    {
        "temperature",
        "max_tokens",
        "n",
        "logprobs",
        "top_logprobs",
        "logit_bias_ids",
        "reasoning_sig_issued",
        "reasoning_sig_redeemed",
        "tool_count",
        "tools_sig",
    }
)
"""Fields a caller sets on purpose; evidence on these alone may restrict the feature (law 5)."""


@dataclass(frozen=True, slots=True)
class FieldRef:
    """A field as a policy names it: `prompt`, `account.payment_id`, or a declared one."""

    name: str
    of_account: bool = False
    declared: Field | None = None

    @property
    def field(self) -> Field:
        if self.declared is not None:
            return self.declared
        return (ACCOUNT_FIELDS if self.of_account else EXCHANGE_FIELDS)[self.name]

    def __str__(self) -> str:
        if self.declared is not None:
            return self.declared.label
        return f"account.{self.name}" if self.of_account else self.name
