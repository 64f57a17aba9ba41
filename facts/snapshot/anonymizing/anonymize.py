"""Takes names and addresses out of a snapshot: each becomes a stand-in, the same everywhere, so that all joins survive.

Names are those that objects, VM managers and the sources of logs tell: of machines, namespaces, workloads, Pods, and
what else lies in a namespace. What belongs to Kubernetes itself keeps its name, for rules know it by that.
"""

import functools
import re
from collections.abc import Callable, Container, Iterable

import msgspec

from facts.cluster.component import component_of
from facts.cluster.kinds import KINDS
from facts.cluster.store import Store
from facts.cluster.virtual_machine import virtual_machines
from facts.model.values import Coverage, Observation, ObservationKind, Snapshot
from facts.snapshot.anonymizing.object_names import names_in
from facts.snapshot.anonymizing.pseudonyms import address_pseudonym, machine_pseudonym, pseudonym

_WELL_KNOWN = re.compile(
    r"kube-.*|default|openshift.*|.*-system|ingress-.*|monitoring|logging|kubernetes|localhost|kubernetes-dashboard"
)
"""Namespaces, Services and hosts that many clusters have. They identify no cluster."""
_RESERVED = (
    "api apis app apps bin boot cluster config configmap container containers cpu data dev dns docker error etc "
    "events failed false get health healthz home host http https id image info init ip items job jobs key kind "
    "kubelet labels level lib list local localhost log logs main manager master memory message metadata metrics mnt "
    "mode name namespace namespaces network no node nodes none null ok opt path pod pods port proc proxy ready "
    "reason root run secret secrets server service services spec state status storage svc sys system tcp test time "
    "tls tmp token true type udp unknown usr v1 value var version volume volumes warning worker yes"
)
"""Words of JSON keys, paths and messages. In a text, a name that equals one cannot be recognised."""
_NAMESPACED = frozenset(kind.name for kind in KINDS if kind.namespaced and kind.named)
"""Kinds whose objects lie in a namespace and have a name that somebody chose."""
_WORD = re.compile(rb"(?<![A-Za-z0-9_-])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?![A-Za-z0-9_-])")
_ADDRESS = re.compile(
    rb"(?<![0-9A-Za-z.])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![0-9A-Za-z]|\.\d)"
)
_RANDOM = "[bcdf-hj-np-tv-xz2-9]"
"""What Kubernetes makes random words and hashes of: no vowels, so that they spell nothing."""
_OWNED = re.compile(
    rf"(.+?)((?:-(?:[a-f0-9]{{6,10}}|{_RANDOM}{{5,10}}))?-(?:{_RANDOM}{{5}}|\d+)|-(?=\D*\d)(?:[a-f0-9]{{8,10}}|{_RANDOM}{{8,10}}))"
)
"""What a workload makes: its own name, then the hash of a template, and a random word or a number."""
_SUFFIX = re.compile(rf"{_RANDOM}{{5,10}}|[a-f0-9]{{6,10}}|\d+")
"""What may follow the name of a workload that is known."""
_BEFORE, _BEHIND = frozenset(b"/\"'=.@("), frozenset(b"/\"'")
"""One of these stands beside a plain word that is a name."""


def anonymize(snapshot: Snapshot) -> Snapshot:
    """Return `snapshot` with stand-ins for names and addresses; within a process the same name has the same one.

    The diagnosis of the result is that of `snapshot`, up to renaming. A name that no object and no source tells, only a
    sentence in a log, is not known, and stays.
    """
    names = _Names(snapshot)
    return msgspec.structs.replace(
        snapshot,
        observations=tuple(names.of_observation(one) for one in snapshot.observations),
        coverage=tuple(names.of_coverage(one) for one in snapshot.coverage),
        cluster=names.of_label(snapshot.cluster),
        origin=names.of_label(snapshot.origin),
    )


