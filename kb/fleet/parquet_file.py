"""A file of results in Parquet, a row each, for those who ask millions of them questions."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from facts.model.errors import UsageError
from kb.fleet.result import Replayed, line_of

_ROWS = 1000
"""Rows that are held until they are written as a group."""


class ParquetFile:
    """Rows with the fields of `kbdiag/replay/v1`; the file appears at `path` when all are written.

    Raises UsageError when pyarrow is not installed, when the file is there already, and when it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        try:
            from pyarrow import parquet  # noqa: PLC0415 - an extra, and slow to import
        except ImportError as error:
            raise UsageError("-o parquet needs pyarrow; pip install 'kbdiag[parquet]'") from error
        if path.exists():
            raise UsageError(f"{path}: is there already; name another --output-file")
        self._path, self._part = path, path.with_name(f".{path.name}.part")
        self._rows: list[dict[str, Any]] = []
        self._schema = _schema()
        try:
            self._writer = parquet.ParquetWriter(self._part, self._schema, compression="zstd")
        except OSError as error:
            raise UsageError(f"{path}: cannot be written ({error.strerror or error}); choose another place") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._flush()
        self._writer.close()
        if error is None:
            self._part.replace(self._path)
        else:
            self._part.unlink(missing_ok=True)

    def kept(self) -> Iterator[Replayed]:
        """Give nothing: a file that was broken off is not there."""
        return iter(())

    def holds(self, path: str) -> bool:  # noqa: ARG002 - as a file of lines
        """Return False: nothing was there before."""
        return False

    def add(self, result: Replayed) -> None:
        """Add a row."""
        self._rows.append(msgspec.json.decode(line_of(result)))
        if len(self._rows) == _ROWS:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa  # noqa: PLC0415

        if self._rows:
            self._writer.write_table(pa.Table.from_pylist(self._rows, self._schema))
            self._rows = []


def _schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415

    text, number = pa.string(), pa.float64()
    subject = pa.struct([(name, text) for name in ("kind", "name", "namespace")])
    hypothesis = pa.struct(
        [
            *((name, text) for name in ("id", "title", "layer", "severity")),
            ("symptom", pa.bool_()),
            ("confidence", number),
            ("belief", number),
            ("subject", subject),
            ("caused_by", pa.list_(text)),
        ]
    )
    fields = [(name, text) for name in ("schema", "rules_digest", "path", "observed_at", "cluster", "error")]
    return pa.schema([*fields, ("hypotheses", pa.list_(hypothesis))])
