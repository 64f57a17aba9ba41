"""A Dask cluster diagnoses the snapshots of a fleet: one that is there, or one of this machine's processes."""

import logging
from concurrent.futures import CancelledError
from importlib import import_module
from types import TracebackType
from typing import Any, Self

from facts.model.errors import CollectError, UsageError
from kb.fleet.crew import AHEAD, undisturbed
from kb.fleet.replay import Setting, failed, replay_path
from kb.fleet.result import Replayed

_CONNECT = 10.0
"""Seconds that a scheduler gets to answer."""
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

    def __init__(self, setting: Setting, address: str | None, number: int) -> None:
        """Connect to the scheduler at `address`; without one start `number` workers here."""
        try:
            distributed: Any = import_module("distributed")  # an extra, and slow to import
        except ImportError as error:
            raise UsageError("--dask and --scheduler need Dask; pip install 'kbdiag[dask]'") from error
        # what happens to a worker is told in results, or in the one line of an error
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        self._setting = setting
        self._killed = distributed.KilledWorker
        self._cluster: Any = None
        self._client: Any = None
        try:
            if address is None:
                with undisturbed():
                    self._cluster = distributed.LocalCluster(
                        n_workers=number, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
                    )
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

    def begin(self, path: str) -> Any:
        """Give `path` to the cluster."""
        if self._begun % _COUNTED == 0:
            self._ahead = AHEAD * max(1, sum(self._client.nthreads().values()))
        self._begun += 1
        return self._client.submit(replay_path, path, self._setting, pure=False)

    def result(self, path: str, work: Any) -> Replayed:
        """Wait for the result."""
        try:
            result: Replayed = work.result()
        except self._killed:
            return failed(path, self._setting.digest, _LOST)
        except ImportError as error:
            raise UsageError(
                f"a worker has no kbdiag, or another one ({error}); install the same one on all"
            ) from error
        except (CancelledError, OSError) as error:
            raise CollectError("the scheduler is gone; start it again, and go on with --resume") from error
        return result
