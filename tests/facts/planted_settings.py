"""Secrets in the texts of planted.yaml, and in those that a template cannot make."""

import itertools
import json
import string
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

import yaml

from tests.facts.planted_words import HEX, LETTERS, SMALL, Made, Maker, encoded, filled, prefixed, word

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_URL = LETTERS + "_-"


def _quoted_tail(random: Random) -> Made:
    head, tail = word(random), word(random)
    text = random.choice(
        [
            f'password="{head}\\"{tail}" port=80', f"password='{head}''{tail}' port=80", f'password="{head}""{tail}"\n',
            f'db:\n  password: "{head}\\"{tail}"\n  x: 1', f"db:\n  password: '{head}''{tail}'\n  x: 1",
            json.dumps({"password": f'{head}"{tail}'}), json.dumps({"msg": json.dumps({"token": f'{head}"{tail}'})}),
            json.dumps({"password": f"{head}\\{tail}"}), f'DB_PASSWORD="{head}\\"{tail}"', f'user,"password=""{head}{tail}""",x',
            json.dumps({"msg": f'login with password="{head}\'{tail}" failed'}),
        ]
    )  # fmt: skip
    return text, (head, tail)


def _value_first(random: Random) -> Made:
    secret = word(random)
    name = random.choice(["DB_PASSWORD", "API_KEY", "SECRET_KEY_BASE", "DBPASS", "TOKEN_GITHUB"])
    entry = {"value": secret, "name": name}
    body = random.choice(
        [
            json.dumps({"env": [entry, {"name": "MODE", "value": "prod"}]}),
            json.dumps({"env": [entry]}, indent=2),
            json.dumps({"a": json.dumps({"env": [entry]})}),
            f"env:\n- value: {secret}\n  name: {name}\n",
            f'env:\n  - value: "{secret}"\n    name: {name}\n',
        ]
    )
    return body, (secret,)


def _jaas(random: Random) -> Made:
    secret = word(random)
    login = f'org.apache.kafka.common.security.plain.PlainLoginModule required username="app" password="{secret}";'
    return random.choice([f"sasl.jaas.config={login}", json.dumps({"sasl.jaas.config": login}), f'KafkaServer {{\n  {login}\n   user_admin="{secret}";\n}};']), (secret,)  # fmt: skip


def _encoded_json(random: Random) -> Made:
    secret = word(random)
    document = json.dumps({"user": "app", "password": secret, "nested": json.dumps({"apiKey": secret})})
    return random.choice([document, f"config={encoded(document)}", json.dumps({"data": encoded(document)})]), (secret,)


def _crypt(random: Random) -> Made:
    hashed = word(random, 86, LETTERS + "./")
    bcrypt = word(random, 53, LETTERS + "./")
    return random.choice(
        [
            (f"root:$6$saltsalt${hashed}:19700:0:99999:7:::", (hashed,)),
            (f"admin:$apr1$saltsalt${hashed[:22]}", (hashed[:22],)),
            (f"admin:$2y$10${bcrypt}", (bcrypt,)),
            (f"admin.password: $2a$10${bcrypt}", (bcrypt,)),
            (f"users:\n- name: ops\n  passwd: $6$rounds=4096$saltsalt${hashed}", (hashed,)),
            (f"userPassword: {{SSHA}}{hashed[:38]}", (hashed[:38],)),
        ]
    )


