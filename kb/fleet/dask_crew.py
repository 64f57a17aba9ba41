"""A Dask cluster diagnoses the snapshots of a fleet: one that is there, or one of this machine's processes."""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError
from importlib import import_module
from types import TracebackType
from typing import Any, NamedTuple, Self

from facts.model.errors import CollectError, UsageError
from kb.fleet.crew import AHEAD, undisturbed
from kb.fleet.replay import Setting, failed, replay_paths
from kb.fleet.result import Replayed

_CONNECT = 10.0
"""Seconds that a scheduler gets to answer."""
_TOGETHER = 8
"""Snapshots that are one task: a task costs client and scheduler some 5 ms, whatever it does."""
_COUNTED = 64
"""Snapshots after which the workers are counted again, for a cluster grows and shrinks."""
_LOST = (
    "the workers that diagnosed it ended each time, as they do when memory is short; give it to `kbdiag infer` alone"
)


class DaskCluster:
    """Workers of Dask, each of which loads the rules once.

    Dask gives what a worker that died had under way to another one; each path has one result, in whose place the
    result says so when the path ends one worker after the other. Raises UsageError where Dask is not installed, and
    where the workers have no kbdiag or other rules; CollectError when the scheduler does not answer.
    """

    def __init__(
        self,
        setting: Setting,
        address: str | None,
        number: int,
        work: Callable[[list[str], Setting], list[Replayed]] = replay_paths,
    ) -> None:
        """Connect to the scheduler at `address`; without one start `number` workers here."""
        try:
            distributed: Any = import_module("distributed")  # an extra, and slow to import
        except ImportError as error:
            raise UsageError("--dask and --scheduler need Dask; pip install 'kbdiag[dask]'") from error
        # what happens to a worker is told in results, or in the one line of an error
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._setting, self._work = setting, work
        self._batch: _Batch | None = None
        self._killed = distributed.KilledWorker
        self._cluster: Any = None
        self._client: Any = None
        try:
            if address is None:
                with undisturbed():
                    self._cluster = distributed.LocalCluster(
                        n_workers=number,
                        threads_per_worker=1,
                        dashboard_address="127.0.0.1:0",
                        silence_logs=logging.CRITICAL,
                    )
                    # a worker that ends while it begins takes its nanny with it; this brings another pair
                    self._cluster.adapt(minimum=number, maximum=number)
            self._client = distributed.Client(self._cluster or address, timeout=_CONNECT)
        except (OSError, ValueError, RuntimeError) as error:
            where = address or "the local cluster"
            raise CollectError(
                f"{where}: no scheduler answers; check the address, and that it runs ({error})"
            ) from error
        self._begun, self._ahead = 0, AHEAD

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    @property
    def ahead(self) -> int:
        """The number of snapshots that are under way at once."""
        return self._ahead

    def begin(self, path: str) -> "_Share":
        """Give `path` to the cluster, together with those that come next."""
        if self._begun % _COUNTED == 0:
            self._ahead = AHEAD * _TOGETHER * max(1, sum(self._client.nthreads().values()))
        self._begun += 1
        self._batch = self._batch if self._batch is not None else _Batch()
        share = _Share(self._batch, len(self._batch.paths))
        self._batch.paths.append(path)
        if len(self._batch.paths) == _TOGETHER:
            self._submit(self._batch)
        return share

    def result(self, path: str, work: "_Share") -> Replayed:
        """Wait for the result."""
        batch = work.batch
        if batch.work is None:
            self._submit(batch)
        if batch.results is None:
            try:
                batch.results = self._awaited(batch.work)
            except self._killed:
                batch.results = []
        if batch.results:
            return batch.results[work.place]
        try:  # of those that were given out together one may have ended its workers: each is done alone
            return self._awaited(self._client.submit(self._work, [path], self._setting, pure=False))[0]
        except self._killed:
            return failed(path, self._setting.digest, _LOST)

    def _submit(self, batch: "_Batch") -> None:
        batch.work = self._client.submit(self._work, batch.paths, self._setting, pure=False)
        self._batch = None

    def _awaited(self, work: Any) -> list[Replayed]:
        try:
            results: list[Replayed] = work.result()
        except ImportError as error:
            raise UsageError(
                f"a worker has no kbdiag, or another one ({error}); install the same one on all"
            ) from error
        except (CancelledError, OSError) as error:
            raise CollectError("the scheduler is gone; start it again, and go on with --resume") from error
        return results


class _Batch:
    """Paths that are one task of Dask, and what stands for that task once it is given out."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.work: Any = None
        self.results: list[Replayed] | None = None  # none of them when the workers of the task ended


class _Share(NamedTuple):
    """A path of a batch, by its place."""

    batch: _Batch
    place: int
