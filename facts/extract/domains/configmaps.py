"""ConfigMaps that well-known components are set up with: Grafana's data sources, CoreDNS's Corefile."""

import re
from collections.abc import Iterator

from facts.cluster.index import Index
from facts.cluster.objects import ConfigMap, labels_of
from facts.cluster.store import Seen
from facts.model.schema.domains.configuration import CorednsConfigFact, DatasourceFact
from facts.model.schema.new_fact import new_fact
from facts.model.values import Fact

_DATASOURCES = re.compile(r"^datasources:", re.MULTILINE)
_FORWARD = re.compile(r"^\s*(?:forward|proxy)\s+\.\s+(.+?)\s*\{?\s*$", re.MULTILINE)
_LOOP = re.compile(r"^\s*loop\s*$", re.MULTILINE)


def extract(index: Index) -> Iterator[Fact]:
    """Yield a `datasource` fact per default data source of Grafana, and a `coredns_config` fact per Corefile."""
    for seen in sorted(index.store.every(ConfigMap), key=lambda seen: (seen.namespace, seen.name)):
        data = seen.body.data or {}
        if "Corefile" in data:
            yield _corefile(seen, data["Corefile"])
        labelled = "grafana_datasource" in labels_of(seen.body)
        for key, text in sorted(data.items()):
            if (labelled or "datasource" in key) and _DATASOURCES.search(text):
                yield from _datasources(seen, key, text)


def _corefile(seen: Seen[ConfigMap], text: str) -> Fact:
    forward = _FORWARD.search(text)
    attributes = CorednsConfigFact(forward=forward[1] if forward else "", loop_plugin=bool(_LOOP.search(text)))
    return new_fact(attributes, seen.source, forward[0] if forward else "no forward plugin")


def _datasources(seen: Seen[ConfigMap], key: str, text: str) -> Iterator[Fact]:
    import yaml

    try:
        document = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return  # not ours to judge: Grafana itself reports a file that it cannot read
    listed = document.get("datasources") if isinstance(document, dict) else None
    for source in listed if isinstance(listed, list) else []:
        if isinstance(source, dict) and source.get("isDefault") is True:
            name = str(source.get("name", ""))
            attributes = DatasourceFact(namespace=seen.namespace, configmap=seen.name, name=name, is_default=True)
            yield new_fact(attributes, seen.source, f"{key}: data source {name} isDefault: true")