_TOKENS = (
    ("AKIA", 16, _UPPER), ("ASIA", 16, _UPPER), ("AIza", 35, _URL), ("GOCSPX-", 28, _URL), ("ya29.", 60, _URL),
    ("ghp_", 36, LETTERS), ("gho_", 36, LETTERS), ("ghs_", 36, LETTERS), ("github_pat_", 82, LETTERS + "_"), ("glpat-", 20, _URL),
    ("glrt-", 20, _URL), ("gldt-", 20, _URL), ("glptt-", 40, HEX), ("glsoat-", 20, _URL), ("glcbt-1_", 20, _URL), ("GR1348941", 20, _URL),
    ("xoxb-", 30, LETTERS), ("xoxp-", 40, LETTERS), ("xapp-1-", 40, LETTERS), ("sk_live_", 24, LETTERS), ("rk_live_", 24, LETTERS),
    ("sk_test_", 24, LETTERS), ("whsec_", 32, LETTERS), ("sk-", 48, LETTERS), ("sk-proj-", 48, _URL), ("sk-ant-api03-", 95, _URL), ("hvs.", 90, _URL),
    ("hvb.", 140, _URL), ("npm_", 36, LETTERS), ("pypi-AgEIcHlwaS5vcmc", 60, _URL), ("dckr_pat_", 27, _URL), ("dckr_oat_", 32, _URL), ("dop_v1_", 64, HEX),
    ("doo_v1_", 64, HEX), ("dor_v1_", 64, HEX), ("glc_eyJ", 100, LETTERS), ("glsa_", 41, LETTERS + "_"), ("rubygems_", 48, HEX),
    ("hf_", 34, LETTERS), ("dapi", 32, HEX), ("shpat_", 32, HEX), ("shpss_", 32, HEX), ("lin_api_", 40, LETTERS), ("PMAK-", 59, HEX + "-"),
    ("NRAK-", 27, _UPPER), ("NRII-", 32, _URL), ("pul-", 40, HEX), ("sbp_", 40, HEX), ("ATATT3", 186, _URL), ("ATCTT3", 186, _URL), ("SG.", 66, _URL.replace("-", ".")),
    ("AKCp", 69, LETTERS), ("LTAI", 20, LETTERS), ("EAAA", 60, LETTERS), ("figd_", 40, _URL), ("dp.pt.", 43, LETTERS), ("dp.st.prd.", 43, LETTERS),
    ("tskey-client-", 40, LETTERS), ("nvapi-", 64, _URL), ("gsk_", 52, LETTERS), ("xai-", 80, LETTERS), ("r8_", 37, LETTERS), ("pat-na1-", 36, HEX + "-"),
    ("ntn_", 46, LETTERS), ("sntrys_", 60, LETTERS), ("sntryu_", 64, HEX), ("phc_", 43, LETTERS), ("phx_", 43, LETTERS), ("vercel_", 40, LETTERS),
    ("FlyV1 fm2_", 120, LETTERS), ("ops_eyJ", 260, LETTERS), ("AGE-SECRET-KEY-1", 58, _UPPER), ("CCIPAT_", 64, LETTERS), ("bkua_", 40, HEX),
)  # fmt: skip


def _members(random: Random) -> Made:
    """Return a command as the members of a JSON list."""
    secret = word(random)
    command = random.choice(
        [
            ["etcdctl", "--user", f"root:{secret}", "member", "list"],
            ["vault", "login", secret],
            ["mc", "alias", "set", "store", "http://minio:9000", "admin", secret],
            ["openssl", "rsa", "-in", "k.pem", "-passin", f"pass:{secret}"],
            ["sh", "-c", f"echo root:{secret} | chpasswd"],
            ["redis-server", "--requirepass", secret],
            ["psql", f"postgres://app:{secret}@db/app"],
            ["app", "--db-pass", secret],
        ]
    )
    return json.dumps({"command": command}), (secret,)


_SIGNS = LETTERS + "!#%&*+,;:=/?@^~-"
_WORDS: dict[str, Callable[[Random], str]] = {
    "ceph": lambda random: "AQ" + word(random, 36) + "==",
    "joining": lambda random: f"K10{word(random, 64, HEX)}::server:{word(random, 32, HEX)}",
    "swarm and others": lambda random: f"SWMTKN-1-{word(random, 50, SMALL)}-{word(random, 25, SMALL)}",
    "tailnet": lambda random: f"tskey-auth-{word(random, 12)}CNTRL-{word(random, 32)}",
    "symbols in a flag": partial(word, alphabet=LETTERS + "!#$%&*,;:=+/?"),
    "symbols in a value": partial(word, alphabet=_SIGNS),
    "token in a URL": partial(word, length=40),
    "slash in a URL's password": lambda random: f"{word(random, 8)}/{word(random, 8)}",
    "signs in a URL's password": lambda random: f"{word(random, 6)}#{word(random, 6)}?{word(random, 6)}",
    "at in a URL's password": lambda random: f"{word(random, 8)}@{word(random, 8)}",
    "token of a vendor": prefixed(*_TOKENS),
    "WireGuard": lambda random: encoded(word(random, 32)),
    "one-time passwords": partial(word, length=32, alphabet=_UPPER),
    "letters alone": lambda random: "".join(random.choices(string.ascii_lowercase, k=16)),
    "words with blanks": lambda random: " ".join(word(random, 11, SMALL) for _ in range(3)),
}
"""What a secret of a kind is made of, if it is not a word of letters and digits."""

TEMPLATES: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("planted.yaml").read_text())

COMMANDS = tuple(itertools.takewhile("Go MySQL data source".__ne__, TEMPLATES))
"""The kinds that are command lines."""

SETTINGS: dict[str, Maker] = {
    **{kind: filled(_WORDS.get(kind, word), texts) for kind, texts in TEMPLATES.items()},
    "members of a list": _members,
    "quotes escaped or doubled": _quoted_tail,
    "value before name": _value_first,
    "Kafka": _jaas,
    "base64 and JSON": _encoded_json,
    "password hashes": _crypt,
}
"""Each kind, as a maker of a text and of the pieces of it that are secret."""
