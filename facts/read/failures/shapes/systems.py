"""systemd's units, the kernel, ssh and sshd."""

from facts.model.failure import ErrorClass, Level
from facts.read.failures.lines.records import Record
from facts.read.failures.reasons.patterns import Lazy
from facts.read.failures.shapes.statement import Statement
from facts.read.failures.vocabulary.codes import EXIT_STATUS, SIGNALS

_UNIT = r"(?P<unit>[\w@.:\\-]{1,200}\.(?:service|mount|socket|timer|scope|slice|target|device|swap|path))"
_EXITED = Lazy(
    rf"{_UNIT}: (?:[Mm]ain|[Cc]ontrol|[Mm]ount) process exited, code=(?P<how>exited|killed|dumped),? status=(?P<status>\d+)/?(?P<name>[\w-]*)"
)
_RESULT = Lazy(rf"{_UNIT}: Failed with result '(?P<result>[\w-]{{1,40}})'")
_SPAWN = Lazy(rf"{_UNIT}: Failed at step (?P<step>\w{{1,40}}) spawning (?P<command>[^ :]{{1,300}}): (?P<text>.*)")
_RESTARTS = Lazy(rf"{_UNIT}: Scheduled restart job, restart counter is at (?P<count>\d+)")
_START = Lazy(r"Failed to (?P<what>start|mount|listen on) (?P<name>[^\n]{1,200}?)\.?$")
_UNIT_ERROR = Lazy(
    rf"{_UNIT}: (?P<text>(?:Failed|Unable|Cannot|Start request repeated|.{{0,80}}(?:failed|error|killed by the OOM killer)).*)"
)
_RESULTS = {
    "exit-code": ErrorClass.EXITED, "signal": ErrorClass.KILLED, "core-dump": ErrorClass.CRASHED, "watchdog": ErrorClass.CRASHED,
    "timeout": ErrorClass.TIMEOUT, "oom-kill": ErrorClass.OOM_KILLED, "resources": ErrorClass.LIMIT_REACHED, "start-limit-hit": ErrorClass.EXITED,
}  # fmt: skip
_KERNEL = Lazy(
    r"(?P<oom>(?:Memory cgroup out of memory|Out of memory): Kill(?:ed)? process \d+ \((?P<victim>[^)]{1,80})\)|Killed process \d+ \((?P<second>[^)]{1,80})\))|"
    r"(?P<io>(?:.{0,60}I/O error|EXT4-fs.{0,40}error|XFS.{0,60}(?:[Cc]orruption|error)|blk_update_request.{0,60}error|Buffer I/O error|.{0,40}[Rr]emounting filesystem read-only|nvme.{0,80}(?:timeout|failed)|.{0,60}Medium Error))|"
    r"(?P<crash>.{0,80}segfault at |traps: .{0,80}trap |BUG: |Kernel panic|watchdog: BUG|INFO: task .{0,80}blocked for more than|kernel BUG at|general protection fault|Oops)|"
    r"(?P<denied>audit: .{0,80}(?:apparmor=\"DENIED\"|avc:  denied))|"
    r"(?P<limit>nf_conntrack: .{0,40}table full|TCP: (?:out of memory|request_sock_TCP: Possible SYN)|neighbour: .{0,40}table overflow|.{0,40}VFS: file-max limit|cgroup: fork rejected)|"
    r"(?P<nfs>nfs: server .{0,120}(?:not responding|timed out))|(?P<netdev>unregister_netdevice: waiting for)"
)  # fmt: skip
_KERNEL_CLASS = {
    "io": ErrorClass.IO_ERROR, "crash": ErrorClass.CRASHED, "denied": ErrorClass.PERMISSION_DENIED, "limit": ErrorClass.LIMIT_REACHED,
    "nfs": ErrorClass.TIMEOUT, "netdev": ErrorClass.BUSY,
}  # fmt: skip
_SSH = Lazy(
    r"(?:ssh: )?(?:connect to (?:host|address) (?P<host>[^ ]{1,200}) port (?P<port>\d{1,5}): (?P<connect>.*)|Could not resolve hostname (?P<name>[^ :]{1,200}): (?P<resolve>.*))"
)
_SSH_DENIED = Lazy(
    r"(?P<user>[\w.-]{1,60})@(?P<host>[\w.:-]{1,200}): (?P<text>Permission denied(?:, please try again\.| \([\w,-]{1,200}\)\.?))"
)
_SSH_OTHER = Lazy(
    r"(?P<text>Host key verification failed\.|Unable to negotiate with (?P<host>[^ ]{1,200}) port (?P<port>\d{1,5}): .*|@ +WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!.*|"
    r"kex_exchange_identification: .*|ssh_exchange_identification: .*|Received disconnect from (?P<from>[^ ]{1,200}) port \d+:\d+: Too many authentication failures.*|"
    r"(?:client_loop: )?send disconnect: .*|Load key \"[^\"]{1,300}\": .*|Bad owner or permissions on .*|WARNING: UNPROTECTED PRIVATE KEY FILE!|Connection (?:closed|reset) by (?P<by>[^ ]{1,200}) port \d+|"
    r"channel \d+: open failed: .*)"
)
_SSHD = Lazy(r"(?:error: |fatal: )(?P<text>.*)")


def read_system(record: Record) -> Statement | None:
    """Return the statement of a line of systemd, the kernel, ssh or sshd, else None."""
    program = record.head.program
    if (program.startswith("systemd") or not program) and _names(record.first, _UNIT_WORDS):
        unit = _of_unit(record.first)
        if unit is not None:
            return unit
    if program == "kernel" or (not program and _names(record.first, _OOM_WORDS)):
        kernel = _of_kernel(record.first, certain=program == "kernel")
        if kernel is not None or program:
            return kernel
    if program.startswith("sshd"):
        return _of_sshd(record.first)
    return _of_ssh(record.first) if _names(record.first, _SSH_WORDS) else None


