"""`kbdiag init`: an inventory from what there is, that is read again as it was written."""

from pathlib import Path

import pytest

from kb.live.inventory import InventoryCluster, InventoryNode, read_inventory
from tests.kb.clusters import clusters
from tests.kb.rulebook import kbdiag
from tests.made_cluster import node

TART = """#!/bin/sh
case "$1" in
list) echo '[{"Name": "lab-master", "State": "running", "Source": "local"}, {"Name": "lab-worker1", "State": "running", "Source": "local"}]' ;;
get) echo '{"CPU": 2, "Memory": 4096, "Disk": 20}' ;;
ip) case "$2" in lab-master) echo 192.168.64.3 ;; *) echo 192.168.64.4 ;; esac ;;
esac
"""


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("KUBECONFIG", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "KBDIAG_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def test_clusters_and_nodes_are_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cluster has its context and nodes; one that does not answer is there too, with the reason as a comment."""
    objects = {"/api/v1/nodes": [node("lab-master", "192.168.64.3"), node("lab-worker1", "192.168.64.4")]}
    with clusters(tmp_path, gone={}) as (gone, _):
        (tmp_path / "kubeconfig").rename(tmp_path / "own")
        (tmp_path / "kubeconfig").mkdir()
        Path(gone).rename(tmp_path / "kubeconfig/gone.yaml")
    with clusters(tmp_path / "own" if (tmp_path / "own").is_dir() else _folder(tmp_path), lab=objects) as (config, _):
        monkeypatch.setenv("KUBECONFIG", config)
        result = kbdiag("init")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[0] == "lab: 2 nodes"
    assert result.output.splitlines()[-1] == "written to kbdiag.yaml"
    lab, other = read_inventory(tmp_path / "kbdiag.yaml").clusters
    assert lab == InventoryCluster(
        "lab",
        context="lab",
        nodes=(InventoryNode("lab-master", "192.168.64.3"), InventoryNode("lab-worker1", "192.168.64.4")),
    )
    assert (other.name, other.kubeconfig, other.nodes) == ("gone", str(tmp_path / "kubeconfig/gone.yaml"), ())
    text = (tmp_path / "kbdiag.yaml").read_text()
    assert "# its nodes could not be asked for (connection refused: nothing listens there):" in text


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "servers"
    folder.mkdir()
    return folder


def test_vms_of_the_nodes_are_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """VMs whose names or addresses are those of nodes give the manager and the pattern of names."""
    tart = tmp_path / "bin/tart"
    tart.parent.mkdir()
    tart.write_text(TART)
    tart.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tart.parent}:/usr/bin:/bin")
    objects = {"/api/v1/nodes": [node("lab-master", "192.168.64.3")]}
    with clusters(tmp_path, lab=objects) as (config, _):
        monkeypatch.setenv("KUBECONFIG", config)
        assert kbdiag("init").exit_code == 0
    (lab,) = read_inventory(tmp_path / "kbdiag.yaml").clusters
    assert (lab.vm_manager, lab.nodes[0]) == ("tart", InventoryNode("lab-master", "192.168.64.3"))


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file that is there stays as it is, unless --force says otherwise."""
    (tmp_path / "kbdiag.yaml").write_text("mine\n")
    with clusters(tmp_path, lab={}) as (config, _):
        own = {"KUBECONFIG": config}
        result = kbdiag("init", "--no-look", env=own)
        assert result.exit_code == 2
        assert result.output == "kbdiag: kbdiag.yaml: is there already; edit it, or replace it with --force\n"
        assert (tmp_path / "kbdiag.yaml").read_text() == "mine\n"
        assert kbdiag("init", "--no-look", "--force", env=own).exit_code == 0
    assert [one.name for one in read_inventory(tmp_path / "kbdiag.yaml").clusters] == ["lab"]


def test_nothing_is_asked_without_a_look(tmp_path: Path) -> None:
    """--no-look reads kubeconfigs only."""
    with clusters(tmp_path, lab={}) as (config, servers):
        assert kbdiag("init", "--no-look", env={"KUBECONFIG": config}).output.startswith("lab: not asked for nodes\n")
        assert servers["lab"].asks == []


def test_without_a_kubeconfig_there_is_nothing_to_write(tmp_path: Path) -> None:
    """Where one was looked for is told, with status 1."""
    result = kbdiag("init")
    assert result.exit_code == 1
    assert result.output.startswith("kbdiag: there is no kubeconfig at ~/.kube/config or in ./kubeconfig;")
    assert not (tmp_path / "kbdiag.yaml").exists()


def test_a_broken_kubeconfig_is_one_line_without_its_secrets(tmp_path: Path) -> None:
    """The place of the mistake, and nothing of what stands there."""
    (tmp_path / "broken").write_text("users:\n- name: x\n  user: {token: s3cr3t-token-0\n")
    result = kbdiag("init", env={"KUBECONFIG": "broken"})
    assert result.exit_code == 1
    assert result.output == "kbdiag: broken:4:1: not a kubeconfig; mend or replace it\n"
