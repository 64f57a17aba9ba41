"""What secrets look like in text and JSON, as data: some by their own shape, most by the name that stands before them."""

import re

import msgspec

_PARTS = {
    # What the shapes are made of: the name of something secret; what stands between the quotes of a JSON string; the
    # quote of a string inside a JSON string, and what stands between those; the quote still deeper; the start of a line.
    "{key}": r"([A-Za-z0-9_.-]*(?:password|passwd|passphrase|passcode|[_-]pass|[_-]pwd|secret|token|credentials?"
    r"|(?:api|access|secret|private|account|encryption|signing|auth|certificate|license|master|shared|storage|ssh|hmac)"
    r"[_-]?key|key[_-]data|[_-]auth))",
    "{string}": r'(?:[^"\\]|\\.)*',
    "{quote}": r'\\"',
    "{deep}": r'\\\\\\(?:\\\\)*"',
    "{inner}": r'(?:[^"\\]|\\\\(?:\\.|[^\\"]))*',
    "{line}": r"(?:^|\\n)(?:[ \t]|[<>*|]|- )*",
    "{word}": r"[^\s\"'\\,;&)}\]]+",
}


class Shape(msgspec.Struct, frozen=True):
    """How a kind of secret is found. Of the groups of `pattern`, the last that takes part is the secret.

    `literals` are lower-case texts, blank-separated, one of which must be there. `keyed` shapes have the name of the
    secret as their first group. With `quoted`, the group before the secret is the quote that the token needs. With
    `careful`, what reads like a word of a sentence is no secret.
    """

    kind: str
    literals: str
    pattern: str
    keyed: bool = False
    quoted: bool = False
    careful: bool = False

    @property
    def expression(self) -> str:
        """Return the pattern with its parts put in."""
        text = self.pattern
        for name, part in _PARTS.items():
            text = text.replace(name, part)
        return text


def _keyed(pattern: str, **more: bool) -> Shape:
    return Shape("secret", KEY_WORDS, pattern, keyed=True, **more)


KEY_WORDS = "pass pwd secret token credential key auth"
"""Every `{key}` has one of these in it."""

