"""Which ConfigMaps and Secrets a Pod specification reads."""

from typing import Any

import msgspec
import pytest

from facts.cluster.objects import PodSpec
from facts.cluster.pod_settings import PodSetting, pod_settings


def _settings(**spec: Any) -> list[PodSetting]:
    return list(pod_settings(msgspec.convert({"containers": [], **spec}, PodSpec)))


def _reading(**container: Any) -> list[dict[str, Any]]:
    return [{"name": "app", "image": "shop/web:1", **container}]


@pytest.mark.parametrize(
    ("spec", "setting"),
    [
        ({"containers": _reading(envFrom=[{"configMapRef": {"name": "env"}}])}, ("ConfigMap", "env", False)),
        (
            {"containers": _reading(envFrom=[{"secretRef": {"name": "login", "optional": True}}])},
            ("Secret", "login", True),
        ),
        (
            {
                "initContainers": _reading(
                    env=[{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "env", "key": "a"}}}]
                )
            },
            ("ConfigMap", "env", False),
        ),
        (
            {"containers": _reading(env=[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "login", "key": "a"}}}])},
            ("Secret", "login", False),
        ),
        ({"volumes": [{"name": "v", "configMap": {"name": "files"}}]}, ("ConfigMap", "files", False)),
        ({"volumes": [{"name": "v", "secret": {"secretName": "tls", "optional": True}}]}, ("Secret", "tls", True)),
    ],
)
def test_each_way_to_read_one_is_seen(spec: dict[str, Any], setting: tuple[str, str, bool]) -> None:
    """As the environment, as one variable of it, or as files; an optional one may be missing."""
    assert [(one.kind, one.name, one.optional) for one in _settings(**spec)] == [setting]


def test_containers_come_before_volumes() -> None:
    """So that the first that is missing is the one that the kubelet names."""
    found = _settings(
        containers=_reading(envFrom=[{"secretRef": {"name": "login"}}]),
        volumes=[{"name": "v", "configMap": {"name": "files"}}],
    )
    assert [one.name for one in found] == ["login", "files"]


def test_a_value_that_stands_in_the_specification_reads_nothing() -> None:
    """Nor does a volume of another kind, or a source without a name."""
    assert (
        _settings(
            containers=_reading(env=[{"name": "A", "value": "1"}], envFrom=[{"configMapRef": {}}]),
            volumes=[{"name": "v", "emptyDir": {}}],
        )
        == []
    )
