"""Claims, volumes and attachments."""

from typing import Annotated, ClassVar

from facts.model.schema.domains.pods import OfPod
from facts.model.schema.kind import FactKind, Meaning, TypedFact


class PvcFact(TypedFact, frozen=True, kw_only=True):
    """A PersistentVolumeClaim that is not Bound."""

    KIND: ClassVar[FactKind] = FactKind(
        name="pvc",
        coverage="kubernetes/persistentvolumeclaims",
        scope="namespace",
        subject=("=PersistentVolumeClaim", "namespace", "name"),
        symptom="PersistentVolumeClaim {namespace}/{name} is {phase}",
        layer="storage",
    )

    namespace: Annotated[str, Meaning("its namespace", "demo")] = ""
    name: Annotated[str, Meaning("its name", "data")] = ""
    phase: Annotated[str, Meaning("its phase", "Pending", values=("Pending", "Lost", "Bound", "missing"))] = ""
    storage_class: Annotated[str, Meaning("storage class that it names, empty when none", "fast")] = ""
    class_exists: Annotated[str, Meaning("whether that class exists", "false", values=("true", "false", "unknown"))] = (
        ""
    )
    default_class: Annotated[
        str, Meaning("whether the cluster has a default class", "unknown", values=("true", "false", "unknown"))
    ] = ""
    waits_for_consumer: Annotated[
        bool, Meaning("the class binds on first use and no Pod uses the claim yet: not a fault", False)
    ] = False
    access_modes: Annotated[str, Meaning("access modes, comma separated", "ReadWriteOnce")] = ""
    size: Annotated[str, Meaning("requested size as written", "10Gi")] = ""
    reason: Annotated[
        str, Meaning("reason of its last Warning event: ProvisioningFailed, ...", "ProvisioningFailed")
    ] = ""
    message: Annotated[str, Meaning("message of that event", 'storageclass.storage.k8s.io "fast" not found')] = ""


class PodPvcFact(OfPod, frozen=True, kw_only=True):
    """An unhealthy Pod uses a claim that is not Bound."""

    KIND: ClassVar[FactKind] = FactKind(
        name="pod_pvc",
        layer="storage",
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("=Pod", "namespace", "pod"),
        compared=False,
    )

    pvc: Annotated[str, Meaning("name of the claim", "data")] = ""


class PvFact(TypedFact, frozen=True, kw_only=True):
    """A PersistentVolume that is Failed or Released, or one that a Pod in trouble mounts."""

    KIND: ClassVar[FactKind] = FactKind(
        name="pv",
        layer="storage",
        coverage="kubernetes/persistentvolumes",
        key="name",
        subject=("=PersistentVolume", "", "name"),
        identity=("phase",),
        well={"phase": "Bound"},
    )

    name: Annotated[str, Meaning("its name", "pv1")] = ""
    phase: Annotated[
        str, Meaning("its phase", "Bound", values=("Available", "Bound", "Released", "Failed", "Pending"))
    ] = ""
    storage_class: Annotated[str, Meaning("its class", "")] = ""
    source: Annotated[
        str, Meaning("its volume source: nfs, hostPath, local, csi, awsElasticBlockStore, ...", "csi")
    ] = ""
    claim: Annotated[str, Meaning("namespace/name of its claim, or empty", "demo/data")] = ""
    driver: Annotated[str, Meaning("CSI driver, or empty", "ebs.csi.aws.com")] = ""


class PodVolumeFact(OfPod, frozen=True, kw_only=True):
    """A volume that can bite: an NFS volume mounted by a Pod whose securityContext sets fsGroup."""

    KIND: ClassVar[FactKind] = FactKind(
        name="pod_volume",
        layer="storage",
        coverage="kubernetes/pods",
        scope="namespace",
        subject=("=Pod", "namespace", "pod"),
        compared=False,
    )

    volume: Annotated[str, Meaning("name of the volume or claim", "d")] = ""
    source: Annotated[str, Meaning("volume source: nfs, hostPath, ...", "nfs")] = ""
    server: Annotated[str, Meaning("NFS server, or empty", "10.0.0.9")] = ""
    fs_group: Annotated[str, Meaning("fsGroup, or empty", "2000")] = ""
    run_as_user: Annotated[str, Meaning("runAsUser, or empty", "1000")] = ""


class VolumeAttachmentFact(TypedFact, frozen=True, kw_only=True):
    """A volume that a CSI driver cannot attach to a node, or detach from it."""

    KIND: ClassVar[FactKind] = FactKind(
        name="volume_attachment",
        layer="storage",
        coverage="kubernetes/volumeattachments",
        subject=("=PersistentVolume", "", "pv"),
        identity=("problem",),
    )

    name: Annotated[str, Meaning("name of the VolumeAttachment", "csi-1")] = ""
    driver: Annotated[str, Meaning("CSI driver", "csi.example")] = ""
    node: Annotated[str, Meaning("name of the node", "w1")] = ""
    pv: Annotated[str, Meaning("name of the PersistentVolume", "pv-1")] = ""
    problem: Annotated[str, Meaning("what failed", "attach", values=("attach", "detach"))] = ""
    message: Annotated[str, Meaning("what the driver says", "volume is in use")] = ""
