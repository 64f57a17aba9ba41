"""Secrets of many kinds, made up anew from a seed, and the places in which a cluster lets them lie about."""

import base64
import json
import string
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Planted:
    """A text with a secret in it. `needles` are the pieces that must not be seen again, `keys` what may."""

    kind: str
    text: str
    needles: tuple[str, ...]


def _word(random: Random, length: int = 16, alphabet: str = _LETTERS) -> str:
    return "".join(random.choices(alphabet, k=length - 1)) + random.choice(string.digits)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _url_base64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


Maker = Callable[[Random], tuple[str, tuple[str, ...]]]


def _shaped(make_word: Callable[[Random], str], *templates: str) -> Maker:
    """Return a maker of one of `templates`, with what `make_word` gives for its first @."""

    def make(random: Random) -> tuple[str, tuple[str, ...]]:
        word = make_word(random)
        return random.choice(templates).replace("@", word, 1), (word,)

    return make


def _plain(template: str, length: int = 16, alphabet: str = _LETTERS) -> Maker:
    return _shaped(lambda random: _word(random, length, alphabet), template)


def _either(*templates: str) -> Maker:
    return _shaped(_word, *templates)


def _jwt(random: Random) -> tuple[str, tuple[str, ...]]:
    claims = {"iss": "kubernetes/serviceaccount", "sub": f"system:serviceaccount:demo:{_word(random)}"}
    parts = [_url_base64('{"alg":"RS256","kid":"x"}'), _url_base64(json.dumps(claims)), _word(random, 86)]
    return f"token review failed for {'.'.join(parts)}", (parts[2],)


def _pem(random: Random, kind: str = "") -> tuple[str, tuple[str, ...]]:
    kind = kind or random.choice(["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "DSA "])
    body = textwrap.wrap(_base64(_word(random, 500)), 64)
    return "\n".join([f"-----BEGIN {kind}PRIVATE KEY-----", *body, f"-----END {kind}PRIVATE KEY-----"]), tuple(body)


def _pem_in_a_log(random: Random) -> tuple[str, tuple[str, ...]]:
    text, needles = _pem(random)
    return "\n".join(
        f"2026-11-23T10:04:0{n % 10}Z app[17]: {line}" for n, line in enumerate(text.splitlines())
    ), needles


def _pem_cut(random: Random) -> tuple[str, tuple[str, ...]]:
    """Return a key whose beginning or end a limit of lines took away."""
    text, needles = _pem(random)
    lines = text.splitlines()
    return ("\n".join(lines[:-2]), needles[:-1]) if random.random() < 0.5 else ("\n".join(lines[2:]), needles[1:])


def _dockerconfig(random: Random) -> tuple[str, tuple[str, ...]]:
    word = _word(random)
    auth = _base64(f"robot:{word}")
    return json.dumps({"auths": {"registry.example.com": {"username": "robot", "auth": auth}}}), (
        word,
        auth.rstrip("="),
    )


def _basic(random: Random) -> tuple[str, tuple[str, ...]]:
    word = _word(random)
    auth = _base64(f"admin:{word}")
    return f"> Authorization: Basic {auth}", (word, auth.rstrip("="))


def _aws(random: Random) -> tuple[str, tuple[str, ...]]:
    key, secret = "AKIA" + _word(random, 16, string.ascii_uppercase), _word(random, 40, _LETTERS + "/+")
    return f"aws_access_key_id = {key}\naws_secret_access_key = {secret}", (key, secret)


def _gcp(random: Random) -> tuple[str, tuple[str, ...]]:
    text, needles = _pem(random, " ")
    text = text.replace("  ", " ").replace("BEGIN  ", "BEGIN ")
    return json.dumps({"type": "service_account", "private_key": text + "\n", "client_email": "a@b.example"}), needles


def _azure(random: Random) -> tuple[str, tuple[str, ...]]:
    key = _base64(_word(random, 64))
    return (
        f"DefaultEndpointsProtocol=https;AccountName=store;AccountKey={key};EndpointSuffix=core.windows.net",
        (key.rstrip("="),),
    )


def _kubeconfig(random: Random) -> tuple[str, tuple[str, ...]]:
    text, needles = _pem(random, "EC ")
    data = _base64(text)
    return f"users:\n- name: admin\n  user:\n    client-key-data: {data}", (data.rstrip("="), *needles)


def _yaml_block(random: Random) -> tuple[str, tuple[str, ...]]:
    one, two = _word(random, 24), _word(random, 24)
    return f"database:\n  password: |\n    {one}\n    {two}\n  host: db", (one, two)


def _secret_object(random: Random) -> tuple[str, tuple[str, ...]]:
    word = _word(random)
    data = _base64(word)
    body = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "db"},
        "data": {"plain": data},
        "stringData": {"x": word},
    }
    return json.dumps(body), (word, data.rstrip("="))