SHAPES: tuple[Shape, ...] = (
    Shape("jwt", "eyj", r"\b(eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?)"),
    Shape(
        "cloud-key",
        "akia asia aiza gocspx- ya29. q~ ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glrt- glcbt- xox xapp- "
        "hooks.slack sk_live_ rk_live_ sk- sg. hvs. hvb. npm_ pypi- dckr_pat_ dop_v1_ age-secret-key-",
        (
            r"\b((?:AKIA|ASIA)[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}|GOCSPX-[0-9A-Za-z_-]{20,}|ya29\.[A-Za-z0-9_-]{20,}"
            r"|[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}"
            r"|gl(?:pat|dt|rt|cbt)-[A-Za-z0-9_-]{20,}|xox[abeprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{20,}"
            r"|hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/]+|[sr]k_live_[A-Za-z0-9]{16,}"
            r"|sk-(?:[a-z]{2,8}-)?[A-Za-z0-9_-]{32,}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|hv[sb]\.[A-Za-z0-9_-]{20,}"
            r"|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{50,}|dckr_pat_[A-Za-z0-9_-]{20,}|dop_v1_[0-9a-f]{64}"
            r"|AGE-SECRET-KEY-1[0-9A-Z]{50,})"
        ),
    ),
    Shape(
        "secret",
        "authorization",
        r"(?i)authorization\\*[\"']?\s*[:=]\s*\[?\\*[\"']?(?:bearer|basic|digest|negotiate|token)\s+([^\s\"'\\,\]]+)",
    ),
    Shape("secret", "bearer", r"(?i)\bbearer\s+([A-Za-z0-9._~+/=-]{16,})"),
    Shape("secret", "cookie:", r"(?i)\bcookie:[ \t]*([^\s\"'\\][^\n\"'\\]*)"),
    # What kubeadm prints: `token: T`, `Using token: T`, a table of tokens, a token alone; the key of certificates.
    Shape("secret", "token", r"(?i:token):?[ \t]+([a-z0-9]{6}\.[a-z0-9]{16})\b"),
    Shape("secret", ".", r"(?m)(?:^|\\n)([a-z0-9]{6}\.[a-z0-9]{16})(?:[ \t]+(?:[0-9]+[hms]|<)|[ \t\r]*(?:$|\\))"),
    Shape("secret", "certificate key:", r"(?i)certificate key:(?:\s|\\+[nt])*([0-9a-f]{64})\b"),
    Shape("secret", "://", r"://[^\s/:@\"'\\]*:([^\s/\"'\\]+)@"),
    Shape("secret", "jdbc:oracle:", r"(?i)jdbc:oracle:[a-z]+:[^/\s\"'\\]+/([^@\s\"'\\]+)@"),
    Shape("secret", "pwd", r"(?i);[ \t]*pwd[ \t]*=[ \t]*([^;\s\"'\\]+)"),
    # Shared access signatures and presigned URLs.
    Shape("secret", "sig=", r"(?i)[?&;]sig=([A-Za-z0-9%+/=_-]{16,})"),
    Shape("secret", "signature=", r"(?i)x-(?:amz|goog)-signature=([0-9a-f]{32,})"),
    # netrc, on one line or several; SQL; the configuration of Redis.
    Shape("secret", "login", r"(?i)\b(?:machine(?:\s|\\+[nt])+[^\s\"'\\]+|default)(?:\s|\\+[nt])+login(?:\s|\\+[nt])+[^\s\"'\\]+(?:\s|\\+[nt])+password(?:\s|\\+[nt])+([^\s\"'\\]+)"),
    Shape("secret", "identified password", r"(?i)\b(?:identified by|with password|password)[ \t]+'([^'\n\"\\]+)'"),
    Shape("secret", "requirepass masterauth", r"(?im)(?:^|\\n)[ \t]*(?:requirepass|masterauth)[ \t]+([^\s\"'\\]{2,})"),
    # Flags of one letter, after programs that take a password so: in a shell, and as members of a JSON list.
    Shape(
        "secret",
        "mysql mariadb mongo sshpass login smbclient pg_",
        (
            r"(?i)\b(?:mysql[a-z_]*|mariadb[a-z-]*|mongo[a-z]*|sshpass|(?:docker|podman|registry|nerdctl|oc|az|crane|skopeo)"
            r"[ \t]+login)\b[^\n|;&}\]]{0,200}?[ \t\"',]-p(?:[ \t]+|\\*\"[ \t]*,[ \t]*\\*\")?([^\s\"'\\,-][^\s\"'\\,]*)"
        ),
    ),
    Shape(
        "secret",
        "redis-cli ldap",
        (
            r"(?i)\b(?:redis-cli|ldap(?:search|modify|add|whoami))\b[^\n|;&}\]]{0,200}?[ \t\"',]-[aw]"
            r"(?:[ \t]+|\\*\"[ \t]*,[ \t]*\\*\")([^\s\"'\\,-][^\s\"'\\,]*)"
        ),
    ),
    Shape(
        "secret",
        "curl wget",
        r"(?i)\bcurl\b[^\n|;}\]]{0,300}?[ \t\"',](?:-u|--user|--proxy-user)(?:[ \t=]+|\\*\"[ \t]*,[ \t]*\\*\")?[\\\"']*"
        r"[^\s:\"'\\,]+:([^\s\"'\\,]+)",
    ),
    Shape("secret", "--from-literal", r"--from-literal(?:[ \t=]+|\\*\"[ \t]*,[ \t]*\\*\")[^=\s\"'\\]+=\\*[\"']?([^\s\"'\\,]+)"),
    # `auth` of a Docker configuration: base64 of user:password.
    Shape("secret", "auth", r'"auth\\*"\s*:\s*\\*"([A-Za-z0-9+/]{8,}={0,2})\\*"'),
    Shape("secret", "initial password", r"(?i)password[^\n\"']{0,80}:?\s*\n\s*\n?([0-9a-f]{32})\b"),
)  # fmt: skip
"""Found by what they are, or by fixed words around them."""

