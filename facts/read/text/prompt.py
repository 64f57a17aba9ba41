"""Reads prompt lines of pasted terminal sessions: what was typed, where, and what it says about the output below."""

import re
import shlex
from collections.abc import Callable, Mapping

import msgspec

from facts.cluster.component import component_of
from facts.cluster.virtual_machine import vm_managers
from facts.model.schema import COMPONENTS
from facts.model.shell import tokens
from facts.snapshot.setting import Setting, component_of_log, setting_of_path

_KNOWN = (
    "kubectl|oc|k|ssh|sshpass|ping|ping6|journalctl|systemctl|df|free|docker|podman|nerdctl|crictl|"
    "kubeadm|helm|minikube|kind|k3d|timedatectl|dmesg|cat|tail|head|less|grep|zcat|curl|wget|nc|scp|rsync|bash|sh|"
    "sudo|cilium|hubble|calicoctl|istioctl|argocd|etcdctl|nslookup|dig|ip|ifconfig|openssl|watch|time|uptime|hostname|"
    "export|cd|ls|for|while|apt|apt-get|yum|dnf|swapon|swapoff|sysctl|modprobe|mount|ls|ps|top|ss|netstat|iptables|"
    r"lsblk|chronyc|ntpdate|date|echo|\./\S+|" + "|".join(manager.PROGRAM for manager in vm_managers().values())
)
_AT = r"(?:\([\w.-]+\) ?)?[\w.-]+@[\w.-]+(?::[^\s$#%]{0,80}| [^\s$#%:]{1,40} )?[$#%]|\[[\w.-]+@[\w.-]+ [^\]\n]{1,80}\][$#%]"
_PLACE = r"[/~][^\s#]{0,60} "
"""The folder that busybox's shell shows before its sign: `/ # `."""
_ARROW = r"➜[ \t]+\S+[ \t]+(?:git:\(\S+\)[ \t]+)?(?:✗[ \t]+)?"
OPENING = (
    rf"[ \t]*(?:[$❯] +[^ \t\n{{]|(?:{_PLACE})?[%#] +(?:{_KNOWN})(?:[ \t]|$)|\++ (?:{_KNOWN})[ \t]|(?:{_AT})(?:[ \t]|$)|"
    rf"{_ARROW}(?:{_KNOWN})[ \t]|PS [A-Z]:\\[^>\n]*> |==== (?:START|END) logs for container |==> \S.* <==[ \t]*$)"
    r'|\{.*"(?:invocation|tool_name)": ?(?:"|null)'
)
"""RE2 pattern of a line that may be a prompt."""

_PROMPT = re.compile(
    rf"\s*(?:(?P<at>{_AT})(?:\s+|$)|{_ARROW}|\++ |PS [A-Z]:\\[^>\n]*> |(?P<place>{_PLACE})?[$%#❯]\s+)(?P<command>.*)$"
)
_LOGS = re.compile(r"==== START logs for container (?P<container>\S+) of pod (?P<namespace>[^/\s]+)/(?P<pod>\S+) ====")
_TAIL = re.compile(r"==> (?P<file>\S.*) <==\s*$")
_VALUED = frozenset(
    {
        "-n",
        "--namespace",
        "-o",
        "--output",
        "-l",
        "--selector",
        "--field-selector",
        "-c",
        "--container",
        "--kubeconfig",
        "--context",
    }
    | {
        "--sort-by",
        "--tail",
        "--since",
        "--since-time",
        "-s",
        "--server",
        "--cluster",
        "--user",
        "--token",
        "-L",
        "--label-columns",
    }
    | {"--request-timeout", "-v", "--v", "--for", "-f", "--filename", "--as", "--chunk-size"}
)
_SSH_VALUED = frozenset("-" + letter for letter in "BbcDEeFIiJLlmOopQRSWw")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_PRINTERS = frozenset(("cat", "tail", "less", "zcat", "head"))
_QUIET = frozenset(("alias", "cd", "clear", "date", "export", "hostname", "set", "sleep", "source", "umask", "unset"))
"""Commands that print nothing, or a line at most."""
_RUNTIMES = frozenset(("docker", "crictl", "nerdctl", "podman"))
_VM_NAME = 2
"""Place of the VM's name in `limactl shell NAME COMMAND`."""
_PREFIXES = frozenset({"sudo", "time", "watch", "command", "exec", "nohup", "env"})
_OF_TOOL = {
    "kubeadm": "kubeadm", "helm": "helm", "minikube": "minikube", "kind": "kind", "dmesg": "kernel", "ssh": "ssh", "scp": "ssh", "bash": "shell", "sh": "shell",
    **{manager.PROGRAM: name for name, manager in vm_managers().items() if name in COMPONENTS},
}  # fmt: skip


