"""A part of one object, pasted without its head: the command above says what it is of."""

from tests.facts.reading import objects, read

SPEC = """$ kubectl -n edge get svc gate -o yaml
spec:
  externalTrafficPolicy: Local
  selector:
    app: gate
  sessionAffinity: None
"""


def test_settings_are_read() -> None:
    """Those that say the same whatever else there is."""
    (service,) = objects(read(SPEC))
    assert (service["kind"], service["metadata"]) == ("Service", {"name": "gate", "namespace": "edge"})
    assert service["spec"] == {"externalTrafficPolicy": "Local", "selector": {"app": "gate"}}


def test_the_first_lines_of_a_config_map_are_read() -> None:
    """Its name may stand below them."""
    text = '$ kubectl get cm web-env -o yaml | head -4\napiVersion: v1\ndata:\n  PORT: "3005"\nkind: ConfigMap\n'
    (found,) = objects(read(text))
    assert (found["metadata"]["name"], found["data"]) == ("web-env", {"PORT": "3005"})


def test_without_the_command_it_is_text() -> None:
    """Nobody knows of what it is a part."""
    assert not objects(read(SPEC.split("\n", 1)[1]))
