"""Which ConfigMaps and Secrets the Pods of a specification read."""

from collections.abc import Iterator

import msgspec

from facts.cluster.objects import NamedSource, PodSpec


class PodSetting(msgspec.Struct, frozen=True):
    """A ConfigMap or Secret; Pods start without an `optional` one."""

    kind: str
    name: str
    optional: bool


def pod_settings(spec: PodSpec) -> Iterator[PodSetting]:
    """Yield what the containers read, then what the volumes are filled from; some stand there several times."""
    for container in (*spec.containers, *spec.init_containers):
        for source in container.env_from:
            yield from _named(("ConfigMap", source.config_map_ref), ("Secret", source.secret_ref))
        for variable in container.env:
            if variable.value_from is not None:
                origin = variable.value_from
                yield from _named(("ConfigMap", origin.config_map_key_ref), ("Secret", origin.secret_key_ref))
    for volume in spec.volumes:
        yield from _named(("ConfigMap", volume.config_map), ("Secret", volume.secret))


def _named(*sources: tuple[str, NamedSource | None]) -> Iterator[PodSetting]:
    for kind, source in sources:
        if source is not None and (name := source.secret_name or source.name):
            yield PodSetting(kind, name, bool(source.optional))
