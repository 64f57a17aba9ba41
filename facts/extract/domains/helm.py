"""Helm releases that are not simply deployed: failed, or stuck in the middle of an operation."""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.objects import labels_of
from facts.model.schema.domains.configuration import HelmReleaseFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_SETTLED = frozenset({"deployed", "superseded", "uninstalled", ""})


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `helm_release` fact for each release whose last revision is not settled."""
    # older snapshots call a release HelmRelease, which is now a kind of Flux
    for release in (*index.store.of_kind("Release"), *index.store.of_kind("HelmRelease")):
        labels = labels_of(release.body)
        status, version = labels.get("status", ""), labels.get("version", "")
        if status in _SETTLED:
            continue
        yield new_fact(
            HelmReleaseFact(
                namespace=release.namespace,
                name=release.name,
                status=status,
                revision=int(version) if version.isascii() and version.isdigit() else 0,
            ),
            release.source,
            f"release {release.name}, revision {version}: {status}",
        )
