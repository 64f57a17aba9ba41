"""What tools print on a terminal: kubeadm, kubectl and the API server's answers, Helm, Docker, VM managers, shells."""

import re
from collections.abc import Callable

from facts.model.failure import ErrorClass, Level
from facts.read.failures.lines.records import Record
from facts.read.failures.reasons.patterns import Lazy
from facts.read.failures.shapes.statement import Statement
from facts.read.failures.vocabulary.codes import REASONS

_KUBEADM_CHECK = Lazy(r"\s*\[ERROR (?P<check>[\w-]{1,120})\]: ?(?P<text>.*)", re.DOTALL)
_KUBEADM_PHASE = Lazy(r"(?:error: )?error execution phase (?P<phase>[\w/-]{1,60}): (?P<text>.*)", re.DOTALL)
_KUBEADM_OTHER = Lazy(
    r"(?P<text>couldn't initialize a Kubernetes cluster.*|\[kubelet-check\] (?:The HTTP call equal to .* failed|It seems like the kubelet).*)",
    re.DOTALL,
)
_SYSCTL_PATH = Lazy(r"/proc/sys/(?P<key>[\w/-]{1,120})")
_SYSCTL = "FileContent--proc-sys-"
_SERVER = Lazy(r"(?:error: .{0,80}: )?Error from server(?: \((?P<reason>\w{1,40})\))?: (?P<text>.*)", re.DOTALL)
_KUBECTL = Lazy(
    r"(?P<text>Unable to connect to the server: .*|The connection to the server .* was refused.*|The \w{1,60} \"[^\"]{1,253}\" is invalid: .*|"
    r"error: (?:You must be logged in|the server|timed out waiting|unable to (?:upgrade|recognize|forward|decode|read)|no matches|resource mapping|error validating|context |current-context|no context|loading config|"
    r"the namespace|deployment \"|lost connection|Internal error|exec plugin|getting credentials).*)",
    re.DOTALL,
)
_HELM = Lazy(r"Error: (?:(?P<verb>INSTALLATION|UPGRADE|UNINSTALL|ROLLBACK) FAILED: )(?P<text>.*)", re.DOTALL)
_HELM_ORIGINAL = Lazy(r"original (?:install|upgrade) error: (?P<text>.*)", re.DOTALL)
_HELM_VERBS = {
    "INSTALLATION": "install release",
    "UPGRADE": "upgrade release",
    "UNINSTALL": "uninstall release",
    "ROLLBACK": "roll back release",
}
_DOCKER = Lazy(r"(?:docker: )?(?:Error response from daemon: |ERROR: failed to )(?P<text>.*)", re.DOTALL)
_MACHINE = Lazy(
    r"(?P<virsh>error: (?P<head>Failed to \w+ (?:domain|network|pool|volume)[^\n]{0,200}|failed to connect to the hypervisor|Domain not found[^\n]{0,200}))(?:\nerror: (?P<why>[^\n]*))?|"
    r"(?P<virtualbox>VBoxManage: error: (?P<vbox>[^\n]*))|(?P<multipass>(?:launch|start|stop|mount|exec|transfer|shell) failed: (?P<launch>.*))|"
    r"(?P<nserror>.{0,120}Error Domain=(?P<domain>\w{1,60}) Code=(?P<number>-?\d{1,6}) \"(?P<nstext>[^\"]{1,400})\")|"
    r"(?P<tart>The number of VMs exceeds the system limit.*|VM \"[^\"]{1,120}\" (?:is not running|does not exist|is already running).*|the specified VM .*|.{0,60}VM \"[^\"]{1,120}\" (?:is not running|does not exist).*)|"
    r"(?P<vagrant>The (?:provider|box|guest machine|VM) .{0,200}(?:not|failed|error|unable).*|Vagrant (?:failed|cannot|was unable|encountered).*|There was an error while executing `VBoxManage`.*)|"
    r"(?P<qemu>qemu-system-\w{1,20}: (?P<qemutext>.*))",
    re.DOTALL,
)
_MACHINE_COMPONENTS = {
    "virsh": "libvirt",
    "virtualbox": "virtualbox",
    "multipass": "multipass",
    "nserror": "",
    "tart": "tart",
    "vagrant": "vagrant",
    "qemu": "qemu",
}
_SHELL = Lazy(
    r"-?(?:[\w./-]{1,200}/)?(?P<shell>bash|sh|zsh|ash|dash|ksh|[\w.-]{1,80}\.sh): (?:line )?(?:\d{1,6}: )?(?P<text>[^\n]{1,400})"
)
_SHELL_ENDS = Lazy(
    r"(?:not found|No such file or directory|Permission denied|Exec format error|[Ss]yntax error.*|cannot execute.*|bad interpreter.*|unbound variable|parameter not set.*|Killed|Segmentation fault.*|cannot (?:open|create).*)$"
)