def _secret_yaml(random: Random) -> tuple[str, tuple[str, ...]]:
    data = _base64(_word(random))
    return f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  plain: {data}\ntype: Opaque", (
        data.rstrip("="),
    )


def _env_entry(random: Random) -> tuple[str, tuple[str, ...]]:
    name = random.choice(
        ["DB_PASSWORD", "API_KEY", "SESSION_SECRET", "GITHUB_TOKEN", "MYSQL_PWD", "AWS_SECRET_ACCESS_KEY"]
    )
    word = _word(random)
    return json.dumps({"env": [{"name": "MODE", "value": "prod"}, {"name": name, "value": word}]}), (word,)


def _argument_list(random: Random) -> tuple[str, tuple[str, ...]]:
    word = _word(random)
    return json.dumps({"args": random.choice([["--password", word], [f"--token={word}"], ["mysql", "-uroot", f"-p{word}"], ["sshpass", "-p", word, "ssh", "host"]])}), (word,)  # fmt: skip


def _json_value(random: Random) -> tuple[str, tuple[str, ...]]:
    word = _word(random, 16, _LETTERS + "!#%&*,;:")
    return json.dumps({"level": "info", "db": {"user": "app", "password": word}}), (word,)


_HEX = "0123456789abcdef"
_SMALL = string.ascii_lowercase + string.digits

KINDS: dict[str, Maker] = {
    "bearer token": _either("Authorization: Bearer @", "got header: bearer @@".replace("@@", "@")),
    "service account token": _jwt,
    "basic auth in a URL": _either("fetch https://robot:@@git.example.com/x failed", "proxy http://:@@10.0.0.1:3128"),
    "authorization header": _basic,
    "cookie": _plain("< Set-Cookie: session=@; Path=/"),
    "password in a command line": _either(
        "ps: app --password=@ --port 80", "ps: mysql -uroot -p@ -h db", "ps: mongo -u a -p @ db", "ps: curl -u admin:@ https://x",
        "ps: redis-cli -h cache -a @ ping", "ps: docker login -u me -p @ registry.example.com", "ps: app --api-key @",
        "kubectl create secret generic x --from-literal=anything=@", "ps: ldapsearch -x -D cn=admin -w @ -b dc=x",
    ),
    "environment": _env_entry,
    "environment file": _either("DB_PASSWORD=@", 'export API_TOKEN="@"', "MYSQL_ROOT_PASSWORD='@'"),
    "private key": _pem,
    "private key in a log": _pem_in_a_log,
    "private key that was cut": _pem_cut,
    "AWS keys": _aws,
    "GCP service account": _gcp,
    "Azure storage": _azure,
    "Azure shared access signature": _plain("GET https://store.blob.example.net/c/f?sv=2022&sig=@%3D&se=2026", 40),
    "Google API key": _shaped(lambda random: "AIza" + _word(random, 35), "key @ is not valid"),
    "GitHub token": _shaped(lambda random: "ghp_" + _word(random, 36), "remote: @ denied"),
    "GitLab token": _shaped(lambda random: "glpat-" + _word(random, 20), "using @"),
    "Slack token": _shaped(lambda random: "xoxb-" + _word(random, 30), "slack says invalid_auth for @"),
    "connection string": _either(
        "jdbc:postgresql://db:5432/app?user=app&password=@&ssl=true", "postgres://app:@@db:5432/app?sslmode=disable",
        "mongodb+srv://app:@@cluster0.example.net/app", "amqp://guest:@@mq:5672/%2f", "jdbc:oracle:thin:scott/@@//db:1521/x",
        "Server=db;Database=app;User Id=sa;Password=@;Encrypt=true", "Server=db;Uid=sa;Pwd=@;",
    ),
    "dockerconfigjson": _dockerconfig,
    "kubeadm token": _shaped(
        lambda random: f"{_word(random, 6, _SMALL)}.{_word(random, 16, _SMALL)}",
        f"kubeadm join 10.0.0.1:6443 --token @ --discovery-token-ca-cert-hash sha256:{'ab' * 32}",
        "[bootstrap-token] Using token: @", "TOKEN  TTL\n@   23h  2026-11-24T10:00:00Z",
    ),
    "certificate key": _shaped(
        lambda random: _word(random, 64, _HEX),
        "[upload-certs] Using certificate key:\n@", "kubeadm join x --control-plane --certificate-key @",
    ),
    "netrc": _either("machine git.example.com login bot password @", "machine git.example.com\n  login bot\n  password @"),
    "YAML value": _either("db:\n  password: @\n  host: db", 'db:\n  password: "@"\n', "db:\n  apiKey: '@'\n", "redis:\n  requirepass @"),
    "YAML block": _yaml_block,
    "properties": _either("spring.datasource.password=@", "db.password = @", "<password>@</password>"),
    "kubeconfig": _kubeconfig,
    "Secret object": _secret_object,
    "Secret in YAML": _secret_yaml,
    "arguments of a container": _argument_list,
    "JSON": _json_value,
    "a sentence": _either("generated password: @ for user admin", "created with token:@ and stored"),
}  # fmt: skip
"""Each kind of secret, as a maker of a text and of the pieces of it that are secret."""

