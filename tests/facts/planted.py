"""Secrets of many kinds, made up anew from a seed, and the places in which a cluster lets them lie about."""

import base64
import json
import string
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from ahocorasick_rs import AhoCorasick

from tests.facts.planted_settings import COMMANDS, SETTINGS
from tests.facts.planted_words import HEX, LETTERS, SMALL, Made, Maker, either, encoded, plain, shaped, word


@dataclass(frozen=True)
class Planted:
    """A text with a secret in it. `needles` are the pieces that must not be seen again, `keys` what may."""

    kind: str
    text: str
    needles: tuple[str, ...]


def _url_base64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _jwt(random: Random) -> Made:
    claims = {"iss": "kubernetes/serviceaccount", "sub": f"system:serviceaccount:demo:{word(random)}"}
    parts = [_url_base64('{"alg":"RS256","kid":"x"}'), _url_base64(json.dumps(claims)), word(random, 86)]
    return f"token review failed for {'.'.join(parts)}", (parts[2],)


def _pem(random: Random, kind: str = "") -> Made:
    kind = kind or random.choice(["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "DSA "])
    body = textwrap.wrap(encoded(word(random, 500)), 64)
    return "\n".join([f"-----BEGIN {kind}PRIVATE KEY-----", *body, f"-----END {kind}PRIVATE KEY-----"]), tuple(body)


def _pem_in_a_log(random: Random) -> Made:
    text, needles = _pem(random)
    return "\n".join(
        f"2026-11-23T10:04:0{n % 10}Z app[17]: {line}" for n, line in enumerate(text.splitlines())
    ), needles


def _pem_cut(random: Random) -> Made:
    """Return a key whose beginning or end a limit of lines took away."""
    text, needles = _pem(random)
    lines = text.splitlines()
    return ("\n".join(lines[:-2]), needles[:-1]) if random.random() < 0.5 else ("\n".join(lines[2:]), needles[1:])


def _dockerconfig(random: Random) -> Made:
    secret = word(random)
    auth = encoded(f"robot:{secret}")
    return json.dumps({"auths": {"registry.example.com": {"username": "robot", "auth": auth}}}), (
        secret,
        auth.rstrip("="),
    )


def _basic(random: Random) -> Made:
    secret = word(random)
    auth = encoded(f"admin:{secret}")
    return f"> Authorization: Basic {auth}", (secret, auth.rstrip("="))


def _aws(random: Random) -> Made:
    key, secret = "AKIA" + word(random, 16, string.ascii_uppercase), word(random, 40, LETTERS + "/+")
    return f"aws_access_key_id = {key}\naws_secret_access_key = {secret}", (key, secret)


def _gcp(random: Random) -> Made:
    text, needles = _pem(random, " ")
    text = text.replace("  ", " ").replace("BEGIN  ", "BEGIN ")
    return json.dumps({"type": "service_account", "private_key": text + "\n", "client_email": "a@b.example"}), needles


def _azure(random: Random) -> Made:
    key = encoded(word(random, 64))
    return (
        f"DefaultEndpointsProtocol=https;AccountName=store;AccountKey={key};EndpointSuffix=core.windows.net",
        (key.rstrip("="),),
    )


def _kubeconfig(random: Random) -> Made:
    text, needles = _pem(random, "EC ")
    data = encoded(text)
    return f"users:\n- name: admin\n  user:\n    client-key-data: {data}", (data[40:].rstrip("="), *needles)


def _yaml_block(random: Random) -> Made:
    one, two = word(random, 24), word(random, 24)
    return f"database:\n  password: |\n    {one}\n    {two}\n  host: db", (one, two)


def _secret_object(random: Random) -> Made:
    secret = word(random)
    data = encoded(secret)
    body = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "db"},
        "data": {"plain": data},
        "stringData": {"x": secret},
    }
    return json.dumps(body), (secret, data.rstrip("="))


def _secret_yaml(random: Random) -> Made:
    data = encoded(word(random))
    return f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  plain: {data}\ntype: Opaque", (
        data.rstrip("="),
    )


def _env_entry(random: Random) -> Made:
    name = random.choice(
        ["DB_PASSWORD", "API_KEY", "SESSION_SECRET", "GITHUB_TOKEN", "MYSQL_PWD", "AWS_SECRET_ACCESS_KEY"]
    )
    secret = word(random)
    return json.dumps({"env": [{"name": "MODE", "value": "prod"}, {"name": name, "value": secret}]}), (secret,)


