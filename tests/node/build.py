"""Builds the kubelet, of the same version as the control plane, into the same cache."""

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.cluster.build import UnavailableError, _alone, _linker_flags, _say

HERE = Path(__file__).resolve().parent / "kubelet"


def kubelet() -> Path:
    """Return where the kubelet is, built first when it is not there yet. Raises UnavailableError."""
    digest = hashlib.sha256()
    for name in ("go.mod", "go.sum"):
        digest.update((HERE / name).read_bytes())
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    program = cache / "kbdiag-cluster" / f"kubelet-{digest.hexdigest()[:16]}" / "kubelet"
    if not program.exists():
        with _alone(program):
            if not program.exists():
                _build(program)
    return program


def _build(program: Path) -> None:
    go = shutil.which("go")
    if go is None:
        raise UnavailableError("the test node needs Go, which is not on the PATH (https://go.dev/doc/install)")
    started = time.monotonic()
    _say(f"building {program} (once; minutes)")
    with tempfile.TemporaryDirectory(dir=program.parent) as unfinished:
        flags = ["-trimpath", "-mod=readonly", "-buildvcs=false", f"-ldflags={_linker_flags('kubernetes')}"]
        command = ["nice", go, "build", *flags, "-o", f"{unfinished}/kubelet", "k8s.io/kubernetes/cmd/kubelet"]
        environment = {**os.environ, "CGO_ENABLED": "0"}
        done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise UnavailableError(f"Go cannot build the kubelet: {done.stderr.strip()[-2000:]}")
        (Path(unfinished) / "kubelet").rename(program)
    _say(f"built the kubelet in {time.monotonic() - started:.0f} s")
