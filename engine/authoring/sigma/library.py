"""pySigma is an optional extra: it is asked for before anything that needs it is imported."""

from __future__ import annotations

from importlib.util import find_spec

from engine.errors import ExciseError

_HINT = "install the extra: pip install 'excise[sigma]'"


def require_pysigma() -> None:
    """Make sure that pySigma is there; ExciseError (exit code 78) that names the extra if not."""
    if find_spec("sigma") is None:
        message = "reading Sigma needs pySigma, which is not installed"
        raise ExciseError(message, hint=_HINT)
