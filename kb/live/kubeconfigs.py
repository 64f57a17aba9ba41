"""The contexts that kubeconfig files name; nothing of their credentials is kept."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from facts.model.errors import CollectError


class Context(msgspec.Struct, frozen=True):
    """A context of a kubeconfig: its name, the name and URL of its cluster, and the files that it was found in.

    `kubeconfig` is what --kubeconfig takes; `current` says that kubectl uses it.
    """

    name: str
    cluster: str
    server: str
    kubeconfig: str
    current: bool


class _Named(msgspec.Struct):
    name: str = ""


class _ClusterBody(msgspec.Struct):
    server: str = ""


class _ClusterEntry(_Named):
    cluster: _ClusterBody | None = None


class _ContextBody(msgspec.Struct):
    cluster: str = ""


class _ContextEntry(_Named):
    context: _ContextBody | None = None


class _Config(msgspec.Struct, rename={"current": "current-context"}):
    clusters: list[_ClusterEntry] | None = None
    contexts: list[_ContextEntry] | None = None
    current: str | None = None


def default_kubeconfig() -> str:
    """Return what kubectl reads without --kubeconfig: one path, or several as in $KUBECONFIG."""
    return os.environ.get("KUBECONFIG") or "~/.kube/config"


def contexts_of(kubeconfig: str | None = None) -> tuple[Context, ...]:
    """Return the contexts of `kubeconfig`, a path or several as in $KUBECONFIG, in their order; of None the default's.

    The first file that names a context or the current one wins, as with kubectl. Raises CollectError for a file that is
    no kubeconfig, and when there is none.
    """
    paths = kubeconfig or default_kubeconfig()
    files = [Path(path).expanduser() for path in paths.split(os.pathsep) if os.path.isfile(os.path.expanduser(path))]  # noqa: PTH111, PTH113 - no error where a folder is closed
    if not files:
        raise CollectError(f"{paths}: no such kubeconfig; name one with --kubeconfig")
    configs = [_read(file) for file in files]
    current = next((config.current for config in configs if config.current), "")
    return tuple(_contexts(configs, paths, current))


def _contexts(configs: Sequence[_Config], paths: str, current: str) -> Iterator[Context]:
    servers: dict[str, str] = {}
    for config in configs:
        for entry in config.clusters or ():
            servers.setdefault(entry.name, entry.cluster.server if entry.cluster else "")
    seen: set[str] = set()
    for config in configs:
        for one in config.contexts or ():
            if one.name and one.name not in seen:
                seen.add(one.name)
                cluster = one.context.cluster if one.context else ""
                yield Context(one.name, cluster, servers.get(cluster, ""), paths, one.name == current)


def _read(path: Path) -> _Config:
    import yaml  # noqa: PLC0415 - only where a kubeconfig is read

    try:
        document = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        return msgspec.convert(document or {}, _Config)
    except OSError as error:
        raise CollectError(f"{path}: cannot be read ({error.strerror or error}); check its permissions") from error
    except (yaml.YAMLError, UnicodeDecodeError, msgspec.ValidationError, RecursionError) as error:
        # What is wrong may stand beside a credential, so that the text of the error is not repeated.
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise CollectError(f"{where}: not a kubeconfig; mend or replace it") from error
