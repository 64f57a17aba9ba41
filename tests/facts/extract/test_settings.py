"""Settings that do not reach a program that fails."""

from typing import Any

from tests.facts.given import MINUTES_AGO, Object, evidence, facts, log, metadata, only, pod

POD = "web-7d4b9c8f6d-x2x4n"
REFUSED = 'ERROR tax: Get "http://localhost:8080/rates": dial tcp [::1]:8080: connect: connection refused'
DENIED = 'FATAL:  password authentication failed for user "web"'


def _reads(kind: str, name: str, key: str, *, optional: bool = True) -> Object:
    reference = {"name": name, "key": key, "optional": optional}
    env = [{"name": "TAX_HOST", "valueFrom": {f"{kind}KeyRef": reference}}]
    return pod(spec={"containers": [{"name": "app", "env": env}]})


def _config(**data: str) -> Object:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata("web-env"), "data": data}


def _secret(written: str) -> Object:
    entry = {"manager": "kubectl-edit", "operation": "Update", "time": written, "fieldsV1": {"f:data": {"f:pass": {}}}}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata("web-db", managedFields=[entry])}


def _said(line: str, *objects: Object) -> Any:
    return evidence(*objects, more=(log(line, pod=POD, namespace="demo"),))


def test_a_renamed_key_is_told_with_its_new_name() -> None:
    """The variable stays unset without a word of the kubelet."""
    fact = only(
        _said(REFUSED, _reads("configMap", "web-env", "TAX_HOST"), _config(TAX_API_HOST="tax", MODE="x")), "missing_key"
    )
    assert (fact["workload"], fact["variable"], fact["key"], fact["near"]) == (
        "web",
        "TAX_HOST",
        "TAX_HOST",
        "TAX_API_HOST",
    )


def test_a_key_that_is_there_is_no_fault() -> None:
    """The program fails for another reason."""
    assert not facts(_said(REFUSED, _reads("configMap", "web-env", "MODE"), _config(MODE="x")), "missing_key")


def test_a_key_that_has_to_be_there_is_told_by_the_kubelet() -> None:
    """It does not start the container."""
    needed = _reads("configMap", "web-env", "TAX_HOST", optional=False)
    assert not facts(_said(REFUSED, needed, _config(MODE="x")), "missing_key")


def test_a_workload_that_is_well_may_lack_what_is_optional() -> None:
    """That is what the word means."""
    assert not facts(_said("all is well", _reads("configMap", "web-env", "TAX_HOST"), _config(MODE="x")), "missing_key")


def test_a_secret_that_was_written_after_the_start_is_told() -> None:
    """The Pod runs since long ago, and the Secret is minutes old."""
    fact = only(_said(DENIED, _reads("secret", "web-db", "pass"), _secret(MINUTES_AGO)), "stale_setting")
    assert (fact["workload"], fact["kind"], fact["name"], fact["written"]) == ("web", "Secret", "web-db", MINUTES_AGO)


def test_a_secret_is_no_reason_for_a_refused_connection() -> None:
    """Nobody looked at the password."""
    assert not facts(_said(REFUSED, _reads("secret", "web-db", "pass"), _secret(MINUTES_AGO)), "stale_setting")


def test_a_secret_from_before_the_start_is_the_present_one() -> None:
    """The container was started with it."""
    assert not facts(
        _said(DENIED, _reads("secret", "web-db", "pass"), _secret("2020-01-01T00:00:00Z")), "stale_setting"
    )


def _through(no_proxy: str, url: str = "http://tax.demo.svc.cluster.local:8080") -> Object:
    env = {"HTTP_PROXY": "http://egress.example.com:3128", "NO_PROXY": no_proxy, "TAX_URL": url}
    variables = [{"name": name, "value": value} for name, value in env.items()]
    return pod(spec={"containers": [{"name": "app", "env": variables}]})


def test_a_service_that_is_called_through_a_proxy_is_told() -> None:
    """The exceptions name other hosts."""
    fact = only(_said(REFUSED, _through("localhost,127.0.0.1")), "proxied")
    assert (fact["workload"], fact["host"], fact["no_proxy"]) == (
        "web",
        "tax.demo.svc.cluster.local",
        "localhost,127.0.0.1",
    )


def test_exceptions_keep_services_from_the_proxy() -> None:
    """By domain, with or without a dot or an asterisk, or all of them."""
    for no_proxy in (".svc.cluster.local", "*.cluster.local,localhost", "tax.demo.svc.cluster.local", "*"):
        assert not facts(_said(REFUSED, _through(no_proxy)), "proxied")


def test_hosts_outside_are_for_the_proxy() -> None:
    """That is what it is there for."""
    assert not facts(_said(REFUSED, _through("localhost", "https://api.example.com")), "proxied")
