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
_PACKED = 2**14


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


def numbered_lines(stream: BinaryIO, before: int = 0) -> Iterator[tuple[int, bytes | None]]:
    """Yield lines with their ends and numbers; None stands for a line that is too long.

    The first is 1 if no lines come `before`.
    """
    number = before
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
            return _plain(file)
        case Packing.GZIP:
            return cast("IO[bytes]", gzip.open(file.path, "rb"))
        case Packing.ZSTD:
            return cast("IO[bytes]", _ZstdStream(file))


def _plain(file: InputFile) -> IO[bytes]:
    stream = file.path.open("rb", buffering=0)
    stream.seek(file.stretch.begin)
    if file.stretch.end is None:
        return stream
    return cast("IO[bytes]", _Bounded(stream, file.stretch.end - file.stretch.begin))


class _Bounded(io.RawIOBase):
    """The next bytes of a stream, so many at most."""

    def __init__(self, source: IO[bytes], size: int) -> None:
        self._source, self._left = source, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._source.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._source.close()
        super().close()


class _ZstdStream(io.RawIOBase):
    """Decompresses Zstandard, and does not take a file that breaks off for a whole one.

    Zstandard is in the standard library from Python 3.14 on only.
    """

    def __init__(self, file: InputFile) -> None:
        try:
            import zstandard  # noqa: PLC0415 - loaded for such files only
        except ImportError as error:
            message = f"cannot read {file.path}: this installation cannot read Zstandard"
            raise InputError(message, hint="install the package zstandard") from error
        self._error = zstandard.ZstdError
        self._frame = zstandard.ZstdDecompressor().decompressobj
        self._current = self._frame()
        self._begun = False
        self._source = file.path.open("rb")
        self._packed, self._plain = b"", b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._plain and self._advance():
            continue
        size = min(len(buffer), len(self._plain))
        buffer[:size] = self._plain[:size]
        self._plain = self._plain[size:]
        return size

    def close(self) -> None:
        self._source.close()
        super().close()

    def _advance(self) -> bool:
        """Decompress a little more; return whether there was more."""
        self._packed = self._packed or self._source.read(_PACKED)
        if not self._packed:
            if self._begun:
                message = "the compressed data break off"
                raise EOFError(message)
            return False
        try:
            self._plain = self._current.decompress(self._packed)
        except self._error as error:
            raise EOFError(str(error)) from error
        self._begun, self._packed = not self._current.eof, self._current.unused_data
        if self._current.eof:
            self._current = self._frame()
        return True
