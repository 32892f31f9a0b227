"""Amounts of memory as people write them."""

from __future__ import annotations

import re
from decimal import Decimal

_AMOUNT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?([KMGT])(i?)B", re.IGNORECASE)


def memory_bytes(amount: str) -> int:
    """Return an amount of memory (`1500MB`, `4 GiB`) in bytes; raises ValueError if it is none."""
    found = _AMOUNT.fullmatch(amount.strip())
    if found is None:
        raise ValueError(amount)
    number, letter, binary = found.groups()
    power = "KMGT".index(letter.upper()) + 1
    return int(Decimal(number) * (1024 if binary else 1000) ** power)
