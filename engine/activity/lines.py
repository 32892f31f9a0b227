"""The lines of a text file, decompressed, numbered, and never more of one than fits in memory."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, cast

from engine.activity.discover import InputFile, Packing
from engine.errors import InputError

LONGEST_LINE = 32 * 2**20
"""Bytes; a longer line is set aside. The longest prompts that models take are a third of it."""

TOO_LONG = f"is longer than {LONGEST_LINE // 2**20} MiB"
NOT_UTF8 = "is not valid UTF-8"

_BOM = b"\xef\xbb\xbf"
_BUFFER = 2**20


@contextmanager
def opened(file: InputFile) -> Iterator[BinaryIO]:
    """Open a file for reading its bytes; raises InputError naming it where that fails."""
    try:
        with (
            _stream(file) as stream,
            io.BufferedReader(cast("io.RawIOBase", stream), _BUFFER) as out,
        ):
            yield out
    except (OSError, EOFError, zlib.error) as error:
        message = f"cannot read {file.path}: {error}"
        raise InputError(message) from error


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield lines with their ends, counted from 1; None stands for a line that is too long."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if number == 1:
            line = line.removeprefix(_BOM)
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        else:
            yield number, line


def _stream(file: InputFile) -> IO[bytes]:
    match file.packing:
        case Packing.PLAIN:
            return file.path.open("rb", buffering=0)
        case Packing.GZIP:
            return cast("IO[bytes]", gzip.open(file.path, "rb"))
        case Packing.ZSTD:
            return _zstd(file)


def _zstd(file: InputFile) -> IO[bytes]:
    """Zstandard is in the standard library from Python 3.14 on only."""
    try:
        import zstandard  # noqa: PLC0415 - loaded for such files only
    except ImportError as error:
        message = f"cannot read {file.path}: this installation cannot read Zstandard"
        raise InputError(message, hint="install the package zstandard") from error
    reader = zstandard.ZstdDecompressor().stream_reader(
        file.path.open("rb"), read_across_frames=True, closefd=True
    )
    return cast("IO[bytes]", reader)