def read_prompt(line: str, before: Setting, base: Setting) -> tuple[Setting, str] | None:
    """Return the setting of the output below `line`, and text that the line itself reports; None if it is no prompt.

    `before` is the setting above the line, `base` that of the file. A line of JSON with an "invocation" is a prompt
    as well, as tools write it above the output that they recorded; what its "error" says is the text.
    """
    stripped = line.strip()
    if stripped.startswith("{"):
        return _recorded(stripped, base)
    if stripped.startswith("=="):
        return _divided(stripped, base), ""
    found = _PROMPT.match(line)
    if found is None:
        return None
    at = found["at"] or ""
    told = re.search(r"@([\w.-]+)", at)
    host = told[1] if told else ""
    inside = before.says("ssh") and len(before.words) <= 2  # ssh HOST: what follows is typed over there
    local = not host or at.endswith("%")  # zsh is what a Mac shows
    role = "vm" if inside or _looks_like_node(host) else "host" if local and not found["place"] else ""
    if not host and before.role == "vm" and inside:
        host = before.host
    return setting_of_command(found["command"], msgspec.structs.replace(base, host=host, role=role)), ""


def _divided(line: str, base: Setting) -> Setting:
    """Return the setting below a line that divides logs, as `kubectl cluster-info dump` and tail write it."""
    if logs := _LOGS.match(line):
        component = component_of_log(logs["pod"], logs["container"])
        return msgspec.structs.replace(base, component=component, **logs.groupdict())
    tail = _TAIL.match(line)
    file = setting_of_path(tail["file"]) if tail else Setting()
    kept = {name: getattr(file, name) for name in ("component", "namespace", "pod", "container", "previous")}
    return msgspec.structs.replace(base, **{name: value for name, value in kept.items() if value})


def setting_of_command(command: str, base: Setting) -> Setting:
    """Return the setting of the output of `command`, which was typed on the machine that `base` names."""
    words, filtered = _words(command)
    return _unwrap(words, msgspec.structs.replace(base, filtered=filtered))


def _looks_like_node(host: str) -> bool:
    return re.search(r"(?:^|[-.\d])(?:master|worker|control-?plane|node)", host) is not None


def _recorded(line: str, base: Setting) -> tuple[Setting, str] | None:
    try:
        header = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return None
    if not isinstance(header, dict):
        return None
    invocation, error = header.get("invocation"), header.get("error")
    if not ("tool_name" in header or "invocation" in header) or not isinstance(invocation, str | None):
        return None
    # Without a command, the error is the recorder's own trouble and says nothing about the cluster.
    return setting_of_command(invocation or "", base), error if invocation and isinstance(error, str) else ""


def _words(command: str) -> tuple[list[str], bool]:
    """Split a command like a shell does, up to its first pipe; say whether a filter stands behind the pipe."""
    address = re.compile(r"\$\(\s*(?:tart ip|limactl \S+)\s+([\w.-]+)[^)]*\)|`tart ip ([\w.-]+)`")
    plain = address.sub(lambda found: found[1] or found[2], command)
    try:
        read = [token for token in tokens(plain) if token.kind != "comment"]
    except ValueError:
        return plain.split(), False
    words = [token.value for token in read]
    operators = [index for index, token in enumerate(read) if token.kind == "operator"]
    start = _first_that_prints(words)
    ends = [index for index in operators if index >= start]
    first = ends[0] if ends else len(words)
    filtered = any(words[index] == "|" and words[index + 1 : index + 2] != ["tee"] for index in ends)
    return [word for word in words[start:first] if word], filtered


def _first_that_prints(words: list[str]) -> int:
    """Return where in a list of commands (`date; cd /x && kubectl get pods`) the first one starts that prints much."""
    start = 0
    for index, word in enumerate(words):
        if word in (";", "&&"):
            if words[start] not in _QUIET or "|" in words[start:index] or index + 1 == len(words):
                return start
            start = index + 1
    return start


def _unwrap(words: list[str], setting: Setting) -> Setting:
    """Return the setting of a command: without sudo and environment, and inside ssh, a VM's shell or kubectl exec."""
    bare = _without_prefixes(words)
    if not bare:
        return setting
    name = bare[0].rsplit("/", 1)[-1]
    program = "kubectl" if name in ("k", "oc") else name
    return _WAYS_IN.get(program, _local)([program, *bare[1:]], setting)


def _without_prefixes(words: list[str]) -> list[str]:
    """Return the words without sudo, time, watch, ..., their options, and assignments of variables."""
    start = 0
    while start < len(words) and (words[start] in _PREFIXES or _ASSIGNMENT.fullmatch(words[start])):
        start += 1
        while start < len(words) and words[start].startswith("-"):
            start += 1
    return words[start:]


