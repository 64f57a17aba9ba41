"""Cuts text that no other reader claims into logs: one observation for each run of lines of one component."""

import re

import msgspec
import re2

from facts.cluster.component import component_of
from facts.model.values import Observation, ObservationKind
from facts.snapshot.setting import Setting

_SYSLOG = (
    r"[ \t]*(?:(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?)|(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.,\d]*(?:[+-]\d\d:?\d\d|Z)))"
    r" (?P<host>[\w.-]+) (?P<ident>[\w.@/-]+)(?:\[\d+\])?: "
)
_PHASES = (
    "preflight|kubelet-check|kubelet-start|kubelet-finalize|certs|kubeconfig|control-plane|control-plane-check|wait-control-plane|apiclient|"
    "addons|bootstrap-token|upload-config|upload-certs|mark-control-plane|discovery|check-etcd|patches|api-check|"
    r"upgrade/[a-z-]+|init|join|reset|ERROR [A-Z][\w-]*|WARNING [A-Z][\w-]*"
)
REFUSED = (
    r"Error from server|The connection to the server |Unable to connect to the server|error: You must be logged in|"
    r"[EW]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ memcache\.go:"
)
"""How lines of kubectl start that say that it got no answer, or not the one that was asked for."""
_ONE_LINE = (
    # What a line says by itself, without the ones that follow it, unless they are indented.
    ("kernel", r"(?:<\d+>)?\[ *\d+\.\d{6}\] "),
    ("kubectl", REFUSED),
    ("kubelet", r"[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ (?:kubelet\w*|pod_workers|kuberuntime_\w+|remote_runtime|pleg|cni|eviction_manager)\.go:"),
    ("shell", r"-?(?:/\S*/)?(?:ba|z)sh: |\S+\.sh: line \d+: |sed: -e expression "),
    ("helm", r"Error: (?:INSTALLATION|UPGRADE|UNINSTALL) FAILED"),
)  # fmt: skip
_KUBEADM = rf"[ \t]*\[(?:{_PHASES})\](?::| )|error execution phase |[ \t]*This error is likely caused by|couldn't initialize a Kubernetes cluster"
_NAMES = [name for name, _ in _ONE_LINE]
_MARK = (
    rf"(?:{_SYSLOG}|(?P<kubeadm>{_KUBEADM})|"
    + "|".join(rf"(?P<m{i}>{pattern})" for i, (_, pattern) in enumerate(_ONE_LINE))
    + ")"
)
_ANY_MARK = re2.compile(f"(?m)^(?:{_MARK})".encode())
_EACH_MARK = re.compile(rb"(?:\A|(?<=\n))" + _MARK.encode() + rb"[^\n]*\n?")
_REFUSED = re.compile(rb"\s*(?:error: |" + REFUSED.encode() + b")")
_UNINDENTED = re.compile(rb"(?<=\n)[^ \t\n]|\A[^ \t\n]")


def cut_logs(text: bytes, start: int, end: int, source: str, line: int, setting: Setting) -> list[Observation]:
    """Return the log observations of `text[start:end]`, which starts at line `line` of `source`.

    A line that names its component (journal, kernel, kubeadm, kubectl, ...) gives it to itself and to the indented
    lines below; kubeadm's reaches to the next blank line. All others have the component of `setting`, "" when it has
    none. The log of a Pod is one observation whatever its lines look like. Blank stretches are dropped.
    """
    body = text[start:end]
    if not body or body.isspace():
        return []
    if setting.says("kubectl") and setting.pod and _REFUSED.match(body):  # no log was got
        setting = msgspec.structs.replace(setting, component="kubectl", pod="", container="", previous="")
    if setting.pod or setting.container or _ANY_MARK.search(body) is None:
        return _observations([(0, setting)], body, source, line)
    return _observations(_runs(body, setting), body, source, line)


def _runs(body: bytes, setting: Setting) -> list[tuple[int, Setting]]:
    """Return where each run starts, and what is known of it."""
    runs: list[tuple[int, Setting]] = [(0, setting)]
    known: dict[tuple[bytes | None, ...], Setting] = {}
    reach, now = 0, setting

    def switch(at: int, there: Setting) -> None:
        nonlocal now
        if there is now:
            return
        now = there
        if runs[-1][0] == at:
            runs[-1] = (at, there)
        else:
            runs.append((at, there))

    def leave(gap_start: int, gap_end: int) -> None:
        if now is setting or gap_start >= gap_end:
            return
        gap = body[gap_start:gap_end]
        if kubeadm:
            blank = 0 if gap.startswith(b"\n") else gap.find(b"\n\n") + 1
            if blank or gap.startswith(b"\n"):
                switch(gap_start + blank, setting)
        elif found := _UNINDENTED.search(gap):
            switch(gap_start + found.start(), setting)

    kubeadm = False
    for mark in _EACH_MARK.finditer(body):
        at = mark.start()
        if at != reach:
            leave(reach, at)
        group = mark.lastgroup or ""
        key = mark.group("host", "ident") if group == "ident" else (group.encode(),)
        there = known.get(key)
        if there is None:
            there = known[key] = _marked(key, group, setting)
        if there is not now:
            switch(at, there)
        kubeadm, reach = group == "kubeadm", mark.end()
    leave(reach, len(body))
    return runs


def _marked(key: tuple[bytes | None, ...], group: str, setting: Setting) -> Setting:
    if group == "ident":
        host, ident = ((part or b"").decode("utf-8", "replace") for part in key)
        component = component_of("sshd" if ident.startswith("sshd") else ident)
        return msgspec.structs.replace(setting, component=component, node=host)
    component = "kubeadm" if group == "kubeadm" else _NAMES[int(group[1:])]
    return setting if component == setting.component else msgspec.structs.replace(setting, component=component)


def _observations(runs: list[tuple[int, Setting]], body: bytes, source: str, line: int) -> list[Observation]:
    observations = []
    attributes = {id(setting): setting.log_attributes() for _, setting in runs}
    ends = [start for start, _ in runs[1:]] + [len(body)]
    for (start, setting), end in zip(runs, ends, strict=True):
        piece = body[start:end] if len(runs) > 1 else body
        if piece and not piece.isspace():
            observations.append(Observation(ObservationKind.LOG, source, piece, attributes[id(setting)], line))
        line += piece.count(b"\n")
    return observations
