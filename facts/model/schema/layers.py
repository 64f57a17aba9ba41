"""The layers of a cluster, from the virtual machines up to the Services."""

LAYERS: tuple[str, ...] = (
    "vm",
    "vm-network",
    "ssh",
    "bootstrap",
    "node",
    "runtime",
    "cni",
    "dns",
    "control-plane",
    "tls",
    "platform",
    "storage",
    "scheduling",
    "image",
    "policy",
    "autoscaling",
    "workload",
    "service",
    "script",
)
"""From the deepest to the highest: of two equal causes the deeper one is named first."""

LAYER_COVERAGE: dict[str, tuple[str, ...]] = {
    "vm": ("vm",),
    "vm-network": ("ping",),
    "ssh": ("ssh",),
    "node": ("kubernetes/nodes",),
    "control-plane": ("kubernetes/pods",),
    "storage": ("kubernetes/persistentvolumeclaims",),
    "scheduling": ("kubernetes/pods",),
    "image": ("kubernetes/pods",),
    "workload": ("kubernetes/pods",),
    "service": ("kubernetes/services", "kubernetes/endpointslices"),
    "autoscaling": ("kubernetes/horizontalpodautoscalers",),
}
"""The coverage that must be complete before a layer without findings may be called ok."""
