"""A file of results, a line of JSON each, that an interrupted replay goes on with."""

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from facts.model.errors import EvidenceError, UsageError
from kb.fleet.result import Replayed, line_of, result_of


class ResultFile:
    """The lines of a file, those that an earlier run left and those that are added.

    Of an earlier line, eight bytes are kept in memory. Raises UsageError when the file is there and `resume` is not
    asked for, when it holds anything else than results of the rules `digest`, and when it cannot be written.
    """

    def __init__(self, path: Path, digest: str, *, resume: bool) -> None:
        self._path, self._digest = path, digest
        self._done = array("Q")
        try:
            path.touch(0o600, exist_ok=resume)
            self._file = path.open("r+b")
        except FileExistsError as error:
            raise UsageError(f"{path}: is there already; go on with --resume, or name another --output-file") from error
        except OSError as error:
            raise UsageError(f"{path}: cannot be written ({error.strerror or error}); choose another place") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def kept(self) -> Iterator[Replayed]:
        """Give the results that are there, and drop a last line that was written by half. To be exhausted before `add`."""
        self._file.seek(0)
        end, done = 0, array("Q")
        for number, line in enumerate(iter(self._file.readline, b""), 1):
            try:
                result = result_of(line)
                if not line.endswith(b"\n"):
                    break
            except EvidenceError as error:
                if not line.endswith(b"\n"):
                    break
                raise UsageError(f"{self._path}:{number}: {error}; name another --output-file") from error
            if result.rules_digest != self._digest:
                raise UsageError(f"{self._path}:{number}: is of other rules; name another --output-file")
            end += len(line)
            done.append(_short(result.path))
            yield result
        self._done = array("Q", sorted(done))
        self._file.seek(end)
        self._file.truncate()

    def holds(self, path: str) -> bool:
        """Return True if the result of `path` was there before."""
        place = bisect_left(self._done, _short(path))
        return place < len(self._done) and self._done[place] == _short(path)

    def add(self, result: Replayed) -> None:
        """Write a result at the end of the file, where it survives the end of this process."""
        self._file.write(line_of(result).encode())
        self._file.flush()


def _short(path: str) -> int:
    """Return a number for `path` as a line shows it; two of a million paths share one less than once in ten million times."""
    return int.from_bytes(hashlib.blake2b(path.encode("utf-8", "replace"), digest_size=8).digest(), "big")
