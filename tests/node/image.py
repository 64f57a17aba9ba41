"""An image made by hand: a busybox and nothing else, for Pods that need no registry."""

import hashlib
import io
import json
import platform
import tarfile
from pathlib import Path

APPLETS = ("sh", "sleep", "cat", "echo", "true", "false", "nc", "wget", "httpd", "test", "ls")


def write_archive(busybox: Path, target: Path, names: tuple[str, ...]) -> None:
    """Write an archive in the format of `docker save` to `target`: one image, under each of `names`.

    `busybox` is a static program; what the image runs when nothing else is said sleeps for ever, as a sandbox does.
    The format: https://github.com/moby/docker-image-spec/blob/main/v1.2.md
    """
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        for folder in ("bin", "tmp", "etc"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(entry)
        tar.add(busybox.resolve(), "bin/busybox", filter=_owned_by_root)
        for applet in APPLETS:
            entry = tarfile.TarInfo(f"bin/{applet}")
            entry.type, entry.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(entry)
    digest = hashlib.sha256(layer.getvalue()).hexdigest()
    config = {
        "architecture": {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()],
        "os": "linux",
        "config": {"Env": ["PATH=/bin"], "Cmd": ["/bin/sleep", "infinity"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
    }
    settings = json.dumps(config).encode()
    name = f"{hashlib.sha256(settings).hexdigest()}.json"
    manifest = json.dumps([{"Config": name, "RepoTags": names, "Layers": ["layer.tar"]}]).encode()
    with tarfile.open(target, "w") as tar:
        for path, content in ((name, settings), ("layer.tar", layer.getvalue()), ("manifest.json", manifest)):
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))


def _owned_by_root(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.mode = 0o755
    return entry
