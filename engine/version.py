"""The engine's version: part of every run's identity."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("excise")
except PackageNotFoundError:  # a source tree that is not installed
    VERSION = "0+source"
