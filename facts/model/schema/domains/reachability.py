"""What reaches what: pings, SSH, TCP connections and open ports."""

from typing import Annotated, ClassVar

from facts.model.schema.kind import FactKind, Meaning, TypedFact


class PingFact(TypedFact, frozen=True, kw_only=True, rename={"from_": "from"}):
    """The result of one ping."""

    KIND: ClassVar[FactKind] = FactKind(
        name="ping",
        layer="vm-network",
        coverage="ping",
        scope="from",
        subject=("=Network", "", "to"),
        identity=("from", "state", "reason"),
        well={"state": "ok"},
    )

    from_: Annotated[
        str, Meaning('machine that sent it; "" when unknown, host for the machine of the operator', "worker2")
    ] = ""
    from_role: Annotated[str, Meaning("what the sender is", "vm", values=("host", "vm", ""))] = ""
    to: Annotated[
        str, Meaning("name or address that was pinged (the VM's or node's name where it can be told)", "worker1")
    ] = ""
    to_ip: Annotated[str, Meaning("address that was pinged", "10.0.0.1")] = ""
    state: Annotated[
        str, Meaning("ok: no loss; lossy: some replies; failed: none", "failed", values=("ok", "lossy", "failed"))
    ] = ""
    reason: Annotated[
        str,
        Meaning(
            "why it failed",
            "unreachable",
            values=("", "unreachable", "timeout", "no-route", "unknown-host", "prohibited"),
        ),
    ] = ""
    loss_percent: Annotated[float, Meaning("packets lost", 100.0, unit="%")] = 0.0
    rtt_ms: Annotated[float, Meaning("mean round trip; 0 when nothing came back", 0.0, unit="ms")] = 0.0


class PathMtuFact(TypedFact, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Small packets arrive and big ones get lost on the way to a machine or Pod, by pings of several sizes."""

    KIND: ClassVar[FactKind] = FactKind(
        name="path_mtu",
        layer="cni",
        coverage="ping",
        scope="from",
        subject=("=Network", "", "to"),
        identity=("from", "lost"),
    )

    from_: Annotated[str, Meaning('machine that sent them; "" when unknown', "worker2")] = ""
    to: Annotated[str, Meaning("name or address that was pinged", "10.0.3.44")] = ""
    to_ip: Annotated[str, Meaning("address that was pinged", "10.0.3.44")] = ""
    passes: Annotated[int, Meaning("the biggest packet that arrived", 1328, unit="bytes")] = 0
    lost: Annotated[int, Meaning("the smallest packet that got lost", 1428, unit="bytes")] = 0


class SshFact(TypedFact, frozen=True, kw_only=True):
    """The result of one SSH connection."""

    KIND: ClassVar[FactKind] = FactKind(
        name="ssh",
        layer="ssh",
        coverage="ssh",
        scope="to",
        subject=("=Node", "", "to"),
        identity=("state", "reason"),
        well={"state": "ok"},
    )

    to: Annotated[
        str, Meaning("name or address of the machine (the VM's or node's name where it can be told)", "worker1")
    ] = ""
    to_ip: Annotated[str, Meaning('address that was tried, "" when unknown', "10.0.0.1")] = ""
    port: Annotated[int, Meaning("TCP port", 22)] = 0
    state: Annotated[str, Meaning("how it ended", "failed", values=("ok", "failed"))] = ""
    reason: Annotated[
        str,
        Meaning(
            "why it failed",
            "refused",
            values=(
                "",
                "refused",
                "timeout",
                "no-route",
                "auth",
                "hostkey-changed",
                "hostkey-unknown",
                "closed",
                "reset",
                "dns",
                "too-many-failures",
                "sudo-denied",
                "no-key",
                "other",
            ),
        ),
    ] = ""


class ConnectionFact(TypedFact, frozen=True, kw_only=True, rename={"from_": "from"}):
    """The result of one TCP connection from a machine to an API server."""

    KIND: ClassVar[FactKind] = FactKind(
        name="connection",
        layer="vm-network",
        coverage="ssh",
        scope="from",
        subject=("=Network", "", "to"),
        identity=("from", "port", "state", "reason"),
        well={"state": "ok"},
    )

    from_: Annotated[str, Meaning('machine that tried, "" when unknown', "worker1")] = ""
    to: Annotated[
        str, Meaning("name of the machine that was tried, where it can be told, else its address", "master")
    ] = ""
    to_ip: Annotated[str, Meaning("address that was tried", "10.0.0.1")] = ""
    port: Annotated[int, Meaning("TCP port", 6443)] = 0
    state: Annotated[str, Meaning("how it ended", "failed", values=("ok", "failed"))] = ""
    reason: Annotated[
        str, Meaning("why it failed", "refused", values=("", "refused", "timeout", "no-route", "dns", "reset", "other"))
    ] = ""


class PortFact(TypedFact, frozen=True, kw_only=True):
    """A well-known TCP port of Kubernetes or SSH on which a node listens (`ss -ltn`)."""

    KIND: ClassVar[FactKind] = FactKind(
        name="port", layer="node", coverage="ssh", scope="node", subject=("=Node", "", "node"), identity=("port",)
    )

    node: Annotated[str, Meaning('machine, "" when unknown', "worker1")] = ""
    port: Annotated[int, Meaning("TCP port", 10248)] = 0
    address: Annotated[str, Meaning("address it is bound to; * for all", "127.0.0.1")] = ""


class BadChecksumFact(TypedFact, frozen=True, kw_only=True):
    """Packets whose checksum was wrong where they were captured: also those that a network card had still to complete."""

    KIND: ClassVar[FactKind] = FactKind(
        name="bad_checksum", layer="cni", subject=("=Node", "", "node"), identity=("source", "target")
    )

    node: Annotated[str, Meaning("where they were captured, or empty", "w1")] = ""
    source: Annotated[str, Meaning("address of the sender", "10.244.0.5")] = ""
    target: Annotated[str, Meaning("address of the receiver", "10.96.0.10")] = ""
    port: Annotated[int, Meaning("port of the receiver, 0 when not known", 53)] = 0
    protocol: Annotated[str, Meaning("the protocol", "udp", values=("udp", "tcp", "icmp", "icmp6"))] = ""
    count: Annotated[int, Meaning("packets", 7)] = 0
