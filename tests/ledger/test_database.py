"""What a server says becomes words, and an exit code by which a scheduler tries again or not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy.exc import OperationalError

from engine.errors import ExciseError, ExitCode
from engine.ledger.database import fault


@dataclass
class _Diagnosis:
    message_primary: str = "what the server says"


class _ServerError(Exception):
    """Has what psycopg's errors have."""

    diag = _Diagnosis()

    def __init__(self, sqlstate: str | None, message: str = "") -> None:
        super().__init__(message)
        self.sqlstate = sqlstate


def _fault(sqlstate: str | None, message: str = "") -> ExciseError:
    return fault("here", OperationalError("INSERT", {}, _ServerError(sqlstate, message)))


@pytest.mark.parametrize(
    ("sqlstate", "code", "told"),
    [
        ("57P01", ExitCode.RETRY, "cannot be used now"),  # is being stopped
        ("57P03", ExitCode.RETRY, "cannot be used now"),  # is starting
        ("53300", ExitCode.RETRY, "cannot be used now"),  # too many connections
        ("53100", ExitCode.RETRY, "no room"),
        ("08006", ExitCode.RETRY, "cannot be used now"),
        ("55P03", ExitCode.RETRY, "is busy"),
        ("25006", ExitCode.BAD_CONFIG, "cannot be written"),  # a copy that follows another server
        ("42501", ExitCode.BAD_CONFIG, "closed to this role"),
        ("23505", ExitCode.BAD_CONFIG, "refused the change"),
        ("XX000", ExitCode.BAD_CONFIG, "failed (XX000)"),
    ],
)
def test_a_state_of_a_server_has_words(sqlstate: str, code: ExitCode, told: str) -> None:
    said = _fault(sqlstate)
    assert said.exit_code is code
    assert told in str(said)


def test_who_is_not_let_in_is_told_why() -> None:
    said = _fault(None, "connection to server at x failed: FATAL:  no role r\nIs it running?")
    assert (said.exit_code, said.hint) == (ExitCode.RETRY, "FATAL:  no role r")
    assert _fault(None).hint is None