def _argument_list(random: Random) -> Made:
    secret = word(random)
    return json.dumps({"args": random.choice([["--password", secret], [f"--token={secret}"], ["mysql", "-uroot", f"-p{secret}"], ["sshpass", "-p", secret, "ssh", "host"]])}), (secret,)  # fmt: skip


def _json_value(random: Random) -> Made:
    secret = word(random, 16, LETTERS + "!#%&*,;:")
    return json.dumps({"level": "info", "db": {"user": "app", "password": secret}}), (secret,)


KINDS: dict[str, Maker] = {
    "bearer token": either("Authorization: Bearer @", "got header: bearer @@".replace("@@", "@")),
    "service account token": _jwt,
    "basic auth in a URL": either("fetch https://robot:@@git.example.com/x failed", "proxy http://:@@10.0.0.1:3128"),
    "authorization header": _basic,
    "cookie": plain("< Set-Cookie: session=@; Path=/"),
    "password in a command line": either(
        "ps: app --password=@ --port 80", "ps: mysql -uroot -p@ -h db", "ps: mongo -u a -p @ db", "ps: curl -u admin:@ https://x",
        "ps: redis-cli -h cache -a @ ping", "ps: docker login -u me -p @ registry.example.com", "ps: app --api-key @",
        "kubectl create secret generic x --from-literal=anything=@", "ps: ldapsearch -x -D cn=admin -w @ -b dc=x",
    ),
    "environment": _env_entry,
    "environment file": either("DB_PASSWORD=@", 'export API_TOKEN="@"', "MYSQL_ROOT_PASSWORD='@'"),
    "private key": _pem,
    "private key in a log": _pem_in_a_log,
    "private key that was cut": _pem_cut,
    "AWS keys": _aws,
    "GCP service account": _gcp,
    "Azure storage": _azure,
    "Azure shared access signature": plain("GET https://store.blob.example.net/c/f?sv=2022&sig=@%3D&se=2026", 40),
    "Google API key": shaped(lambda random: "AIza" + word(random, 35), "key @ is not valid"),
    "GitHub token": shaped(lambda random: "ghp_" + word(random, 36), "remote: @ denied"),
    "GitLab token": shaped(lambda random: "glpat-" + word(random, 20), "using @"),
    "Slack token": shaped(lambda random: "xoxb-" + word(random, 30), "slack says invalid_auth for @"),
    "connection string": either(
        "jdbc:postgresql://db:5432/app?user=app&password=@&ssl=true", "postgres://app:@@db:5432/app?sslmode=disable",
        "mongodb+srv://app:@@cluster0.example.net/app", "amqp://guest:@@mq:5672/%2f", "jdbc:oracle:thin:scott/@@//db:1521/x",
        "Server=db;Database=app;User Id=sa;Password=@;Encrypt=true", "Server=db;Uid=sa;Pwd=@;",
    ),
    "dockerconfigjson": _dockerconfig,
    "kubeadm token": shaped(
        lambda random: f"{word(random, 6, SMALL)}.{word(random, 16, SMALL)}",
        f"kubeadm join 10.0.0.1:6443 --token @ --discovery-token-ca-cert-hash sha256:{'ab' * 32}",
        "[bootstrap-token] Using token: @", "TOKEN  TTL\n@   23h  2026-11-24T10:00:00Z",
    ),
    "certificate key": shaped(
        lambda random: word(random, 64, HEX),
        "[upload-certs] Using certificate key:\n@", "kubeadm join x --control-plane --certificate-key @",
    ),
    "netrc": either("machine git.example.com login bot password @", "machine git.example.com\n  login bot\n  password @"),
    "YAML value": either("db:\n  password: @\n  host: db", 'db:\n  password: "@"\n', "db:\n  apiKey: '@'\n", "redis:\n  requirepass @"),
    "YAML block": _yaml_block,
    "properties": either("spring.datasource.password=@", "db.password = @", "<password>@</password>"),
    "kubeconfig": _kubeconfig,
    "Secret object": _secret_object,
    "Secret in YAML": _secret_yaml,
    "arguments of a container": _argument_list,
    "JSON": _json_value,
    "a sentence": either("generated password: @ for user admin", "created with token:@ and stored"),
    **SETTINGS,
}  # fmt: skip
"""Each kind of secret, as a maker of a text and of the pieces of it that are secret."""