PLACES: dict[str, Callable[[str], str]] = {
    "a log": lambda text: f"2026-11-23T10:04:00Z starting\n{text}\n2026-11-23T10:04:01Z failed\n",
    "a log of JSON": lambda text: json.dumps({"level": "error", "msg": text}) + "\n" + json.dumps({"level": "info"}) + "\n",
    "a ConfigMap": lambda text: json.dumps({"kind": "ConfigMap", "metadata": {"name": "app"}, "data": {"app.conf": text, "x": "1"}}),
    "an annotation": lambda text: json.dumps({"kind": "Pod", "metadata": {"name": "web-1", "annotations": {
        "kubectl.kubernetes.io/last-applied-configuration": json.dumps({"kind": "Pod", "spec": {"note": text}})}}}),
    "JSON in JSON in JSON": lambda text: json.dumps({"a": json.dumps({"b": json.dumps({"c": text})})}),
    "an event": lambda text: json.dumps({"kind": "Event", "message": f"Error: {text}", "type": "Warning"}, indent=1),
    "base64": lambda text: f"payload: {_base64(text)}\n",
    "base64 in a ConfigMap": lambda text: json.dumps({"kind": "ConfigMap", "binaryData": {"f": _base64(text)}}),
    "base64 in base64": lambda text: f"x={_base64('data: ' + _base64(text))}",
    "base64 in lines": lambda text: "blob:\n" + textwrap.indent("\n".join(textwrap.wrap(_base64(text), 76)), "    "),
}  # fmt: skip
"""Where a text may stand."""


def plant(seed: int, kind: str) -> Planted:
    """Return a secret of `kind`; the same seed gives the same."""
    text, needles = KINDS[kind](Random(f"{seed} {kind}"))
    return Planted(kind, text, needles)


def leaks(planted: Planted, text: str, size: int = 10) -> list[str]:
    """Return the pieces of `size` characters of the secrets that stand in `text`, plain or as base64."""
    found = []
    for needle in planted.needles:
        pieces = {needle[start : start + size] for start in range(max(1, len(needle) - size + 1))}
        found += [piece for piece in sorted(pieces) if piece in text]
        encoded = _base64(needle).rstrip("=")
        if len(needle) >= size and encoded[4:-4] in text:
            found.append(f"base64 of {needle}")
    return found
