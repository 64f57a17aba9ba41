"""Write kbdiag.yaml: which clusters there are, and how to get into their machines."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import msgspec

from facts.collect.concurrency.progress import part_of
from facts.model.errors import UsageError
from kb.live.inventory import FILE
from kb.live.kubeconfigs import Context, contexts_of, default_kubeconfig
from kb.live.looking import looking
from kb.live.saving import slug
from kb.terminal.exit_status import NOTHING_OBSERVED, OK
from kb.terminal.visible import visible

_HELP = """Find the clusters and their machines, and write them down in kbdiag.yaml in the working directory.

Looked at are the contexts of $KUBECONFIG or ~/.kube/config and of kubeconfig/*.yaml below the working directory, the
nodes that each API server tells, and the VMs of the VM managers that are installed. Nothing is changed anywhere else.

`kbdiag infer` works without the file; it helps with many clusters, with machines that the API does not know, and where
SSH needs another user or key. It is looked for in the working directory, or where $KBDIAG_CONFIG points.

Exit status: 0 written; 1 there is no kubeconfig, or no API server told its nodes (the file is written all the same);
2 bad usage; 70 internal error.
"""
_SECONDS = 8.0
"""How long an API server and the VM managers may take."""
_HEAD = """\
# The clusters that kbdiag knows; written by `kbdiag init`, and yours to change.
#   kbdiag infer --cluster NAME      looks at one of them
#   kbdiag infer --all-contexts      looks at all of them at once
# Paths are relative to this file. All but `name` may be left out.
clusters:
"""
_SSH = """\
    # How to enter the machines, where ~/.ssh/config does not say it:
    # ssh: {user: admin, key: ~/.ssh/id_ed25519, port: 22}
"""


class Found(msgspec.Struct, frozen=True):
    """What was found of a cluster: its context, and names and addresses of its nodes; `why` tells why it has none."""

    context: Context
    nodes: tuple[tuple[str, str], ...] = ()
    why: str = ""


@click.command(help=_HELP)
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.option(
    "--no-look", "look", flag_value=False, default=True, type=bool, help="Do not ask the API servers and VM managers."
)
def command(force: bool, look: bool) -> int:
    """Find clusters, write the file, and say what is in it."""
    path = Path(os.environ.get("KBDIAG_CONFIG") or FILE).expanduser()
    if path.exists() and not force:
        raise UsageError(f"{path}: is there already; edit it, or replace it with --force")
    contexts = list(_contexts())
    if not contexts:
        click.echo(
            f"kbdiag: there is no kubeconfig at {default_kubeconfig()} or in ./kubeconfig; nothing written", err=True
        )
        return NOTHING_OBSERVED
    with looking():
        found = _ask(contexts) if look else [Found(context) for context in contexts]
        vms = _vms() if look else ()
    path.write_text(written(found, vms, path.parent), encoding="utf-8")
    for one in found:
        nodes = (
            f"{len(one.nodes)} node{'s' * (len(one.nodes) != 1)}"
            if one.nodes
            else one.why or ("no nodes" if look else "not asked for nodes")
        )
        click.echo(visible(f"{one.context.name}: {nodes}"))
    click.echo(visible(f"written to {path}"))
    if look and not any(one.nodes for one in found):
        click.echo("kbdiag: no API server told its nodes; see above why, and run it again with --force", err=True)
        return NOTHING_OBSERVED
    return OK


def _contexts() -> Iterator[Context]:
    """Yield a context for each cluster, of the default kubeconfig and of those below the working directory."""
    places: list[str | None] = [None] if _is_there(default_kubeconfig()) else []
    places += [str(path) for path in sorted(Path("kubeconfig").glob("*.y*ml"))]
    seen: set[str] = set()
    for place in places:
        for context in sorted(contexts_of(place), key=lambda one: not one.current):
            if context.server not in seen:
                seen.add(context.server)
                yield context


def _is_there(paths: str) -> bool:
    return any(Path(path).expanduser().is_file() for path in paths.split(os.pathsep) if path)


def _ask(contexts: Sequence[Context]) -> list[Found]:
    from functools import partial

    from facts.collect.concurrency.parallel import run_all

    asked = run_all([partial(_nodes_of, context) for context in contexts], 16, _SECONDS + 1)
    return [one or Found(context, why="no answer in time") for context, one in zip(contexts, asked, strict=True)]


def _nodes_of(context: Context) -> Found:
    import time

    from facts.cluster.node_address import internal_ip
    from facts.cluster.objects import Node
    from facts.collect.api.client import connect
    from facts.collect.api.error import ApiError

    class Nodes(msgspec.Struct):
        items: tuple[Node, ...] = ()

    try:
        with part_of(context.name):
            connection = connect(context.kubeconfig, context.name)
            body = connection.get("/api/v1/nodes", {"limit": 500}, time.monotonic() + _SECONDS, retries=0)
        nodes = msgspec.json.decode(body, type=Nodes).items
    except ApiError as error:
        return Found(context, why=error.why)
    except msgspec.DecodeError:
        return Found(context, why="the answer is no list of nodes")
    return Found(context, tuple((node.metadata.name, internal_ip(node)) for node in nodes))


def _vms() -> tuple[tuple[str, str, str], ...]:
    """Return manager, name and address of the VMs here."""
    from facts.cluster.store import Store
    from facts.cluster.virtual_machine import virtual_machines
    from facts.collect.collector import Request
    from facts.collect.collectors.vms import collect
    from facts.model.values import Snapshot

    seen = collect(Request(timeout=_SECONDS))
    return tuple((vm.manager, vm.name, vm.ip) for vm in virtual_machines(Store(Snapshot(seen.observations))))


def written(found: Sequence[Found], vms: Sequence[tuple[str, str, str]], folder: Path) -> str:
    """Return the text of the file, with a comment where something may be added."""
    names: list[str] = []
    text = _HEAD
    for one in found:
        name = slug(one.context.name) or "cluster"
        while name in names:
            name += "-2"
        names.append(name)
        text += f"  - name: {_quoted(name)}\n"
        if one.context.kubeconfig != default_kubeconfig():
            text += f"    kubeconfig: {_quoted(_relative(one.context.kubeconfig, folder))}\n"
        text += f"    context: {_quoted(one.context.name)}\n"
        if one.context.server:
            text += f"    # the API server is {visible(one.context.server)}\n"
        text += _SSH
        text += _machines(one, vms)
    return text


def _machines(one: Found, vms: Sequence[tuple[str, str, str]]) -> str:
    nodes = dict(one.nodes)
    own = [vm for vm in vms if vm[1] in nodes or vm[2] in nodes.values()]
    text = ""
    if own:
        pattern = _pattern([name for _, name, _ in own])
        text += (
            f"    vm: {{manager: {own[0][0]}, name: {_quoted(pattern)}}}\n"
            if pattern
            else f"    vm: {{manager: {own[0][0]}}}\n"
        )
        nodes |= {name: address or nodes.get(name, "") for _, name, address in own}
    elif vms:
        text += f"    # VMs here: {visible(', '.join(name for _, name, _ in vms))}; tell which are its own:\n"
        text += f"    # vm: {{manager: {vms[0][0]}, name: prod-*}}\n"
    if not nodes:
        why = f"could not be asked for ({visible(one.why)})" if one.why else "are not known"
        return text + f"    # its nodes {why}:\n    # nodes:\n    #   - {{name: worker1, address: 192.168.64.3}}\n"
    text += "    nodes:\n"
    for name, address in sorted(nodes.items()):
        text += f"      - {{name: {_quoted(name)}" + (f", address: {_quoted(address)}}}\n" if address else "}\n")
    return text


def _pattern(names: Sequence[str]) -> str:
    """Return the beginning that all names share, up to a dash, with a star; "" when they share none."""
    first, last = min(names), max(names)
    shared = next((n for n, (one, two) in enumerate(zip(first, last, strict=False)) if one != two), len(first))
    start, dash, _ = first[:shared].rpartition("-")
    return f"{start}-*" if dash and start else ""


def _relative(path: str, folder: Path) -> str:
    """Return a path as it is written in a file that lies in `folder`."""
    whole = Path(path).expanduser().absolute()
    return str(whole.relative_to(folder.absolute())) if whole.is_relative_to(folder.absolute()) else str(whole)


def _quoted(text: str) -> str:
    """Return `text` as a YAML scalar, in quotes where it needs them."""
    import json
    import re

    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9._/@-]*|[0-9]+(?:\.[0-9]+){3}", text) else json.dumps(text)