def _local(words: list[str], setting: Setting) -> Setting:
    """Return the setting of a command that runs where it was typed."""
    program, component, changes = words[0], _OF_TOOL.get(words[0], ""), dict[str, str]()
    if program == "journalctl":
        component = component_of(_option(words, "-u", "--unit") or ("kernel" if "-k" in words else ""))
    elif program in _PRINTERS and len(words) > 1:
        file = setting_of_path(words[-1])
        component = file.component
        told = {"pod": file.pod, "container": file.container, "namespace": file.namespace, "previous": file.previous}
        changes = told if file.pod else {}
    elif program in _RUNTIMES and words[1:2] == ["logs"]:
        component, changes = component_of_log("", words[-1]), {"container": words[-1]}
    changes["component"] = component or setting.component
    changes["node"] = setting.host if setting.role == "vm" else setting.node
    return msgspec.structs.replace(setting, words=tuple(words), **changes)


def _option(words: list[str], *names: str) -> str:
    for index, word in enumerate(words):
        for name in names:
            if word == name:
                return words[index + 1] if index + 1 < len(words) else ""
            if word.startswith(name + "="):
                return word[len(name) + 1 :]
            if len(name) == 2 and word.startswith(name) and not word.startswith("--") and len(word) > 2:
                return word[2:]
    return ""


def _plain(words: list[str], valued: frozenset[str]) -> list[str]:
    """Return the words that are neither options nor the values of options."""
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-") and word != "-":
            skip = word in valued
        else:
            kept.append(word)
    return kept


def _sshpass(words: list[str], setting: Setting) -> Setting:
    inner = words[words.index("ssh") :] if "ssh" in words else words[1:]
    return _unwrap(inner, setting) if inner else setting


def _vm_shell(words: list[str], setting: Setting) -> Setting:
    """Step into the shell that a VM manager opens: `limactl shell prod-worker1 df -h`."""
    if words[1:2] not in (["shell"], ["exec"]) or len(words) <= _VM_NAME + 1:
        return _local(words, setting)
    inner = words[_VM_NAME + 1 :]
    there = msgspec.structs.replace(setting, host=words[_VM_NAME], role="vm")
    return setting_of_command(shlex.join(inner[1:] if inner[0] == "--" else inner), there)


def _ssh(words: list[str], setting: Setting) -> Setting:
    plain = _plain(words[1:], _SSH_VALUED)
    if not plain:
        return msgspec.structs.replace(setting, words=("ssh",), component="ssh")
    host = plain[0].rsplit("@", 1)[-1]
    there = msgspec.structs.replace(setting, host=host, role="vm")
    inner = words[words.index(plain[0]) + 1 :]
    if not inner:
        return msgspec.structs.replace(there, words=("ssh", host), component="ssh")
    found = setting_of_command(" ".join(inner), there)
    return msgspec.structs.replace(found, filtered=found.filtered or setting.filtered)


def _kubectl(words: list[str], setting: Setting) -> Setting:
    end = words.index("--") if "--" in words[:-1] else len(words)
    own, inner = words[:end], shlex.join(words[end + 1 :])
    plain = _plain(own, _VALUED)
    verb, objects = (plain[1:2] or [""])[0], plain[2:]
    every = any(word in ("-A", "--all-namespaces", "--all-namespaces=true") for word in own)
    namespace = "*" if every else _option(own, "-n", "--namespace") or "default"
    kubeconfig = _option(own, "--kubeconfig").rsplit("/", 1)[-1]
    cluster = _option(own, "--context") or re.sub(r"\.(ya?ml|conf|kubeconfig)$", "", kubeconfig)
    selected = bool(_option(own, "-l", "--selector", "--field-selector", "--for"))
    named = len(objects) > 1 or any("/" in name for name in objects)
    there = msgspec.structs.replace(
        setting,
        words=("kubectl", verb, *objects),
        filtered=setting.filtered or selected or named,
        output=_option(own, "-o", "--output"),
        namespace=namespace,
        cluster=cluster if cluster not in ("config", "admin") else "",
        component="",
    )
    if verb == "logs":
        pod = objects[0].rsplit("/", 1)[-1] if objects else ""
        container = _option(own, "-c", "--container") or (objects[1] if len(objects) > 1 else "")
        previous = any(word in ("-p", "--previous", "--previous=true") for word in own)
        component = component_of_log(pod or _option(own, "-l", "--selector"), container)
        changes = {"pod": pod, "container": container, "component": component, "previous": "true" if previous else ""}
        return msgspec.structs.replace(there, **changes)
    if verb == "exec" and inner:
        pod = objects[0].rsplit("/", 1)[-1] if objects else ""
        place = {"pod": pod, "namespace": namespace, "container": _option(own, "-c", "--container")}
        inside = msgspec.structs.replace(setting, host=pod, role="", **place)
        return msgspec.structs.replace(setting_of_command(inner, inside), filtered=setting.filtered)
    return there


_WAYS_IN: Mapping[str, Callable[[list[str], Setting], Setting]] = {
    "ssh": _ssh,
    "sshpass": _sshpass,
    "kubectl": _kubectl,
    "limactl": _vm_shell,
    "tart": _vm_shell,
    "multipass": _vm_shell,
}
"""Programs that run a command elsewhere, or about a cluster."""
