"""One snapshot of a fleet: its path and the rules come in, what it comes to goes out."""

import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock

import msgspec

from engine.match.chaining import open_engine
from engine.match.chaining.chain import Engine
from engine.match.program import Program
from facts.cluster.moment import written_seconds
from facts.model.errors import EvidenceError, RuleError, UsageError
from facts.model.internal_error import internal_error
from kb.catalogue.catalogue import Catalogue, load_catalogue
from kb.fleet.remote import fetched
from kb.fleet.result import Replayed, short
from kb.live.observe import read_snapshot
from kb.live.unobserved import complaints
from kb.report.diagnose import diagnose


class Setting(msgspec.Struct, frozen=True):
    """The rules and options of a replay, as a worker is given them; `digest` is that of the rules that it has to find."""

    digest: str
    folders: tuple[str, ...] = ()
    bundled: bool = True
    engine: str | None = None
    minimum: float = 0.0


def replay(path: str, catalogue: Catalogue, program: Program, engine: Engine, minimum: float = 0.0) -> Replayed:
    """Return what the rules make of the snapshot or bundle at `path`, a URL included; the same content gives the same result.

    Left out are hypotheses below `minimum`, as in a report. Nothing is raised for what lies at `path`: when it cannot
    be read, the result says why.
    """
    started = time.monotonic()
    place = path
    try:
        with fetched(path) as place:
            result = _replay(path, place, catalogue, program, engine, minimum)
    except EvidenceError as error:
        result = failed(path, catalogue.digest, str(error).replace(place, path).removeprefix(f"{path}: "))
    except UsageError:
        raise
    except Exception as error:  # noqa: BLE001 - one snapshot must not cost the others
        result = failed(path, catalogue.digest, internal_error("replay", path, error).why or "")
    return msgspec.structs.replace(result, seconds=time.monotonic() - started)


def _replay(path: str, place: str, catalogue: Catalogue, program: Program, engine: Engine, minimum: float) -> Replayed:
    snapshot = read_snapshot((place,))
    diagnosis = diagnose(snapshot, program, engine)
    report = diagnosis.report(catalogue, minimum=minimum)
    untold, _ = complaints((snapshot,))
    return Replayed(
        path=path,
        rules_digest=catalogue.digest,
        observed_at=snapshot.observed_at or written_seconds(diagnosis.evidence.moment),
        cluster=snapshot.cluster,
        error=untold[0] if untold else None,
        hypotheses=tuple(map(short, report.hypotheses)),
    )


def failed(path: str, digest: str, why: str) -> Replayed:
    """Return the result of a path of which nothing can be said but `why`."""
    return Replayed(path, digest, None, "", " ".join(why.split()), ())


def replay_path(path: str, setting: Setting) -> Replayed:
    """Do `replay` in a worker, which loads the rules once. Raises RuleError where the worker has other rules."""
    with _LOCK:
        desk = _desk(setting)
        return replay(path, desk.catalogue, desk.program, desk.engine(), setting.minimum)


def replay_paths(paths: Sequence[str], setting: Setting) -> list[Replayed]:
    """Do `replay_path` for each of `paths`."""
    return [replay_path(path, setting) for path in paths]


def unload(setting: Setting) -> None:
    """End the engine that `replay_path` opened in this process."""
    with _LOCK:
        if _desk.cache_info().currsize:
            _desk(setting).close()
            _desk.cache_clear()


_LOCK = Lock()
"""A process diagnoses one snapshot at a time: engine and scanner are not made for several."""
_ENGINE_LASTS = 50
"""Snapshots after which a worker takes a fresh engine: durable-rules never gives back what it took for one, some 0.8 MB."""


class _Desk:
    """The rules, and an engine that is replaced now and then."""

    def __init__(self, setting: Setting) -> None:
        folders = [Path(folder) for folder in setting.folders]
        self.catalogue = load_catalogue(folders, bundled=setting.bundled, strict=False)
        if self.catalogue.digest != setting.digest:
            raise RuleError("a worker has other rules; install the same kbdiag on all, with the same files for --rules")
        self.program = self.catalogue.program()
        self._name, self._used = setting.engine, 0
        self._engine = open_engine(self._name)

    def engine(self) -> Engine:
        """Return the engine for the next snapshot."""
        if self._used == _ENGINE_LASTS:
            self._engine.close()
            self._engine, self._used = open_engine(self._name), 0
        self._used += 1
        return self._engine

    def close(self) -> None:
        """End the engine."""
        self._engine.close()


@lru_cache(maxsize=1)
def _desk(setting: Setting) -> _Desk:
    return _Desk(setting)
