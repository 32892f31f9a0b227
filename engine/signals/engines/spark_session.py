"""A connection to Spark, from which everything that it has to say is kept away from the user.

The one module that touches pyspark, an optional extra. Spark writes to the streams of its own
process: here they go to a file that nobody reads, since what fails there may quote an exchange.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from engine.errors import ExciseError, RetryableError

LOCAL = "local"
"""What the address of a Spark inside this process begins with."""
_STANDALONE = "spark://"
_PATIENCE_S = 5
_HERE = "127.0.0.1"
_FIXED = {
    "spark.app.name": "excise",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}
_JAVA = "install one, such as openjdk-17-jre-headless, or let JAVA_HOME name it"


class Spark:
    """A session: views over Parquet, and queries whose rows become Parquet."""

    def __init__(self, context: Any, session: Any) -> None:  # noqa: ANN401 - pyspark may be absent
        self._context, self._session = context, session

    def view(self, name: str, path: Path) -> None:
        """Give a name to the rows of a Parquet file."""
        with _in_words():
            self._session.read.parquet(str(path)).createOrReplaceTempView(name)

    def write(self, sql: str, folder: Path) -> None:
        """Write the rows of a query to a new folder."""
        with _in_words():
            self._session.sql(sql).write.parquet(str(folder))

    def close(self) -> None:
        """End the session; its process ends with this one."""
        with suppress(*_failures()):  # nothing is asked of it any more
            self._session.stop()

    def abandon(self) -> None:
        """End its process at once: an answer was not waited for, so no further one can be read."""
        process: subprocess.Popen[bytes] | None = self._context._gateway.proc  # noqa: SLF001
        if process is not None:
            process.kill()
            process.wait()
        _forget(self._context, self._session)


@contextmanager
def connected(master: str, memory_mb: int) -> Iterator[Spark]:
    """Connect to Spark at the address of its master; `local[*]` is one inside this process.

    The memory is for that one only. Raises ExciseError where pyspark or Java is missing, and
    RetryableError where no Spark answers.
    """
    _require_java()
    _require_pyspark()
    _require_answer(master)
    with _unlogged():
        spark = _started(_settings(master, memory_mb))
        try:
            yield spark
        except Exception:
            spark.close()
            raise
        except BaseException:
            spark.abandon()
            raise
        spark.close()


def _require_pyspark() -> None:
    try:
        import pyspark  # noqa: F401, PLC0415 - an extra
    except ImportError:
        message = "Spark needs pyspark, which is not installed"
        raise ExciseError(message, hint="pip install 'excise[spark]'") from None


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = Path(home) / "bin" / "java" if home else None
    if shutil.which("java" if java is None else java) is None:
        where = "on the PATH" if java is None else "where JAVA_HOME says"
        raise ExciseError(f"Spark needs Java 17 or newer, and there is none {where}", hint=_JAVA)


def _require_answer(master: str) -> None:
    """Ask before Spark does, which takes a minute to give up."""
    if not master.startswith(_STANDALONE):
        return
    for address in master.removeprefix(_STANDALONE).split(","):
        host, _, port = address.rpartition(":")
        with suppress(OSError):
            socket.create_connection((host.strip("[]"), int(port)), _PATIENCE_S).close()
            return
    raise _no_answer(master)


def _no_answer(master: str) -> RetryableError:
    hint = "is the cluster up, and can this machine reach it? --master local[*] needs none"
    return RetryableError(f"no Spark answers at {master}", hint=hint)


def _settings(master: str, memory_mb: int) -> Mapping[str, str]:
    found = {**_FIXED, "spark.master": master}
    if master.startswith(LOCAL):
        scratch = tempfile.gettempdir()
        found |= {
            "spark.driver.memory": f"{memory_mb}m",
            # A machine need not know its own name.
            "spark.driver.host": _HERE,
            "spark.driver.bindAddress": _HERE,
            "spark.local.dir": scratch,
            "spark.sql.warehouse.dir": str(Path(scratch) / "excise-spark-warehouse"),
            # The default is meant for a cluster; each partition costs a task in every pass.
            "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 1)),
        }
    return found


def _started(settings: Mapping[str, str]) -> Spark:
    from pyspark import SparkConf, SparkContext  # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkRuntimeError  # noqa: PLC0415
    from pyspark.java_gateway import launch_gateway  # noqa: PLC0415
    from pyspark.sql import SparkSession  # noqa: PLC0415

    asked = SparkConf(loadDefaults=False).setAll(settings.items())
    try:
        with _unheard() as streams:
            gateway = SparkContext._gateway or launch_gateway(asked, streams)  # noqa: SLF001
    except PySparkRuntimeError:
        message = "Spark does not start: its Java process ends at once"
        raise ExciseError(message, hint="is it Java 17 or newer? `java -version` tells") from None
    try:
        with _signals_kept():
            context = SparkContext(gateway=gateway, conf=SparkConf().setAll(settings.items()))
    except _failures():
        raise _no_answer(settings["spark.master"]) from None
    return Spark(context, SparkSession(context))


@contextmanager
def _unheard() -> Iterator[dict[str, object]]:
    """Yield the streams of a process that is not to be heard."""
    with Path(os.devnull).open("wb") as nobody:
        yield {"stdout": nobody, "stderr": nobody}


@contextmanager
def _unlogged() -> Iterator[None]:
    """Leave out of the log what pyspark's bridge to Java logs, which is all that it raises."""

    def not_of_the_bridge(record: logging.LogRecord) -> bool:
        return "py4j" not in Path(record.pathname).parts

    # It logs by the root, and by loggers of its own, whose records pass by the filters above them.
    root, bridge = logging.getLogger(), logging.getLogger("py4j")
    root.addFilter(not_of_the_bridge)
    before, bridge.propagate = bridge.propagate, False
    try:
        yield
    finally:
        bridge.propagate = before
        root.removeFilter(not_of_the_bridge)


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Take back Ctrl-C, which pyspark takes over."""
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        with suppress(ValueError):  # not in the main thread, where pyspark leaves it alone, too
            signal.signal(signal.SIGINT, before)


def _failures() -> tuple[type[Exception], ...]:
    from py4j.protocol import Py4JError  # noqa: PLC0415 - comes with pyspark

    return (Py4JError, OSError)


@contextmanager
def _in_words() -> Iterator[None]:
    """Tell what Spark failed of, without what it says: that may quote what it choked on."""
    try:
        yield
    except _failures() as error:
        cause = _root(getattr(error, "java_exception", None))
        if cause.endswith("ArithmeticException"):
            raise  # a fault of Excise: its numbers fit
        message = "Spark gave up" + (f": {cause}" if cause else "; it may have been ended")
        hint = "its own logs say more; more memory: --memory for local[*], else the cluster's"
        raise RetryableError(message, hint=hint) from None


def _root(error: Any) -> str:  # noqa: ANN401 - Java's
    """Return the class of the exception that the others come from, empty if there is none."""
    found = ""
    with suppress(*_failures()):
        while error is not None:
            found, error = str(error.getClass().getSimpleName()), error.getCause()
    return found


def _forget(context: Any, session: Any) -> None:  # noqa: ANN401 - pyspark may be absent
    """Have pyspark begin anew: it keeps what it was connected with."""
    for name in ("_gateway", "_jvm", "_active_spark_context"):
        setattr(type(context), name, None)
    type(session)._instantiatedSession = None  # noqa: SLF001
