"""What the API server says of itself: checks that fail, and kubelets whose version does not fit its own."""

import re
from collections.abc import Iterator

import msgspec

from facts.cluster.index import Index
from facts.cluster.objects import Node
from facts.model.schema.domains.control_plane import ApiHealthFact
from facts.model.schema.domains.nodes import VersionSkewFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_RAW = re.compile(r"kubectl get --raw[ =]'?/(readyz|livez|healthz)\b")
_FAILED = re.compile(r"^\[-\](\S+) (.*)$", re.MULTILINE)
_VERSION = re.compile(r"v?(\d+)\.(\d+)\.")
OLDEST = 3
"""How many minor versions a kubelet may be older (kubernetes.io/releases/version-skew-policy)."""


class _Version(msgspec.Struct, rename="camel"):
    git_version: str = ""


def extract(index: Index) -> Iterator[Fact]:
    """Yield `api_health` and `version_skew` facts."""
    server = ""
    for observation in index.store.commands("kubectl get --raw"):
        text = observation.body.decode(errors="replace")
        if endpoint := _RAW.match(observation.attribute("command")):
            for check, message in _FAILED.findall(text):
                attributes = ApiHealthFact(endpoint=endpoint[1], check=check, message=message)
                yield new_fact(attributes, observation.source, f"[-]{check} {message}")
        elif observation.attribute("command").endswith("/version"):
            server = _version_of(observation.body)
    if ours := _VERSION.match(server):
        for node in index.store.every(Node):
            version = node.body.status.node_info.kubelet_version
            theirs = _VERSION.match(version)
            behind = int(ours[2]) - int(theirs[2]) if theirs and theirs[1] == ours[1] else 0
            if behind < 0 or behind > OLDEST:
                problem = "newer" if behind < 0 else "too-old"
                skew = VersionSkewFact(node=node.name, version=version, server_version=server, problem=problem)
                proof = f"kubelet {version}, API server {server}"
                yield new_fact(skew, node.source, proof)


def _version_of(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Version).git_version
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
