"""Who needs whom, told by the objects; nothing is told about what is well."""

from facts.model.values import Evidence
from tests.facts.given import Object, crashing, evidence, facts, metadata, node, pod

SERVICE: Object = {"kind": "Service", "metadata": metadata("web"), "spec": {"selector": {"app": "web"}}}
INGRESS: Object = {
    "kind": "Ingress",
    "metadata": metadata("front"),
    "spec": {"rules": [{"http": {"paths": [{"backend": {"service": {"name": "web"}}}]}}]},
}


def _told(found: Evidence) -> set[tuple[str, str, str]]:
    return {
        (f"{each['from_kind']} {each['from_name']}", each["how"], f"{each['to_kind']} {each['to_name']}")
        for each in facts(found, "dependency")
    }


def test_a_workload_in_trouble_needs_its_nodes_volumes_and_configuration() -> None:
    """The Pods tell what they run on and what they use."""
    spec = {
        "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data-0"}}],
        "containers": [
            {
                "name": "app",
                "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "a"}}}],
                "envFrom": [{"configMapRef": {"name": "settings"}}, {"configMapRef": {"name": "x", "optional": True}}],
            }
        ],
    }
    assert _told(evidence(crashing(spec=spec))) == {
        ("Deployment web", "runs-on", "Node worker1"),
        ("Deployment web", "uses", "PersistentVolumeClaim data-0"),
        ("Deployment web", "uses", "Secret keys"),
        ("Deployment web", "uses", "ConfigMap settings"),
        ("Deployment web", "governed-by", "Namespace demo"),
    }


def test_what_routes_to_a_workload_in_trouble_needs_it() -> None:
    """The Ingress needs the Service, the Service its workload."""
    told = _told(evidence(crashing(), SERVICE, INGRESS))
    assert ("Service web", "routes-to", "Deployment web") in told
    assert ("Ingress front", "routes-to", "Service web") in told


def test_a_service_with_other_ready_pods_hardly_suffers() -> None:
    """One lost Pod of two is a weak dependency, the only one a strong one."""
    two = (crashing(), pod("web-7d4b9c8f6d-aaaaa"))
    strength = {
        len(pods): next(each["strength"] for each in facts(evidence(*pods, SERVICE), "dependency") if each["from_kind"] == "Service")
        for pods in (two, two[:1])
    }  # fmt: skip
    assert strength == {2: 0.3, 1: 0.95}


def test_a_claim_needs_the_workloads_of_its_driver() -> None:
    """The registrar of a driver names it in its path; the provisioner beside it is known by its image."""
    claim: Object = {"kind": "PersistentVolumeClaim", "metadata": metadata("data"), "status": {"phase": "Pending"}}
    claim["metadata"]["annotations"] = {"volume.kubernetes.io/storage-provisioner": "csi.example.com"}
    registrar = {
        "name": "registrar",
        "args": ["--kubelet-registration-path=/var/lib/kubelet/plugins/csi.example.com/csi.sock"],
    }
    provisioner = {"name": "p", "image": "registry.k8s.io/sig-storage/csi-provisioner:v5.1.0"}
    told = _told(
        evidence(
            claim, pod("csi-node-x", spec={"containers": [registrar]}), crashing(spec={"containers": [provisioner]})
        )
    )
    assert ("PersistentVolumeClaim data", "uses", "CSIDriver csi.example.com") in told
    assert {end for start, _, end in told if start == "CSIDriver csi.example.com"} == {"Deployment web"}


def test_what_is_well_gives_no_dependency() -> None:
    """Working memory grows with the trouble, not with the cluster."""
    assert _told(evidence(pod(), node(), SERVICE, INGRESS)) == set()
