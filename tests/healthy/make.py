"""Makes the logs of real programs anew: `python -m tests.healthy.make [RECIPE...]`, as root, on Debian.

Each recipe is a shell script that starts a program, gives it some harmless work, and stops it. What it prints is the
text `NAME-run.log`, and every file that it leaves in $OUT is a further one. A recipe runs alone: in namespaces of its own
for network, processes, mounts and host name, with a folder that it sees as /srv/app. Its programs end with it.
recipes/packages.txt names the packages; recipes/tools.sh fetches with pip, Maven and Go what is no package.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

CORPUS = Path(__file__).parent
RECIPES = CORPUS / "recipes"
HOST = "web-1"
RELEASE = "6.1.0-28-amd64"
LONGEST = 60_000
"""Bytes of a text; of a longer one the beginning and the end are kept."""
SECONDS = 120
ALONE = ("unshare", "--net", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c")
ONLINE = "# needs: network"
"""The first line of a recipe that fetches packages, and so has no network of its own."""
TOOLS = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kbdiag-healthy"
START = f"""
ip link set lo up
hostname {HOST}
mkdir -p /srv/app && mount --bind "$1" /srv/app && cd /srv/app && mkdir -p run
mkdir -p /opt/tools && mount --bind "$4" /opt/tools
export PATH=$PATH:/usr/sbin:/sbin HOME=/srv/app/run OUT=/srv/app/out
. "$2/start.sh"
. "$2/$3.sh"
"""


def main(names: Sequence[str]) -> None:
    """Run the recipes `names`, or all of them, and say for each which texts it gave."""
    subprocess.run(["bash", RECIPES / "tools.sh"], env={**os.environ, "TOOLS": str(TOOLS)}, check=True)
    for name in names or sorted(path.stem for path in RECIPES.glob("*.sh") if path.stem not in ("start", "tools")):
        print(f"{name}: {', '.join(make(name)) or 'nothing'}", flush=True)


def make(name: str) -> list[str]:
    """Run a recipe and save its texts; return their names. Texts of a recipe that fails are not touched."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        out.mkdir()
        printed = out / f"{name}-run.log"
        with printed.open("wb") as log:
            online = (RECIPES / f"{name}.sh").read_text().startswith(ONLINE)
            alone = [word for word in ALONE if not (online and word == "--net")]
            command = ["timeout", str(SECONDS), *alone, START, name, folder, str(RECIPES), name, str(TOOLS)]
            ended = subprocess.run(command, check=False, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        if ended.returncode:
            print(printed.read_text(errors="replace")[-2000:], file=sys.stderr)
            return [f"failed with {ended.returncode}"]
        texts = sorted(path for path in out.iterdir() if path.stat().st_size)
        for path in texts:
            (CORPUS / path.name).write_text(shortened(anonymous(path.read_text(errors="replace"))))
        return [path.name for path in texts]


def anonymous(text: str) -> str:
    """Return `text` without the names of the machine on which it was made."""
    real = Path("/proc/sys/kernel/hostname").read_text().strip()
    text = text.replace(os.uname().release, RELEASE)
    text = re.sub(rf"(?<![\w.-]){re.escape(real)}(?![\w.-])", HOST, text)
    return (
        re.sub(r"/srv/app/(?:run|out)(?![\w.-])", "/var/lib/app", text)
        .replace(str(TOOLS), "/opt/tools")
        .replace(str(Path.home()), "/home/app")
    )


def shortened(text: str) -> str:
    """Return `text`, or where it is too long whole lines of its beginning and its end."""
    if len(text.encode()) <= LONGEST:
        return text
    half = LONGEST // 2
    return text[:half].rsplit("\n", 1)[0] + "\n" + text[-half:].split("\n", 1)[1]


if __name__ == "__main__":
    if missing := [program for program in ("unshare", "ip") if not shutil.which(program)]:
        sys.exit(f"not found: {', '.join(missing)}; install util-linux and iproute2")
    main(sys.argv[1:])
