"""A connection to an API server that changes nothing: the official client's configuration, authentication and transport."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

import msgspec

from facts.collect.api.error import ApiError, error_of_answer, error_of_exception, one_line
from facts.model.reason import Reason

CONNECT_SECONDS = 5.0
"""How long a connection may take."""
READ_SECONDS = 10.0
"""How long the server may be silent."""
BODY_LIMIT = 256 << 20
"""Bytes that one answer may have, unpacked."""
RETRIES = 2
"""How often a request is repeated that was throttled, met a fault of the server, or lost its connection."""
RETRY_SECONDS = 0.2
"""The pause before the first repetition, doubled for each further one, when the server does not name one."""
RETRY_AFTER_LIMIT = 5.0
"""The longest pause that a server is granted."""

_RETRIED = frozenset({Reason.THROTTLED, Reason.SERVER_ERROR, Reason.RESET})
_CHUNK = 1 << 16
_ACCEPT = {"accept": "application/json, */*", "accept-encoding": "gzip", "user-agent": "kbdiag"}
_SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


class Connection(msgspec.Struct, frozen=True):
    """An API server and how to speak to it.

    `context` is the name of the kubeconfig context ("in-cluster" for a service account), `namespace` the one that it
    works in, `host` the address. `pool` is urllib3's, `headers` carry the credentials. `server_name` is the name that
    the certificate of the server must have where it is not that of the host; `certificate` is the file of the user's. `proxy` is the URL
    of the proxy that leads to the server, without credentials, or "".
    """

    context: str
    namespace: str
    host: str
    pool: Any
    headers: dict[str, str]
    pause: Callable[[float], None] = time.sleep
    server_name: str = ""
    certificate: str = ""
    proxy: str = ""

    def get(self, path: str, query: Mapping[str, str | int], deadline: float, retries: int = RETRIES) -> bytes:
        """Return the body that GET `path` gives, before `deadline` (of `time.monotonic`).

        Raises ApiError for any other end.
        """
        url = f"{self.host}{path}" + (f"?{urlencode(query)}" if query else "")
        for attempt in range(retries + 1):
            try:
                return self._once("GET", url, deadline)
            except ApiError as error:
                wait = RETRY_SECONDS * 2**attempt if error.retry_after is None else error.retry_after
                late = wait > RETRY_AFTER_LIMIT or time.monotonic() + wait >= deadline
                if attempt == retries or error.reason not in _RETRIED or late:
                    raise
            self.pause(wait)
        raise AssertionError("the last attempt returns or raises")

    def review(self, path: str, question: object, deadline: float) -> bytes:
        """Return what the server answers to a self-subject review, its question about who asks and what they may do.

        It is the one thing that is posted: the server answers and keeps nothing. Raises ApiError.
        """
        return self._once("POST", f"{self.host}{path}", deadline, msgspec.json.encode(question))

    def _once(self, method: str, url: str, deadline: float, content: bytes | None = None) -> bytes:
        import urllib3

        started = time.monotonic()
        left = deadline - started
        if left <= 0:
            raise ApiError(Reason.TIMEOUT, "there was no time left to ask")
        timeout = urllib3.Timeout(connect=min(CONNECT_SECONDS, left), read=min(READ_SECONDS, left))
        try:
            response = self.pool.request(
                method,
                url,
                body=content,
                headers=self.headers if content is None else {**self.headers, "content-type": "application/json"},
                timeout=timeout,
                preload_content=False,
                retries=False,
                redirect=False,
            )
            body = _body_of(response, deadline)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            name = urlsplit(self.host).hostname or ""
            raise error_of_exception(error, time.monotonic() - started, name, self.proxy) from error
        if response.status not in (200, 201):
            raise error_of_answer(response.status, response.headers, body)
        return body


def connect(kubeconfig: str | None, context: str | None) -> Connection:
    """Return the connection that `context` of `kubeconfig` describes; nothing is sent yet.

    `kubeconfig` is a path, or several as in $KUBECONFIG, which stands in for None (else ~/.kube/config, else the
    service account of the Pod that this runs in). `context` is the current one when None. May run the plugin for
    credentials that the kubeconfig names. Raises ApiError with the reason why that cannot be used.
    """
    from kubernetes import client

    configuration: Any = client.Configuration()
    configuration.retries = False
    configuration.connection_pool_maxsize = 32
    paths = kubeconfig or os.environ.get("KUBECONFIG") or "~/.kube/config"
    if any(os.path.isfile(os.path.expanduser(path)) for path in paths.split(os.pathsep)):  # noqa: PTH111, PTH113 - no error where a folder is closed
        name, namespace = _load_kubeconfig(configuration, paths, context)
    elif kubeconfig is None and (_SERVICE_ACCOUNT / "token").is_file():
        name, namespace = _load_service_account(configuration)
    else:
        raise _without_file(paths, named=kubeconfig is not None or bool(os.environ.get("KUBECONFIG")))
    if not configuration.verify_ssl:
        import urllib3

        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # the user chose it in the kubeconfig
    credentials = {setting["key"]: setting["value"] for setting in configuration.auth_settings().values()}
    if urlsplit(configuration.host).scheme not in ("https", "http"):
        why = f"{paths}: the server {configuration.host} of context {name!r} does not begin with https://; mend it"
        raise ApiError(Reason.BAD_CONFIG, why, about=paths)
    pool = _pool_of(configuration)
    return Connection(
        name,
        namespace,
        configuration.host,
        pool,
        {**_ACCEPT, **credentials},
        server_name=configuration.tls_server_name or "",
        certificate=configuration.cert_file or "",
        proxy=_proxy_of(pool),
    )


def _pool_of(configuration: Any) -> Any:
    """Return the connections of urllib3 that lead to the server, through a proxy where one is set."""
    import urllib3
    from kubernetes import client

    try:
        return client.ApiClient(configuration).rest_client.pool_manager
    except (ImportError, urllib3.exceptions.HTTPError, ValueError) as error:
        proxy = str(configuration.proxy or "").rpartition("@")[2]
        if not proxy:
            raise
        hint = "install pysocks beside kbdiag" if isinstance(error, ImportError) else "write it as http://HOST:PORT"
        raise ApiError(Reason.PROXY, f"the proxy {proxy} cannot be used; {hint}", about=proxy) from error


def _proxy_of(pool: Any) -> str:
    """Return the URL of the proxy that `pool` goes through, without credentials, or ""."""
    url = getattr(pool, "proxy", None)
    return f"{url.scheme}://{url.host}" + (f":{url.port}" if url.port else "") if url else ""


def _without_file(paths: str, *, named: bool) -> ApiError:
    """Return the error for `paths` of which none is a file, with a file of nearly the same name where there is one."""
    reason = Reason.NO_SUCH_FILE if named else Reason.NO_CONFIG
    if len(paths.split(os.pathsep)) > 1:
        return ApiError(reason, f"{paths}: none of these files exists", about=paths)
    path = Path(paths).expanduser()
    try:
        if path.is_dir():
            return ApiError(Reason.BAD_CONFIG, f"{paths}: is a folder; name the kubeconfig in it", about=paths)
        names = [one.name for one in path.parent.iterdir()]
    except PermissionError:
        return ApiError(Reason.UNREADABLE, f"{paths}: cannot be read (Permission denied)", about=paths)
    except OSError:
        return ApiError(reason, f"{paths}: no such file", about=paths)
    near = get_close_matches(path.name, names, 1, 0.8)
    hint = f"; did you mean {path.parent / near[0]}?" if near else ""
    return ApiError(reason, f"{paths}: no such file{hint}", about=paths)


def _load_kubeconfig(configuration: Any, paths: str, context: str | None) -> tuple[str, str]:
    """Set up `configuration` and return the names of the context and of its namespace."""
    import yaml

    config: Any = import_module("kubernetes.config.kube_config")
    try:
        merged = config.KubeConfigMerger(paths).config
        name = context or merged.value.get("current-context") or ""
        known = sorted(str(one.value["name"]) for one in merged.value["contexts"])
        if name not in known:
            what = f"context {name!r} is not in it" if name else "it names no current context"
            hint = (
                f"choose one of {', '.join(known)} with --context" if known else "it has none; name another kubeconfig"
            )
            raise ApiError(
                Reason.NO_CONTEXT if known else Reason.BAD_CONFIG,
                f"{paths}: {what}; {hint}",
                about=name if known else paths,
            )
        loader = config.KubeConfigLoader(config_dict=merged, active_context=name, config_base_path=None)
        with _ErrorLog() as log:
            loader.load_and_set(configuration)
        entry = loader.current_context["context"]
        user = next(
            (one.value.get("user") or {} for one in merged.value["users"] if one.value["name"] == entry.get("user")), {}
        )
    except yaml.YAMLError as error:
        why = f"{paths}: not YAML ({one_line(str(error))}); mend or replace it"
        raise ApiError(Reason.BAD_CONFIG, why, about=paths) from error
    except OSError as error:
        reason = Reason.UNREADABLE if isinstance(error, PermissionError) else Reason.BAD_CONFIG
        raise ApiError(reason, f"{paths}: cannot be read ({error.strerror or error})", about=paths) from error
    except (config.ConfigException, AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        # The client's loader meets what is not shaped like a kubeconfig with whatever its code happens to raise.
        raise ApiError(
            Reason.BAD_CONFIG, f"{paths}: not a kubeconfig ({one_line(str(error))}); mend or replace it", about=paths
        ) from error
    if not hasattr(loader, "host"):
        raise ApiError(
            Reason.BAD_CONFIG,
            f"{paths}: the cluster of context {name!r} has no server; mend or replace it",
            about=paths,
        )
    if log.messages and "exec" in user and not (configuration.api_key or configuration.cert_file):
        message = log.messages[-1]
        reason = Reason.MISSING_TOOL if "No such file" in message else Reason.PLUGIN_FAILED
        program = str(user["exec"].get("command", "")) if isinstance(user["exec"], dict) else ""
        why = f"{paths}: the plugin for credentials of context {name!r} failed: {message}"
        raise ApiError(reason, why, about=program)
    return name, str(entry.get("namespace") or "default")


def _load_service_account(configuration: Any) -> tuple[str, str]:
    config: Any = import_module("kubernetes.config")
    try:
        config.load_incluster_config(client_configuration=configuration)
        return "in-cluster", (_SERVICE_ACCOUNT / "namespace").read_text().strip() or "default"
    except (config.ConfigException, OSError) as error:
        raise ApiError(Reason.NO_CONFIG, f"no kubeconfig, and the service account cannot be used ({error})") from error


class _ErrorLog(logging.Handler):
    """Holds what is logged meanwhile: the client only logs why a plugin for credentials failed, and goes on without."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)


def _body_of(response: Any, deadline: float) -> bytes:
    try:
        body = b"".join(_pieces(response, deadline))
    except BaseException:
        response.close()
        raise
    response.release_conn()
    return body


def _pieces(response: Any, deadline: float) -> Iterator[bytes]:
    size = 0
    # Unless it is told to, urllib3 does not unpack what comes in chunks.
    for piece in response.stream(_CHUNK, decode_content=True):
        size += len(piece)
        if size > BODY_LIMIT:
            raise ApiError(Reason.OTHER, f"the answer is larger than {BODY_LIMIT >> 20} MiB")
        if time.monotonic() > deadline:
            raise ApiError(Reason.TIMEOUT, f"the answer was not complete in time, only {size} bytes of it")
        yield piece