_POD = {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "web-1", "namespace": "demo"}}


def _pod(**container: object) -> str:
    return json.dumps({**_POD, "spec": {"containers": [{"name": "web", "image": "web:1", **container}]}}, indent=1)


def _annotated(text: str) -> str:
    applied = json.dumps({"kind": "Pod", "spec": {"note": text}})
    annotations = {"kubectl.kubernetes.io/last-applied-configuration": applied}
    return json.dumps({**_POD, "metadata": {"name": "web-1", "annotations": annotations}})


def _described(text: str) -> str:
    head = "Name:         web-1\nNamespace:    demo\nStatus:       Running\nContainers:\n  web:\n    Command:\n      sh\n      -c\n"
    return head + textwrap.indent(text, "      ") + "\n    State:          Running\n"


def _typed(text: str) -> str:
    return f"ops@laptop:~$ cat app.conf\n{text}\n" if "\n" in text or " " not in text else f"ops@laptop:~$ {text}\n"


PLACES: dict[str, Callable[[str], str]] = {
    "environment of a container": lambda text: _pod(env=[{"name": "NOTE", "value": text}]),
    "arguments": lambda text: _pod(args=["sh", "-c", text]),
    "an annotation": _annotated,
    "a ConfigMap": lambda text: json.dumps({"kind": "ConfigMap", "metadata": {"name": "app"}, "data": {"app.conf": text, "x": "1"}}),
    "a log": lambda text: f"2026-11-23T10:04:00Z starting\n{text}\n2026-11-23T10:04:01Z failed\n",
    "an event": lambda text: json.dumps({"kind": "Event", "message": text, "type": "Warning", "metadata": {"name": "e"}}, indent=1),
    "a description": _described,
    "a journal": lambda text: "".join(f"Nov 23 10:04:0{number % 10} node1 app[17]: {line}\n" for number, line in enumerate(text.split("\n"))),
    "a shell session": _typed,
    "a process list": lambda text: f"root         812  0.0  0.1 715360 10240 ?        Ssl  10:04   0:01 {text}\n",
    "a log of JSON": lambda text: json.dumps({"level": "error", "msg": text}) + "\n" + json.dumps({"level": "info"}) + "\n",
    "an archive": lambda text: f"kubelet.go:1 failed\n{text}\n",
}  # fmt: skip
"""Where a text may stand."""

WRAPPED: dict[str, Callable[[str], str]] = {
    "JSON in JSON in JSON": lambda text: json.dumps({"a": json.dumps({"b": json.dumps({"c": text})})}),
    "base64": lambda text: f"payload: {encoded(text)}\n",
    "base64 in a ConfigMap": lambda text: json.dumps({"kind": "ConfigMap", "binaryData": {"f": encoded(text)}}),
    "base64 in base64": lambda text: f"x={encoded('data: ' + encoded(text))}",
    "base64 in lines": lambda text: "blob:\n" + textwrap.indent("\n".join(textwrap.wrap(encoded(text), 76)), "    "),
}
"""How a text may be wrapped."""


def may_stand(kind: str, place: str) -> bool:
    """Return True if a text of `kind` may stand in `place`: only command lines in a process list."""
    return place != "a process list" or kind in COMMANDS


def plant(seed: int, kind: str) -> Planted:
    """Return a secret of `kind`; the same seed gives the same."""
    text, needles = KINDS[kind](Random(f"{seed} {kind}"))
    return Planted(kind, text, needles)


def leaks(planted: Planted, text: str) -> list[str]:
    """Return the pieces of the secrets that stand in `text`, plain or as base64."""
    return [piece for _, piece in all_leaks([planted], text)]


def all_leaks(planted: Sequence[Planted], text: str, size: int = 10) -> list[tuple[Planted, str]]:
    """Return the pieces of `size` characters of the secrets that stand in `text`, plain or as base64, in one pass."""
    owners: dict[str, Planted] = {}
    for one in planted:
        for needle in one.needles:
            owners |= {needle[start : start + size]: one for start in range(max(1, len(needle) - size + 1))}
            inner = encoded(needle).rstrip("=")[4:-4]
            if len(needle) >= size:
                owners[inner] = one
    pieces = list(owners)
    found = {pieces[number] for number, _, _ in AhoCorasick(pieces).find_matches_as_indexes(text, overlapping=True)}
    return [(owners[piece], piece) for piece in sorted(found)]
