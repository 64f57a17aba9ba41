"""Stand-ins for names and addresses: the same one for the same name, and addresses of one network stay together."""

import functools
import hashlib
import os
import random
import re

_KEPT_OCTETS = (0, 1, 10, 254, 255)
"""Addresses of networks, gateways, cluster DNS and broadcasts. They identify no cluster and stay as they are."""
_PRIVATE: dict[tuple[int, ...], tuple[int, ...]] = {(): (172, 192), (172,): tuple(range(16, 32)), (192,): (168,)}
"""Octets that begin a private network, by the octets before them. No public address is mapped into one."""
_KEPT_ADDRESSES = re.compile(
    r"127\.|0\.|169\.254\.|2(?:2[4-9]|[3-5]\d)\.|(?:8\.8\.8\.8|8\.8\.4\.4|1\.1\.1\.1|1\.0\.0\.1|9\.9\.9\.9)$"
    r"|10\.0\.2\.|192\.168\.5\.15$|192\.168\.122\.|172\.17\.|10\.(?:96|43)\.0\.10?$"
)
"""Loopback, link-local, multicast, masks, the resolvers that everybody knows, and what hypervisors, Docker, kubeadm and
k3s give to everybody: rules know them, and they tell nothing."""
_ROLE = re.compile(r"-?(?:master|control-?plane|worker|etcd|bastion)(?:-?\d+)?$")


def pseudonym(prefix: str, name: str) -> str:
    """Return the stand-in for `name`, `prefix-1f4a2c`: the same within a process, another in the next."""
    return f"{prefix}-{hashlib.blake2b(name.encode(), key=_key(), digest_size=3).hexdigest()}"


def machine_pseudonym(name: str) -> str:
    """Return the stand-in for a machine; what its name says of its role stays: `prod-worker1` becomes `node-1f4a2c-worker1`."""
    role = _ROLE.search(name)
    stem = name[: role.start()] if role else name
    return pseudonym("node", stem) + (f"-{role[0].lstrip('-')}" if role else "")


def address_pseudonym(address: str) -> str:
    """Return the stand-in for an IPv4 address in dotted form.

    Two addresses that share their first octets share those of their stand-ins, private ones stay private, and no two
    become one.
    """
    if _KEPT_ADDRESSES.match(address):
        return address
    octets = [int(octet) for octet in address.split(".")]
    kept = 1 if octets[0] == 10 else 2 if octets[:2] == [192, 168] or (octets[0] == 172 and 16 <= octets[1] < 32) else 0
    found = octets[:kept]
    for place in range(kept, 4):
        found.append(_permutation(tuple(octets[:place]))[octets[place]])
    return ".".join(str(octet) for octet in found)


@functools.lru_cache(maxsize=65536)
def _permutation(prefix: tuple[int, ...]) -> tuple[int, ...]:
    """Return where each octet goes that follows `prefix`."""
    moved = [octet for octet in range(256) if octet not in _KEPT_OCTETS and octet not in _PRIVATE.get(prefix, ())]
    shuffled = moved[:]
    random.Random(_key() + bytes(prefix)).shuffle(shuffled)  # noqa: S311 - seeded with a secret key, not guessable
    places = list(range(256))
    for octet, place in zip(moved, shuffled, strict=True):
        places[octet] = place
    return tuple(places)


@functools.cache
def _key() -> bytes:
    return os.urandom(32)
