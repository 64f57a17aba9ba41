"""Volumes that a driver cannot attach to a node, or detach from it."""

from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.objects import VolumeAttachment
from facts.model.schema.domains.storage import VolumeAttachmentFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact


def extract(index: Index) -> Iterator[Fact]:
    """Yield `volume_attachment` facts."""
    for attachment in index.store.every(VolumeAttachment):
        spec, status = attachment.body.spec, attachment.body.status
        for problem, error in (("attach", status.attach_error), ("detach", status.detach_error)):
            if error is not None:
                attributes = VolumeAttachmentFact(
                    name=attachment.name,
                    driver=spec.attacher,
                    node=spec.node_name,
                    pv=spec.source.persistent_volume_name,
                    problem=problem,
                    message=error.message,
                )
                yield new_fact(attributes, attachment.source, error.message)
