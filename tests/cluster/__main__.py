"""A cluster for people: `make cluster` starts one in the background, `make cluster-down` ends it."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from tests.cluster.build import UnavailableError, programs
from tests.cluster.cluster import node, running
from tests.cluster.process import StartError

STATE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kbdiag-cluster" / "running"
"""Who runs the cluster holds the lock on this file, in which its process id and its kubeconfig stand."""


def up() -> None:
    """Start a cluster that outlives this process, unless one runs, and print how to use it."""
    if not (state := _running()):
        programs()
        command = [sys.executable, "-m", "tests.cluster", "serve"]
        log = STATE.with_suffix(".log")
        with log.open("wb") as errors:
            server = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
            )
        if server.stdout is None or server.stdout.readline().strip() != b"ready":
            sys.exit(f"the cluster did not start: {log.read_text().strip()}")
        state = _running()
    print(f"export KUBECONFIG={state[1]}")


def serve() -> None:
    """Run a cluster until SIGTERM."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: ended.set())
    with STATE.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with running() as cluster:
            cluster.add_nodes(
                node("control-plane", labels={"node-role.kubernetes.io/control-plane": ""}), node("worker-1")
            )
            file.truncate(0)
            file.write(f"{os.getpid()}\n{cluster.kubeconfig}\n")
            file.flush()
            print("ready", flush=True)
            ended.wait()
        file.truncate(0)


def down() -> None:
    """End the cluster, and return when nothing of it is left."""
    if not (state := _running()):
        sys.exit("no cluster runs (make cluster starts one)")
    os.kill(int(state[0]), signal.SIGTERM)
    with STATE.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # is free as soon as the server has ended


def _running() -> list[str]:
    """Return process id and kubeconfig of the cluster that runs; nothing when none does."""
    STATE.parent.mkdir(parents=True, exist_ok=True)
    with STATE.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            state = file.read().split()
            return state or sys.exit("a cluster is just starting or ending; try again")
    return []


COMMANDS = {"up": up, "down": down, "serve": serve}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"usage: python -m tests.cluster {'|'.join(COMMANDS)}")
    try:
        COMMANDS[sys.argv[1]]()
    except (UnavailableError, StartError) as error:
        sys.exit(str(error))