KEYED: tuple[Shape, ...] = (
    # The environment of a container: JSON, JSON in JSON (the annotation of `kubectl apply`), YAML.
    _keyed(r'"name"\s*:\s*"{key}"\s*,\s*"value"\s*:\s*"({string})'),
    _keyed(r"{quote}name{quote}\s*:\s*{quote}{key}{quote}\s*,\s*{quote}value{quote}\s*:\s*{quote}({inner})"),
    _keyed(r"{deep}name{deep}\s*:\s*{deep}{key}{deep}\s*,\s*{deep}value{deep}\s*:\s*{deep}([^\"\\]*)"),
    _keyed(r"name:[ \t]+[\"']?{key}[\"']?[ \t]*\n\s*value:[ \t]+(?:\"([^\"\n]+)\"|'([^\n']+)'|([^\s\"'][^\n\"']*))"),
    _keyed(r"name:[ \t]+{key}[ \t]*\\n[ \t]*value:[ \t]+(?:\\\"([^\"\\]+)|([^\s\"'\\][^\\\"']*))"),
    # A key and its value: JSON and JSON in JSON, a number there, the dictionary of Python.
    _keyed(r'{key}(?:"\s*:\s*"({string})|{quote}\s*:\s*{quote}({inner})|{deep}\s*:\s*{deep}([^"\\]*))'),
    _keyed(r'{key}("|{quote}|{deep})\s*:\s*(-?[0-9][0-9.eE+-]*)', quoted=True),
    _keyed(r"{key}'\s*:\s*'([^'\n\"\\]*)"),
    # `KEY=value` as one string of a JSON list, as a line of `env`, as a word of a sentence or of a URL.
    _keyed(r'"{key}=({string})"'),
    _keyed(r"{line}(?:export[ \t]+|Environment=)?{key}=([^\s\"'\\{][^\n\"'\\]*)"),
    _keyed(r"{key}[ \t]?=[ \t]?(?:\\*\"([^\"\\]+)|'([^'\n\"\\]+)|({word}))"),
    _keyed(r"<{key}>([^<\n\"\\]+)<"),
    # A flag and its value: two words, two members of a JSON list.
    _keyed(r"--{key}[ \t]+([^\s\"'\\-][^\s\"'\\]{4,})"),
    _keyed(r'--{key}"\s*,\s*"({string})"'),
    _keyed(r"--{key}{quote}\s*,\s*{quote}({inner}){quote}"),
    _keyed(r'--{key}{deep}\s*,\s*{deep}([^"\\]*)'),
    # YAML, a header of HTTP; then in the middle of a sentence.
    _keyed(r"{line}{key}:[ \t]+(?:'([^'\n\"\\]+)|([^\s\"'\\{\[|>&*!][^\n\"\\]*))"),
    _keyed(r'^(?:[ \t]|- )*{key}:[ \t]+"({string})"'),
    _keyed(r"\\n(?:[ \t]|- )*{key}:[ \t]+{quote}({inner}){quote}"),
    _keyed(r"\\n(?:[ \t]|- )*{key}:[ \t]+{deep}([^\"\\]+)"),
    _keyed(r"{key}:[ \t]?([^\s\"'\\,;&)}\]]*[0-9!@#$%^*][^\s\"'\\,;&)}\]]*)", careful=True),
)  # fmt: skip
"""Found by the name before them. Of two that fit at the same place the first counts."""

PLAIN = frozenset({b"", b"true", b"false", b"null", b"none", b"nil", b"must", b"cannot", b"should", b"yes", b"no"})
"""Values that are placeholders, not secrets."""

NAMING = (b"existingsecret", b"pullsecret", b"tlssecret", b"secretref", b"secretname")
"""Keys whose value is the name of a Secret, which a diagnosis needs."""

PLACEHOLDER = re.compile(
    rb"REDACTED-|\$(?:[({]|[A-Z_][A-Z0-9_]*$)|\{\{|%[a-zA-Z]$|<[a-z][a-z _/'.-]*(?:>.*)?$|\[?(?:redacted|hidden|masked)\b"
    rb"|(?:os\.|process\.env|env\.|system\.|getenv|environ|settings\.|config[.(\[])",
    re.IGNORECASE,
)
"""How a placeholder for a secret begins."""

NAME_OF_OBJECT = re.compile(rb"[a-z0-9]([a-z0-9.-]*[a-z0-9])?/[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
"""`namespace/name`, as the kubelet writes which Secret it means."""

WORDLIKE = re.compile(
    rb"[A-Za-z_./:-]*[0-9]{0,2}:?|[0-9]+(?:\.[0-9]+)?[a-zA-Z%]{0,3}|.{0,5}|(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?::[0-9]+)?|/.*"
)
"""What reads like a word, a number, an address or a path rather than a secret."""