def _names(text: str, words: tuple[str, ...]) -> bool:
    """Whether `text` holds one of `words`; else no pattern of the family needs to be tried, nor compiled."""
    return any(word in text for word in words)


_UNIT_WORDS = (
    "Failed to ", ".service: ", ".mount: ", ".socket: ", ".timer: ", ".scope: ", ".slice: ", ".target: ", ".device: ", ".swap: ", ".path: ",
)  # fmt: skip
_OOM_WORDS = ("illed process ", "Kill process ")
_SSH_WORDS = ("ssh", "connect to ", "Permission denied", "Host key", "HOST IDENT", " port ", "Load key", "Bad owner", "UNPROTECTED", "kex_", "disconnect", "channel ")  # fmt: skip


def _of_unit(text: str) -> Statement | None:
    exited = _EXITED.match(text)
    if exited is not None:
        status, name = exited["status"], exited["name"]
        if status == "0" or name == "SUCCESS":
            return Statement(text, level=Level.INFO)
        how = (
            EXIT_STATUS.get(status, ErrorClass.EXITED)
            if exited["how"] == "exited"
            else SIGNALS.get(name, ErrorClass.KILLED)
        )
        return Statement(
            text,
            level=Level.ERROR,
            component=exited["unit"],
            operation="run",
            reason=how,
            code=status,
            object_kind="unit",
            object=exited["unit"],
            last=True,
            certain=True,
        )
    spawn = _SPAWN.match(text)
    if spawn is not None:
        reason = ErrorClass.MISSING_COMMAND if spawn["step"] == "EXEC" and "No such file" in spawn["text"] else None
        return Statement(
            spawn["text"], level=Level.ERROR, component="systemd", operation=f"start {spawn['unit']}", reason=reason,
            object_kind="path", object=spawn["command"], certain=True,
        )  # fmt: skip
    result = _RESULT.match(text)
    if result is not None:
        how = _RESULTS.get(result["result"], ErrorClass.EXITED)
        return Statement(
            text,
            level=Level.ERROR,
            component=result["unit"],
            operation="run",
            reason=how,
            object_kind="unit",
            object=result["unit"],
            certain=True,
        )
    if _RESTARTS.match(text):
        return Statement(text, level=Level.INFO)
    other = _UNIT_ERROR.match(text)
    if other is not None:
        return Statement(
            other["text"],
            level=Level.ERROR,
            component=other["unit"],
            object_kind="unit",
            object=other["unit"],
            certain=True,
        )
    start = _START.match(text)
    if start is None:
        return None
    return Statement(
        text,
        level=Level.ERROR,
        component="systemd",
        operation=f"{start['what']} {start['name']}"[:80],
        reason=ErrorClass.EXITED,
        certain=True,
    )


def _of_kernel(text: str, *, certain: bool) -> Statement | None:
    match = _KERNEL.match(text)
    if match is None or match.lastgroup is None:
        return Statement(text, level=Level.INFO, component="kernel") if certain else None
    if match["oom"]:
        victim = match["victim"] or match["second"]
        return Statement(
            text,
            level=Level.ERROR,
            component="kernel",
            operation="allocate memory",
            reason=ErrorClass.OOM_KILLED,
            object_kind="process",
            object=victim,
            certain=True,
        )
    kind = next(name for name in _KERNEL_CLASS if match[name])
    return (
        Statement(text, level=Level.ERROR, component="kernel", reason=_KERNEL_CLASS[kind], certain=True)
        if certain
        else None
    )


def _of_ssh(text: str) -> Statement | None:
    match = _SSH.match(text)
    if match is not None:
        operation, reason = ("resolve name", match["resolve"]) if match["name"] else ("connect", match["connect"])
        peer = match["name"] or f"{match['host']}:{match['port']}"
        return Statement(
            reason,
            level=Level.ERROR,
            component="ssh",
            operation=operation,
            peer=peer,
            object_kind="name" if match["name"] else "",
            object=match["name"] or "",
            certain=True,
        )
    denied = _SSH_DENIED.match(text)
    if denied is not None:
        return Statement(
            denied["text"],
            level=Level.ERROR,
            component="ssh",
            operation="authenticate",
            reason=ErrorClass.UNAUTHENTICATED,
            object_kind="user",
            object=denied["user"],
            peer=denied["host"],
            certain=True,
        )
    other = _SSH_OTHER.match(text)
    if other is None:
        return None
    peer = other["host"] or other["from"] or other["by"] or ""
    peer = f"{peer}:{other['port']}" if other["port"] else peer
    operation = "key exchange" if "negotiate" in text or "exchange" in text else "connect"
    return Statement(
        other["text"].strip("@ "), level=Level.ERROR, component="ssh", operation=operation, peer=peer, certain=True
    )


def _of_sshd(text: str) -> Statement | None:
    if "[preauth]" in text or "Connection closed" in text or "Disconnected" in text:
        return Statement(text, level=Level.INFO, component="sshd")
    match = _SSHD.match(text)
    other = None if match else _SSH_OTHER.match(text)
    if other is not None and "negotiate" in text:
        return Statement(
            text, level=Level.ERROR, component="sshd", operation="key exchange", peer=other["host"] or "", certain=True
        )
    if match is None:
        return Statement(text, level=Level.INFO, component="sshd")
    level = Level.FATAL if text.startswith("fatal") else Level.ERROR
    return Statement(match["text"], level=level, component="sshd", certain=True)
