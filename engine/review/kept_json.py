"""JSON texts of the ledger's records, read back."""

from __future__ import annotations

import json
from typing import Any

from engine.errors import ExciseError


def json_of(text: str, what: str, kind: type) -> Any:  # noqa: ANN401 -- JSON has no type
    """Return the value of a text, an empty one where it is of another kind.

    Raises ExciseError, which says `what` it is, for a text that is no JSON.
    """
    try:
        value = json.loads(text or "null")
    except ValueError as error:
        message = f"{what} cannot be read"
        raise ExciseError(message) from error
    return value if isinstance(value, kind) else kind()
