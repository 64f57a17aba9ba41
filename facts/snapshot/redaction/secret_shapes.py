"""What secrets look like in text and JSON, as data: by their own shape, or by fixed words around them."""

import msgspec

from facts.snapshot.redaction import secret_commands, vendor_tokens


class Shape(msgspec.Struct, frozen=True):
    """How a kind of secret is found. Of the groups of `pattern`, the last that takes part is the secret.

    `literals` are lower-case texts, blank-separated, one of which must be there. With `careful`, what reads like a word of a
    sentence is no secret; with `random`, only what looks made up by a machine is one.
    """

    kind: str
    literals: str
    pattern: str
    careful: bool = False
    random: bool = False

    @property
    def expression(self) -> str:
        """Return the pattern with its parts put in."""
        text = self.pattern
        for name, part in secret_commands.PARTS.items():
            text = text.replace(name, part)
        return text


SHAPES: tuple[Shape, ...] = (
    Shape("jwt", "eyj", r"\b(eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?)"),
    Shape("cloud-key", vendor_tokens.LITERALS, vendor_tokens.PATTERN),
    Shape("cloud-key", "hooks. webhook", r"(?i)((?:hooks\.slack\.com/(?:services|workflows|triggers)|hooks\.zapier\.com/hooks/catch|[a-z]+\.com/api/webhooks)/[A-Za-z0-9/_-]+)"),
    Shape("secret", "webhook", r"(?i)/IncomingWebhook/([A-Za-z0-9_-]{12,})"),
    Shape("secret", "/bot", r"/bot([0-9]{6,12}:[A-Za-z0-9_-]{30,})"),
    Shape("secret", "/hook", r"(?i)/hooks?/([A-Za-z0-9_-]{16,})", random=True),
    Shape("secret", "/integration/", r"/integration/([A-Za-z0-9]{12,})", random=True),
    Shape("secret", "/webhook/send?key=", r"/webhook/send\?key=([A-Za-z0-9-]{12,})"),
    # Headers. The scheme stays, what follows it does not.
    Shape(
        "secret",
        "authorization",
        r"(?i)authorization\\*[\"']?[ \t]*[:=][ \t]*\[?\\*[\"']?(?:[A-Za-z][A-Za-z0-9-]*[ \t]+)?([^\s\"'\\\]][^\n\"'\\\]]*)",
    ),
    Shape("secret", "signature=", r"(?i)\bAWS4-HMAC-[^\n\"']{0,300}?Signature=([A-Za-z0-9]+)"),
    Shape("secret", "digest", r"(?i)\bDigest[ \t][^\n]{0,300}?\bresponse=\\*\"([^\"\\]+)"),
    Shape("secret", "bearer", r"(?i)\bbearer\s+([A-Za-z0-9._~+/=-]{16,})"),
    Shape("secret", "cookie", r"(?i)cookies?\\*[\"']?[ \t]*[:=][ \t]*[\[{]*\\*[\"']?([A-Za-z0-9_.$!%-]+\\*[\"']?[ \t]*[=:][^\n\"\\\]]*)"),
    Shape("secret", "sessionid sessid connect.sid", r"(?i)\b(?:[A-Z]*sess(?:ion)?_?id|connect\.sid)=([A-Za-z0-9%._-]{12,})", random=True),
    # What kubeadm prints: `token: T`, `Using token: T`, a table of tokens, a token alone; the key of certificates.
    Shape("secret", "token", r"(?i:token):?[ \t]+([a-z0-9]{6}\.[a-z0-9]{16})\b"),
    Shape("secret", ".", r"(?m)(?:^|\\n)[ \t]*([a-z0-9]{6}\.[a-z0-9]{16})(?:[ \t]+(?:[0-9]+[hms]|<)|[ \t\r]*(?:$|\\))"),
    Shape("secret", "certificate key:", r"(?i)certificate key:(?:\s|\\+[nt])*([0-9a-f]{64})\b"),
    # Data sources of Go's MySQL driver; lines of .pgpass; hashes of passwords.
    Shape("secret", "@tcp( @unix( @udp( @/ @(", r"[A-Za-z0-9_.-]+:([^\s\"'\\]+)@(?:(?:tcp6?|unix|udp)?\(|/[a-z0-9_]+(?:[?\s\"']|$))"),
    Shape("secret", ":", r"(?m)^[ \t]*(?:[A-Za-z0-9_.-]+|\*):(?:[0-9]{2,5}|\*):[A-Za-z0-9_.*-]+:[A-Za-z0-9_.*-]+:([^\s:\"'\\]{6,})[ \t\r]*$", random=True),
    Shape("secret", "$", r"(\$(?:[1569y]|2[abxy]?|apr1|argon2[id]{1,2}|pbkdf2[a-z0-9-]*|scram[a-z0-9-]*)\$[A-Za-z0-9./$=,+-]{12,})"),
    Shape("secret", "sha}", r"(?i)(\{S?SHA[0-9]*\}[A-Za-z0-9+/=.]{20,})"),
    Shape("secret", "scram-sha-256$", r"(SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=:$]{20,})"),
    Shape("secret", "jdbc:oracle:", r"(?i)jdbc:oracle:[a-z]+:[^/\s\"'\\]+/([^@\s\"'\\]+)@"),
    Shape("secret", "pwd", r"(?i);[ \t]*pwd[ \t]*=[ \t]*([^;\s\"'\\]+)"),
    # Shared access signatures, presigned URLs, and other secrets in the query of a URL.
    Shape("secret", "sig=", r"(?i)[?&;]sig=([A-Za-z0-9%+/=_-]{12,})"),
    Shape("secret", "signature=", r"(?i)(?:x-(?:amz|goog)-|[?&])signature=([0-9a-zA-Z%/+=_-]{24,})"),
    Shape("secret", "key= auth= jwt= code= sid= session= ticket=", r"(?i)[?&](?:key|auth|jwt|code|sid|session|ticket)=([A-Za-z0-9%._~+/=-]{12,})", random=True),
    # netrc, on one line or several; SQL; the configuration of Redis.
    Shape("secret", "login", r"(?i)\b(?:machine(?:\s|\\+[nt])+[^\s\"'\\]+|default)(?:\s|\\+[nt])+login(?:\s|\\+[nt])+[^\s\"'\\]+(?:\s|\\+[nt])+password(?:\s|\\+[nt])+([^\s\"'\\]+)"),
    Shape("secret", "identified password", r"(?i)\b(?:identified(?:[ \t]+with[ \t]+[a-z0-9_]+)?[ \t]+(?:by|as)|password)(?:[ \t]*\([ \t]*|[ \t]+)'([^'\n\"\\]+)'"),
    Shape("secret", "requirepass masterauth", r"(?im)(?:^|\\n)[ \t]*(?:requirepass|masterauth)[ \t]+([^\s\"'\\]{2,})"),
    # `auth` of a Docker configuration: base64 of user:password.
    Shape("secret", "auth", r'"auth\\*"\s*:\s*\\*"([A-Za-z0-9+/]{8,}={0,2})\\*"'),
    Shape("secret", "initial password", r"(?i)password[^\n\"']{0,80}:?\s*\n\s*\n?([0-9a-f]{32})\b"),
    Shape("secret", "loginmodule", r"LoginModule[^}]{0,600}?\buser_[A-Za-z0-9_.-]+=\\*\"([^\"\\]+)"),
    Shape("secret", ".auth(", r"\.auth\([\"'][^\"'\n]+[\"'],[ \t]*[\"']([^\"'\n]+)[\"']\)"),
    *(
        Shape("secret", literals, secret_commands.with_flag(programs, flag, glued=glued))
        for literals, programs, flag, glued in secret_commands.PASSWORD_FLAGS
    ),
    *(Shape("secret", literals, pattern) for literals, pattern in secret_commands.COMMANDS),
)  # fmt: skip
"""Found by what they are, or by fixed words around them."""