class _Names:
    """Every name of a snapshot that has a stand-in."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._names: dict[bytes, bytes] = {}
        self._words: dict[bytes, bytes | None] = {}
        namespaces, machines, things, hosts = set[str](), set[str](), set[str](), set[str]()
        kinds = _NAMESPACED
        for one in snapshot.observations:
            machines |= {one.attribute("node"), one.attribute("host"), one.attribute("target")}
            namespaces.add(one.attribute("namespace"))
            if one.attribute("pod") and not _WELL_KNOWN.fullmatch(one.attribute("namespace")):
                things.add(one.attribute("pod"))
            if one.kind is ObservationKind.OBJECTS:
                for kind, namespace, name in names_in(one.body):
                    namespaces.add(name if kind == "Namespace" else namespace)
                    if kind in ("Node", "CSINode"):
                        machines.add(name)
                    elif kind == "Host":
                        hosts.add(name)
                    elif kind in kinds and not _WELL_KNOWN.fullmatch(namespace):
                        things.add(name)
        machines |= {vm.name for vm in virtual_machines(Store(snapshot))}
        self._add(things, functools.partial(pseudonym, "app"), owned=True)
        self._add(namespaces, functools.partial(pseudonym, "ns"))
        self._add((name for name in machines if not _is_address(name)), machine_pseudonym)
        if snapshot.cluster and snapshot.cluster != "in-cluster":
            for part in re.findall(r"[a-z0-9][a-z0-9-]*", snapshot.cluster.lower()):
                self._names.setdefault(part.encode(), pseudonym("cluster", part).encode())
        for host in hosts:
            for part in host.removeprefix("*.").split(".")[:-1]:
                self._names.setdefault(part.encode(), pseudonym("host", part).encode())
        for reserved in _RESERVED.split():
            self._names.pop(reserved.encode(), None)

    def _add(self, names: Iterable[str], stand_in: Callable[[str], str], *, owned: bool = False) -> None:
        known = set(names)
        for name in sorted(known):
            if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name) or _WELL_KNOWN.fullmatch(name) or component_of(name):
                continue
            if owned:
                stem = _stem(name, known)
                self._names.setdefault(stem.encode(), stand_in(stem).encode())
                self._names.setdefault(name.encode(), (stand_in(stem) + name[len(stem) :]).encode())
            else:  # only the first label of a host name can be told from other words
                first = name.partition(".")[0]
                self._names.setdefault(first.encode(), stand_in(first).encode())

    def of_observation(self, one: Observation) -> Observation:
        """Return an observation with stand-ins in its body, its source and its attributes."""
        attributes = {
            name: value if name in ("fidelity", "component", "role", "exit") else self.of_text(str(value))
            for name, value in one.attributes.items()
        }
        return msgspec.structs.replace(
            one, body=self.of_bytes(one.body), source=self.of_text(one.source), attributes=attributes
        )

    def of_coverage(self, one: Coverage) -> Coverage:
        """Return a coverage with stand-ins in its target and its reason."""
        return msgspec.structs.replace(
            one,
            target=self.of_label(one.target),
            why=None if one.why is None else self.of_text(one.why),
            object=self.of_text(one.object),
        )

    def of_text(self, text: str) -> str:
        """Return a short text, such as a name, with stand-ins."""
        known = self._names.get(text.encode("utf-8", "replace"))
        if known:
            return known.decode()
        return self.of_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def of_label(self, text: str) -> str:
        """Return a text that names things and says nothing else, with stand-ins."""
        stand_in = _WORD.sub(lambda found: self._stand_in(found[0]) or found[0], text.encode("utf-8", "surrogatepass"))
        return _ADDRESS.sub(_moved, stand_in).decode("utf-8", "surrogatepass")

    def of_bytes(self, body: bytes) -> bytes:
        """Return a text or JSON with stand-ins."""
        body = _ADDRESS.sub(_moved, body)
        return _WORD.sub(self._of_word, body)

    def _of_word(self, found: re.Match[bytes]) -> bytes:
        word = found[0]
        if word not in self._words:
            self._words[word] = self._stand_in(word)
        known = self._words[word]
        if known is None or (word.isalpha() and not _stands_for_a_name(found)):
            return word
        return known

    def _stand_in(self, word: bytes) -> bytes | None:
        if word in self._names:
            return self._names[word]
        owned = _OWNED.fullmatch(word.decode())
        stem = self._names.get(owned[1].encode()) if owned else None
        return stem + owned[2].encode() if stem and owned else None


def _stem(name: str, known: Container[str]) -> str:
    """Return the name of the workload that made `name`, as far as that is `known`, or can be seen; else the name."""
    shorter, _, suffix = name.rpartition("-")
    if shorter in known and _SUFFIX.fullmatch(suffix):
        return _stem(shorter, known)
    found = _OWNED.fullmatch(name)
    return found[1] if found else name


def _stands_for_a_name(found: re.Match[bytes]) -> bool:
    """Return True if a plain word is used as a name here, not as a word of a sentence or a JSON key."""
    text, start, end = found.string, found.start(), found.end()
    if text[end : end + 1] == b'"' and text[end + 1 : end + 4].lstrip(b" ").startswith(b":"):
        return False
    before = text[start - 1] in _BEFORE if start else end == len(text)
    is_label_of_host = text[end : end + 1] == b"." and text[end + 1 : end + 2].isalnum()
    return before or is_label_of_host or (end < len(text) and text[end] in _BEHIND)


def _moved(found: re.Match[bytes]) -> bytes:
    return address_pseudonym(found[0].decode()).encode()


def _is_address(name: str) -> bool:
    return bool(_ADDRESS.fullmatch(name.encode())) or name in ("host", "")
