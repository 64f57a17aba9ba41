"""Enters a machine with the system's `ssh`, so that ~/.ssh/config, agents and jump hosts work, and runs a script there."""

import shutil

import msgspec

from facts.cluster.ssh_outcome import ending_of
from facts.collect.machines.machine import Machine
from facts.collect.machines.program import run_program

CONNECT_SECONDS = 5
"""Seconds that a machine may take to answer. Linux needs 3 to find out that no machine has the address."""
_ENTER = """exec sh -c 'export LC_ALL=C; if [ "$(id -u)" != 0 ] && sudo -n true 2>/dev/null </dev/null
then exec sudo -n nice -n 10 sh -s; else exec nice -n 10 sh -s; fi'"""
"""Root where no password is needed for it, for most of what tells is readable by root only."""


class SshOptions(msgspec.Struct, frozen=True):
    """How machines are entered; None stands for what ~/.ssh/config says.

    `accept_new` takes the host key of a machine that is not known yet; a changed one is never taken. `password` is
    handed to sshpass through its environment, and goes nowhere else.
    """

    enabled: bool = True
    user: str | None = None
    key: str | None = None
    port: int | None = None
    accept_new: bool = False
    password: str | None = None

    @property
    def chosen(self) -> bool:
        """Whether the user said how to enter the machines, so that failing to is worth telling."""
        return bool(self.user or self.key or self.password)

    def __repr__(self) -> str:
        return f"SshOptions(enabled={self.enabled}, user={self.user!r}, key={self.key!r})"


class Visit(msgspec.Struct, frozen=True):
    """How a visit ended: state and reason as in the `ssh` fact, what ssh itself said, and what the script printed.

    `why` is one line for a person. `finished` is false when the script was stopped, for its time was over.
    """

    state: str
    reason: str
    why: str
    destination: str
    said: bytes
    printed: bytes = b""
    finished: bool = True
    seconds: float = 0.0


def missing_tool(options: SshOptions) -> str:
    """Return the program that is needed and not installed, "" when all are there."""
    wanted = ["ssh", *(["sshpass"] if options.password else [])]
    return next((name for name in wanted if shutil.which(name) is None), "")


def visit(machine: Machine, options: SshOptions, script: bytes, mark: bytes, seconds: float) -> Visit:
    """Run `script`, for a POSIX shell, on `machine`, for `seconds` at most; `mark` is what it prints at once."""
    place, checking = _place(machine)
    strict = "accept-new" if options.accept_new else "yes" if options.password and checking == "ask" else ""
    words = [
        *(["sshpass", "-e"] if options.password else []),
        *("ssh", "-T", "-x", "-a"),
        *_set("ConnectTimeout", str(max(1, min(CONNECT_SECONDS, int(seconds))))),
        *_set("ConnectionAttempts", "1"),
        *_set("ServerAliveInterval", "5"),
        *_set("ControlMaster", "no"),  # a master that stays would hold our pipes; one that is there is used
        *_set("ClearAllForwardings", "yes"),
        *_set("PermitLocalCommand", "no"),
        *_set("RemoteCommand", "none"),
        *_set("BatchMode", "no" if options.password else "yes"),
        *(_set("NumberOfPasswordPrompts", "1") if options.password else []),
        *(_set("StrictHostKeyChecking", strict) if strict else []),
        *(["-l", options.user] if options.user else []),
        *(["-p", str(options.port)] if options.port else []),
        *(["-i", options.key, *_set("IdentitiesOnly", "yes")] if options.key else []),
        *("--", place, _ENTER),
    ]
    ended = run_program(words, seconds, script, {"SSHPASS": options.password} if options.password else None)
    destination = f"{options.user}@{place}" if options.user else place
    if ended is None:
        return Visit("failed", "other", f"{missing_tool(options) or 'ssh'} is not installed", destination, b"")
    if mark in ended.output:
        return Visit("ok", "", "", destination, b"", ended.output, ended.status is not None, ended.seconds)
    said = ended.errors or ended.output
    if ended.status is None:
        said += f"ssh: Connection timed out: no login within {seconds:.0f} s\n".encode()
    elif not said.strip():
        said = f"ssh: ended with status {ended.status} and no word\n".encode()
    _, reason, why = ending_of(said.decode(errors="replace"), "255") or ("", "other", "")
    return Visit("failed", reason, f"{destination}: {why}", destination, said, seconds=ended.seconds)


def _set(name: str, value: str) -> list[str]:
    return ["-o", f"{name}={value}"]


def _place(machine: Machine) -> tuple[str, str]:
    """Return what to connect to, the name where ~/.ssh/config knows it, and how strictly host keys are checked."""
    for place in dict.fromkeys((machine.name, machine.address)):
        ended = run_program(["ssh", "-G", "--", place], CONNECT_SECONDS)
        if ended is None or ended.status != 0:
            continue
        settings = dict(line.partition(" ")[::2] for line in ended.output.decode(errors="replace").splitlines())
        if place == machine.address or settings.get("hostname", place).lower() != place.lower():
            return place, settings.get("stricthostkeychecking", "ask")
    return machine.address, "ask"
