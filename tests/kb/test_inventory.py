"""The inventory: read with all its mistakes at once, each with its place; not needed for one cluster."""

from pathlib import Path

import pytest

from facts.model.errors import UsageError
from kb.live.inventory import InventoryCluster, InventoryNode, find_inventory, read_inventory
from kb.live.targets import Live, requests_of

WHOLE = """\
clusters:
  - name: prod
    kubeconfig: kube/prod.yaml
    context: admin@prod
    ssh: {user: admin, key: keys/lab, port: 2222}
    vm: {manager: tart, name: prod-*}
    nodes:
      - {name: prod-master, address: 192.168.64.3}
      - {name: bare}
  - name: dev
"""


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KUBECONFIG", "KBDIAG_CONFIG", "KBDIAG_SSH_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def test_everything_is_read(tmp_path: Path) -> None:
    """Paths are relative to the file; what is left out is None or empty."""
    path = tmp_path / "kbdiag.yaml"
    path.write_text(WHOLE)
    prod, dev = read_inventory(path).clusters
    assert prod == InventoryCluster(
        "prod",
        str(tmp_path / "kube/prod.yaml"),
        "admin@prod",
        "admin",
        str(tmp_path / "keys/lab"),
        2222,
        "tart",
        "prod-*",
        (InventoryNode("prod-master", "192.168.64.3"), InventoryNode("bare")),
    )
    assert dev == InventoryCluster("dev")


def test_all_mistakes_are_told_with_their_place(tmp_path: Path) -> None:
    """Line and column of each, and what to do about it."""
    path = tmp_path / "kbdiag.yaml"
    path.write_text(
        "clusters:\n"
        "  - name: a\n"
        "    contxt: x\n"
        "    ssh: {port: 99999}\n"
        "    vm: {manager: tarrt}\n"
        "  - name: a\n"
        "    nodes: [{address: 1.2.3.4}]\n"
        "  - kubeconfig: -x\n"
    )
    with pytest.raises(UsageError) as caught:
        read_inventory(path)
    told = [line.removeprefix(f"{path}:") for line in str(caught.value).splitlines()]
    assert told == [
        "3:5: unknown key contxt (did you mean context?)",
        "4:17: a TCP port is expected here (a number from 1 to 65535)",
        "5:19: tarrt is not possible here (did you mean tart?)",
        "7:13: the key name is missing",
        "6:5: the name a stands here twice (choose another name)",
        "8:5: the key name is missing",
        "8:17: '-x' is not possible here (a name starts with a letter or a digit)",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1:1: one document with a list of clusters is expected here (kbdiag init writes one)"),
        ("clusters: []\n", "1:11: there is no cluster in this list (kbdiag init finds them)"),
        ("clusters: {a: b}\n", "1:11: a list is expected here (start each member with a dash)"),
        ("clusters: [\n", "2:1: this is not YAML"),
        ("cluster: []\n", "1:1: unknown key cluster (did you mean clusters?)"),
    ],
)
def test_a_file_without_clusters_is_told(tmp_path: Path, text: str, told: str) -> None:
    """The first line says where and what."""
    path = tmp_path / "kbdiag.yaml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        read_inventory(path)
    assert str(caught.value).startswith(f"{path}:{told}")


def test_it_is_found_in_the_working_directory_or_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without either there is none; a path in the environment that is wrong is told."""
    assert find_inventory() is None
    (tmp_path / "kbdiag.yaml").write_text(WHOLE)
    found = find_inventory()
    assert found is not None
    assert [one.name for one in found.clusters] == ["prod", "dev"]
    monkeypatch.setenv("KBDIAG_CONFIG", "nowhere.yaml")
    with pytest.raises(UsageError, match=r"nowhere\.yaml: no such file; KBDIAG_CONFIG names it"):
        find_inventory()


def test_what_it_tells_reaches_the_collectors(tmp_path: Path) -> None:
    """SSH, VMs and nodes come from the inventory, and options of the command line win."""
    (tmp_path / "kbdiag.yaml").write_text(WHOLE)
    (request,) = requests_of(Live(clusters=("prod",), ssh_user="me", nodes=("x=1.2.3.4",)))
    assert (request.cluster, request.context, request.vm_manager, request.vms) == (
        "prod",
        "admin@prod",
        "tart",
        "prod-*",
    )
    assert (request.ssh.user, request.ssh.port) == ("me", 2222)
    assert request.nodes == ("x=1.2.3.4", "prod-master=192.168.64.3", "bare")


def test_the_only_cluster_need_not_be_named(tmp_path: Path) -> None:
    """With one cluster in the inventory, and no other wish, that one is meant."""
    (tmp_path / "kbdiag.yaml").write_text("clusters:\n  - {name: lab, context: lab-admin}\n")
    (request,) = requests_of(Live())
    assert (request.cluster, request.context) == ("lab", "lab-admin")


def test_a_context_finds_its_entry(tmp_path: Path) -> None:
    """--context takes what the inventory tells of the cluster with that context."""
    (tmp_path / "kbdiag.yaml").write_text(WHOLE)
    (request,) = requests_of(Live(context="admin@prod"))
    assert request.ssh.user == "admin"
    (other,) = requests_of(Live(context="else"))
    assert (other.cluster, other.ssh.user) == ("", None)


def test_nothing_is_needed_for_one_cluster() -> None:
    """Without inventory and kubeconfig there is one target, and the collector tells what is missing."""
    (request,) = requests_of(Live(timeout=5.0))
    assert (request.cluster, request.kubeconfig, request.context, request.nodes) == ("", None, None, ())


def test_an_unknown_cluster_gets_a_hint(tmp_path: Path) -> None:
    """The names that there are."""
    (tmp_path / "kbdiag.yaml").write_text(WHOLE)
    with pytest.raises(UsageError, match=r"kbdiag\.yaml has no cluster prdo \(did you mean prod\?\)"):
        requests_of(Live(clusters=("prdo",)))
