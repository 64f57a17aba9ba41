"""Commits near an incident: what they change of manifests, and that a repository runs nothing on this machine."""

import os
import stat
import subprocess
from pathlib import Path

import msgspec
import pytest

from facts.collect.git.history import read_commits
from facts.collect.git.manifest_changes import ManifestChange, manifest_changes
from facts.model.values import CoverageState

NOON = 1_772_366_400.0
"""2026-03-01T12:00:00Z"""

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  template:
    spec:
      containers:
      - name: app
        image: shop/cart:1
        args:
        - --port=80
        env:
        - name: PAYMENT_ADDR
          value: payment:50051
        resources:
          limits:
            memory: 64Mi
"""


class Repository:
    """A repository in a folder, with commits at chosen moments."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q")

    def git(self, *words: str, at: str = "2026-03-01T11:50:00Z") -> str:
        """Run git, without the configuration of whoever runs the tests."""
        who = {f"GIT_{role}_{part}": "a@b.example" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
        none = {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_COMMITTER_DATE": at,
            "GIT_AUTHOR_DATE": at,
        }
        done = subprocess.run(
            ["git", "-C", str(self.folder), *words],
            env={**os.environ, **who, **none},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def commit(self, path: str, text: str, subject: str = "change", at: str = "2026-03-01T11:50:00Z") -> None:
        """Write a file and commit it."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", subject, at=at)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Give a repository with a Deployment that was committed long ago."""
    made = Repository(tmp_path / "manifests")
    made.commit("deploy/cart.yaml", DEPLOYMENT, at="2026-01-01T12:00:00Z")
    return made


def _read(repository: Repository) -> list[tuple[str, str, list[ManifestChange]]]:
    """Return subject, moment and changes of the commits that are read."""
    collected = read_commits(str(repository.folder), NOON)
    assert [each.state for each in collected.coverage] == [CoverageState.COMPLETE]
    items = [item for one in collected.observations for item in msgspec.json.decode(one.body)["items"]]
    return [
        (item["spec"]["subject"], item["metadata"]["creationTimestamp"], msgspec.convert(item["spec"]["changes"], list[ManifestChange]))
        for item in items
    ]  # fmt: skip


def test_a_commit_is_read_with_what_it_changes(repository: Repository) -> None:
    """The object, the fields in words, both values; commits of long ago are left out."""
    broken = (
        DEPLOYMENT.replace("50051", "5051")
        .replace("64Mi", "32Mi")
        .replace("--port", "--prt")
        .replace("cart:1", "cart:2")
    )
    repository.commit("deploy/cart.yaml", broken, "new port")
    ((subject, moment, changes),) = _read(repository)
    assert (subject, moment) == ("new port", "2026-03-01T11:50:00Z")
    assert {(each.kind, each.namespace, each.name) for each in changes} == {("Deployment", "shop", "cart")}
    assert [(each.field, each.before, each.after) for each in changes] == [
        ("image", "shop/cart:1", "shop/cart:2"),
        ("args", "--port=80", "--prt=80"),
        ("env PAYMENT_ADDR", "payment:50051", "payment:5051"),
        ("limits memory", "64Mi", "32Mi"),
    ]


def test_a_file_that_is_new_is_a_created_object(repository: Repository) -> None:
    """And one that is gone a deleted one."""
    policy = "kind: NetworkPolicy\nmetadata:\n  name: closed\nspec:\n  podSelector: {}\n"
    repository.commit("policy.yaml", policy, "close it")
    repository.git("rm", "-q", "policy.yaml")
    repository.git("commit", "-q", "-m", "open it", at="2026-03-01T11:55:00Z")
    told = {
        (subject, each.action, each.kind, each.name) for subject, _, changes in _read(repository) for each in changes
    }
    assert told == {
        ("close it", "created", "NetworkPolicy", "closed"),
        ("open it", "deleted", "NetworkPolicy", "closed"),
    }


def test_each_document_of_a_file_is_an_object_of_its_own() -> None:
    """A change belongs to the document in which it stands."""
    patch = [
        "diff --git a/all.yaml b/all.yaml", "@@ -1,9 +1,9 @@", " kind: Service", " metadata:", "   name: front", " spec: {}", " ---",
        " kind: Deployment", " metadata:", "   name: cart", " spec:", "-  replicas: 2", "+  replicas: 0",
    ]  # fmt: skip
    (change,) = manifest_changes(patch)
    assert (change.name, change.field, change.before, change.after) == ("cart", "replicas", "2", "0")


def test_a_file_without_an_object_is_told_by_its_path() -> None:
    """The values of a chart; comments and blank lines are no change."""
    patch = [
        "diff --git a/charts/cart/values.yaml b/charts/cart/values.yaml", "@@ -1,4 +1,4 @@", " image:", "-  tag: v1", "+  tag: v2",
        "-# old", "+# new", "+",
    ]  # fmt: skip
    (change,) = manifest_changes(patch)
    assert (change.path, change.kind, change.field, change.after) == ("charts/cart/values.yaml", "", "image tag", "v2")


@pytest.mark.parametrize("folder", ["nothing", "plain"])
def test_what_is_no_repository_is_coverage(tmp_path: Path, folder: str) -> None:
    """A folder that is missing, and one without a repository."""
    (tmp_path / "plain").mkdir()
    collected = read_commits(str(tmp_path / folder), NOON)
    assert [(each.collector, each.state) for each in collected.coverage] == [("git", CoverageState.FAILED)]
    assert collected.observations == ()


HOSTILE = {
    "core.fsmonitor": "{program}",
    "core.hooksPath": "{folder}",
    "core.pager": "{program}",
    "core.sshCommand": "{program}",
    "core.alternateRefsCommand": "{program}",
    "diff.external": "{program}",
    "diff.evil.command": "{program}",
    "diff.evil.textconv": "{program}",
    "filter.evil.clean": "{program}",
    "filter.evil.smudge": "{program}",
    "log.showSignature": "true",
    "gpg.program": "{program}",
    "pager.log": "{program}",
    "alias.log": "!{program}",
    "remote.origin.url": "ext::{program}",
    "remote.origin.uploadpack": "{program}",
    "remote.origin.promisor": "true",
    "remote.origin.partialclonefilter": "blob:none",
    "protocol.ext.allow": "always",
    "protocol.file.allow": "always",
    "protocol.allow": "always",
    "extensions.partialClone": "origin",
}


@pytest.mark.parametrize("missing", [False, True])
def test_a_repository_runs_nothing(repository: Repository, tmp_path: Path, *, missing: bool) -> None:
    """Whatever its configuration and attributes name; not even to fetch an object that it lacks."""
    marker, program = tmp_path / "ran", tmp_path / "programs" / "post-index-change"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ntouch {marker}\ncat\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    repository.commit("deploy/cart.yaml", DEPLOYMENT.replace("50051", "5051"), "new port")
    (repository.folder / ".git" / "info").mkdir(exist_ok=True)
    (repository.folder / ".git" / "info" / "attributes").write_text("*.yaml diff=evil filter=evil\n")
    blob = repository.git("rev-parse", "HEAD:deploy/cart.yaml").strip()
    repository.git("config", "core.repositoryFormatVersion", "1")
    for name, value in HOSTILE.items():
        repository.git("config", name, value.format(program=program, folder=program.parent))
    if missing:
        (repository.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    collected = read_commits(str(repository.folder), NOON)
    assert not marker.exists()
    assert collected.coverage[0].state is (CoverageState.FAILED if missing else CoverageState.COMPLETE)
