"""Objects for the scenarios, as short as the API allows."""

from typing import Any

from tests.cluster.api import Object


def namespace(name: str) -> Object:
    """Return a Namespace."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def metadata(namespace: str, name: str, **more: Any) -> Object:
    """Return the metadata of an object in a namespace."""
    return {"namespace": namespace, "name": name, **more}


def template(
    app: str, *, fate: str = "", message: str = "", image: str = "registry.example/app:1", **spec: Any
) -> Object:
    """Return the Pod template of `app`; `fate` says what the kubelet makes of its Pods (see stages.yaml)."""
    told = {"kbdiag.test/fate": fate, "kbdiag.test/message": message}
    return {
        "metadata": {
            "labels": {"app": app},
            "annotations": {key: value for key, value in told.items() if value},
        },
        "spec": {"containers": [{"name": "app", "image": image}], **spec},
    }


def workload(kind: str, namespace: str, name: str, pods: Object, **spec: Any) -> Object:
    """Return a Deployment, StatefulSet or DaemonSet of the Pod template `pods`."""
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": metadata(namespace, name),
        "spec": {"selector": {"matchLabels": pods["metadata"]["labels"]}, "template": pods, **spec},
    }


def deployment(namespace: str, name: str = "web", *, replicas: int = 1, **pods: Any) -> Object:
    """Return a Deployment; `pods` are the options of its Pod template."""
    return workload("Deployment", namespace, name, template(name, **pods), replicas=replicas)


def job(namespace: str, name: str, pods: Object, **spec: Any) -> Object:
    """Return a Job."""
    pods["spec"]["restartPolicy"] = "Never"
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(namespace, name),
        "spec": {"template": pods, **spec},
    }


def requests(**resources: str) -> list[Object]:
    """Return containers: one that requests `resources`."""
    return [{"name": "app", "image": "registry.example/app:1", "resources": {"requests": resources}}]


def service(namespace: str, name: str, app: str, **spec: Any) -> Object:
    """Return a Service for the Pods of `app`."""
    ports = [{"port": 80, "targetPort": 8080}]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(namespace, name),
        "spec": {"selector": {"app": app}, "ports": ports, **spec},
    }


def claim(namespace: str, name: str, **spec: Any) -> Object:
    """Return a PersistentVolumeClaim of 1 GiB."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": metadata(namespace, name),
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, **spec},
    }


def mounts(name: str) -> list[Object]:
    """Return volumes: one, of the claim `name`."""
    return [{"name": "data", "persistentVolumeClaim": {"claimName": name}}]


def autoscaler(namespace: str, target: str) -> Object:
    """Return a HorizontalPodAutoscaler that wants half of the requested CPU used."""
    metric = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}},
    }
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": metadata(namespace, target),
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": target},
            "minReplicas": 1,
            "maxReplicas": 3,
            "metrics": [metric],
        },
    }


def quota(namespace: str, **hard: str) -> Object:
    """Return a ResourceQuota."""
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": metadata(namespace, "quota"),
        "spec": {"hard": hard},
    }


def failing_webhook(namespace: str) -> Object:
    """Return a webhook that the API server must ask about the Pods of `namespace`, and whose Service does not exist."""
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": "policy.example"},
        "webhooks": [
            {
                "name": "pods.policy.example",
                "failurePolicy": "Fail",
                "sideEffects": "None",
                "admissionReviewVersions": ["v1"],
                "timeoutSeconds": 2,
                "clientConfig": {"service": {"namespace": namespace, "name": "policy", "path": "/validate"}},
                "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]}],
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
            }
        ],
    }


def signing_request(name: str) -> Object:
    """Return a CertificateSigningRequest of a kubelet for its serving certificate, which nobody approves by itself."""
    from base64 import b64encode

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    subject = [
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "system:nodes"),
        x509.NameAttribute(NameOID.COMMON_NAME, "system:node:w1"),
    ]
    built = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(subject))
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName("w1")]), critical=False)
    signed = built.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return {
        "apiVersion": "certificates.k8s.io/v1",
        "kind": "CertificateSigningRequest",
        "metadata": {"name": name},
        "spec": {
            "request": b64encode(signed.public_bytes(serialization.Encoding.PEM)).decode(),
            "signerName": "kubernetes.io/kubelet-serving",
            "usages": ["digital signature", "server auth"],
        },
    }
