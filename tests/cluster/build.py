"""Builds the programs of the test cluster with Go into the user's cache, once for each set of versions."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MODULES: dict[str, dict[str, str]] = {
    "etcd": {"etcd": "go.etcd.io/etcd/server/v3"},
    "kwok": {"kwok": "sigs.k8s.io/kwok/cmd/kwok"},
    "kubernetes": {
        "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
        "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
        "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
    },
}
"""The folders with a go.mod beside this file, and which program is built from which package of each."""

HERE = Path(__file__).resolve().parent
KUBERNETES = re.search(r"k8s\.io/kubernetes (v(\d+)\.(\d+)\.\d+)", (HERE / "kubernetes/go.mod").read_text())
"""The version of Kubernetes that go.mod pins, with its major and minor number."""


class UnavailableError(Exception):
    """The programs cannot be had here; says why, and what to do."""


def programs() -> dict[str, Path]:
    """Return where each program is, built first when it is not there yet. Raises UnavailableError."""
    found: dict[str, Path] = {}
    for module, packages in MODULES.items():
        folder = _folder(module)
        if not folder.is_dir():
            with _alone(folder):
                if not folder.is_dir():
                    _build(module, folder)
        found.update({name: folder / name for name in packages})
    return found


def may_build() -> bool:
    """Tell whether a build of several minutes may start: by hand, or in tests of which none may be skipped."""
    demanded = {os.environ.get("KBDIAG_DEMAND_CLUSTER"), os.environ.get("KBDIAG_DEMAND_NODE")}
    return "PYTEST_CURRENT_TEST" not in os.environ or "1" in demanded


def _folder(module: str) -> Path:
    digest = hashlib.sha256()
    for name in ("go.mod", "go.sum"):
        digest.update((HERE / module / name).read_bytes())
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "kbdiag-cluster" / f"{module}-{digest.hexdigest()[:16]}" / "bin"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep others from building the same at the same time."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(module: str, folder: Path) -> None:
    go = shutil.which("go")
    if go is None:
        raise UnavailableError("the test cluster needs Go, which is not on the PATH (https://go.dev/doc/install)")
    if not may_build():
        raise UnavailableError(
            "the programs of the test cluster are not built yet (make cluster-programs; minutes, once)"
        )
    started = time.monotonic()
    _say(f"building {', '.join(MODULES[module])} into {folder} (once; minutes)")
    with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
        flags = ["-trimpath", "-mod=readonly", "-buildvcs=false", f"-ldflags={_linker_flags(module)}"]
        command = [go, "build", *flags, "-o", f"{unfinished}/", *MODULES[module].values()]
        environment = {**os.environ, "CGO_ENABLED": "0"}
        done = subprocess.run(command, cwd=HERE / module, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise UnavailableError(f"Go cannot build {module}: {done.stderr.strip()[-2000:]}")
        if module == "etcd":
            (Path(unfinished) / "server").rename(Path(unfinished) / "etcd")
        Path(unfinished).chmod(0o755)
        Path(unfinished).rename(folder)
        Path(unfinished).mkdir()  # what the block removes at its end
    _say(f"built {module} in {time.monotonic() - started:.0f} s")


def _linker_flags(module: str) -> str:
    """Return flags that leave out debugging symbols and, as Kubernetes' own build does, stamp the version."""
    if module != "kubernetes" or KUBERNETES is None:
        return "-s -w"
    stamps = {"gitVersion": KUBERNETES[1], "gitMajor": KUBERNETES[2], "gitMinor": KUBERNETES[3]}
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    return " ".join(
        ["-s -w", *(f"-X {package}.{name}={value}" for package in packages for name, value in stamps.items())]
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        for program in programs().values():
            _say(str(program))
    except UnavailableError as error:
        sys.exit(str(error))