def read_tool(record: Record) -> Statement | None:
    """Return the statement of a tool of the operator, else None."""
    body = record.body
    return next(
        (
            statement
            for words, read in _FAMILIES
            if any(word in body for word in words) and (statement := read(body)) is not None
        ),
        None,
    )


def _of_kubeadm(body: str) -> Statement | None:
    check = _KUBEADM_CHECK.match(body)
    if check is not None:
        name, text = check["check"], check["text"]
        if name.startswith(_SYSCTL):
            path = _SYSCTL_PATH.search(text)
            key = (path["key"] if path else name.removeprefix(_SYSCTL).replace("-", "/")).replace("/", ".")
            return Statement(
                text,
                level=Level.ERROR,
                component="kubeadm",
                operation="preflight",
                reason=ErrorClass.INVALID_CONFIG,
                object_kind="sysctl",
                object=key,
                certain=True,
            )
        operation = "validate service connection" if "validate service connection" in text else "preflight"
        return Statement(
            text,
            level=Level.ERROR,
            component="kubeadm",
            operation=operation,
            reason=_CHECKS.get(name.partition("-")[0]),
            certain=True,
        )
    phase = _KUBEADM_PHASE.match(body)
    if phase is not None:
        return Statement(
            phase["text"],
            level=Level.FATAL,
            component="kubeadm",
            operation=f"execute phase {phase['phase']}",
            last=True,
            certain=True,
        )
    other = _KUBEADM_OTHER.match(body)
    return Statement(other["text"], level=Level.ERROR, component="kubeadm", certain=True) if other else None


_CHECKS = {
    "Swap": ErrorClass.INVALID_CONFIG, "Port": ErrorClass.ADDRESS_IN_USE, "NumCPU": ErrorClass.NO_CAPACITY, "Mem": ErrorClass.NO_CAPACITY,
    "FileExisting": ErrorClass.MISSING_COMMAND, "DirAvailable": ErrorClass.EXISTS, "FileAvailable": ErrorClass.EXISTS, "KubeletVersion": ErrorClass.VERSION_MISMATCH,
    "IsPrivilegedUser": ErrorClass.PERMISSION_DENIED,
}  # fmt: skip
"""What a preflight check that fails means, where its text does not tell."""


def _of_kubectl(body: str) -> Statement | None:
    server = _SERVER.match(body)
    if server is not None:
        return Statement(
            server["text"],
            level=Level.ERROR,
            component="kubectl",
            reason=REASONS.get(server["reason"] or ""),
            certain=True,
        )
    match = _KUBECTL.match(body)
    return (
        Statement(match["text"].removeprefix("error: "), level=Level.ERROR, component="kubectl", certain=True)
        if match
        else None
    )


def _of_helm(body: str) -> Statement | None:
    match = _HELM.match(body)
    if match is None:
        return None
    original = _HELM_ORIGINAL.search(match["text"])
    text = original["text"] if original else match["text"]
    return Statement(
        text, level=Level.FATAL, component="helm", operation=_HELM_VERBS[match["verb"]], last=True, certain=True
    )


def _of_docker(body: str) -> Statement | None:
    match = _DOCKER.match(body)
    return Statement(match["text"], level=Level.ERROR, component="docker", certain=True) if match else None


def _of_machine(body: str) -> Statement | None:
    match = _MACHINE.match(body)
    if match is None:
        return None
    kind = next(name for name in _MACHINE_COMPONENTS if match[name])
    text = match["vbox"] or match["launch"] or match["nstext"] or match["qemutext"] or body
    error = match["why"] or ""
    code = match["number"] or ""
    return Statement(
        match["head"] or text, error, Level.ERROR, component=_MACHINE_COMPONENTS[kind], code=code, certain=True
    )


def _of_shell(body: str) -> Statement | None:
    match = _SHELL.match(body)
    if match is None or not _SHELL_ENDS.search(match["text"]):
        return None
    return Statement(body.partition("\n")[0], level=Level.ERROR, component="shell", certain=True)


_FAMILIES: tuple[tuple[tuple[str, ...], Callable[[str], Statement | None]], ...] = (
    (("[ERROR ", "execution phase", "initialize a Kubernetes", "[kubelet-check]"), _of_kubeadm),
    (("server", "error: ", "is invalid"), _of_kubectl),
    ((" FAILED: ",), _of_helm),
    (("daemon: ", "ERROR: failed to "), _of_docker),
    (("domain", "network", "pool", "hypervisor", "VBoxManage", "failed: ", "Error Domain", "VM", "Vagrant", "The box", "qemu-system"), _of_machine),
    (("sh: ",), _of_shell),
)  # fmt: skip
"""Words of which a line of each family holds one, and what reads it: no other pattern needs to be tried, nor compiled."""
