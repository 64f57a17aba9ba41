"""Command lines that take a secret as a plain word, as shells, process lists and lists of arguments hold them.

Between two words stand blanks, or in a list the quotes and a comma: {sep}. {any} are words in between, {word} is the secret.
"""

PARTS = {
    "{sep}": r"(?:[ \t]+|\\*[\"'][ \t]*,\s*\\*[\"'])",
    "{any}": r"[^\n|;&}\]]{0,200}?",
    "{comma}": r"\\*[\"'][ \t]*,\s*\\*[\"']",
    "{gap}": r"(?:[ \t\"',]|\\n)",
    "{one}": r"[^\s\"',|;&]+",
    "{word}": r"[\\\"']*([^\s\"'\\,|;&)}\]-][^\s\"'\\,|;&)]*)",
}

PASSWORD_FLAGS: tuple[tuple[str, str, str, bool], ...] = (
    # literals, programs, the flag that takes a password, whether the password may follow without a blank
    ("mysql mariadb mongo sshpass login smbclient pg_", r"(?:mysql[a-z_]*|mariadb[a-z-]*|mongo[a-z]*|sshpass|cqlsh|(?:docker|podman|buildah|registry|nerdctl|oc|az|crane[ \t]+auth|skopeo|helm[ \t]+registry)[ \t]+login|az[ \t]+login)", "-p", True),
    ("login cqlsh usermod useradd", r"(?:login|cqlsh|usermod|useradd)", "-p", False),
    ("sqlcmd mosquitto ipmitool bcp", r"(?:sqlcmd|bcp|mosquitto_[a-z]+|ipmitool)", "-P", False),
    ("redis-cli ldap", r"(?:redis-cli|ldap(?:search|modify|add|whoami|passwd|delete))", "-[aw]", False),
    ("snmp", r"snmp(?:get|walk|bulkwalk|bulkget|getnext|set|table|status|trap|df)", "-[cAX]", False),
    ("openssl", r"openssl", "-k", False),
    ("doctl", r"doctl", "-t", False),
    ("auth.password", r"node\.session\.auth\.password(?:_in)?", "-v", False),
)  # fmt: skip

COMMANDS: tuple[tuple[str, str], ...] = (
    # literals, and a pattern whose last group is the secret
    ("curl wget", r"(?i)\bcurl\b{any}{gap}(?:-u|--user|--proxy-user)(?:[ \t=]+|\\*\"[ \t]*,[ \t]*\\*\")?[\\\"']*[^\s:\"'\\,]+:([^\s\"'\\,]+)"),
    ("--user creds basic-auth --credentials", r"(?i)--(?:user|userpwd|(?:src-|dest-)?creds|http-basic-auth|credentials)(?:=|{sep})[\\\"']*[A-Za-z0-9_.@-]+:([^\s\"'\\,:]*[A-Za-z][^\s\"'\\,:]*)"),
    ("http -a", r"\bhttps?{any}{gap}-a{sep}[\\\"']*[^\s:\"'\\,]+:([^\s\"'\\,]+)"),
    ("user add", r"\betcdctl\b{any}user[ \t]+add[ \t]+[A-Za-z0-9_.-]+:([^\s\"'\\,]+)"),
    ("vault", r"\bvault{sep}(?:login|operator{sep}unseal|unwrap|token{sep}(?:lookup|renew|revoke)){sep}{word}"),
    ("alias host", r"\bmc{sep}(?:alias{sep}(?:set|s|import)|config{sep}host{sep}add){sep}{one}{sep}{one}{sep}{one}{sep}{word}"),
    ("admin user", r"\bmc{sep}admin{sep}user{sep}add{sep}{one}{sep}{one}{sep}{word}"),
    ("pass:", r"\bpass:([^\s\"'\\,;]*[^\s\"'\\,;:.])"),
    ("chpasswd", r"[A-Za-z0-9_.-]+:([^\s\"'\\|%:]+)[\\\"']*[ \t]*\|[ \t]*(?:sudo[ \t]+)?(?:\S*/)?chpasswd"),
    ("chpasswd stdin sudo token", r"(?:echo(?:[ \t]+-[neE]+)?|printf)[ \t]+(?:[\\\"'][^\"'\\]*%s[^\"']*[\"'][ \t]+)?[\\\"']*([^\s\"'\\|$%][^\s\"'\\|]*)[\\\"']*[ \t]*\|[^|\n]*(?:--password-stdin|--stdin|chpasswd|sudo[ \t]+-S|--with-token|tee[ \t]\S*(?:pass|token|secret))"),
    ("<<<", r"(?:--with-token|sudo[ \t]+-S|passwd|chpasswd|--password-stdin|--stdin|login)\b[^\n|;&]{0,80}<<<[ \t]*{word}"),
    ("htpasswd", r"(?m)\bhtpasswd\b[^\n|;&]{0,80}?{gap}-[a-zA-Z]*b[a-zA-Z]*[^\n|;&\]]*{sep}{word}[ \t\"'\\]*(?:$|[|;&\]]|\\n)"),
    ("obscure", r"\brclone{sep}obscure{sep}{word}"),
    ("reset-admin-password", r"\breset-admin-password{sep}{word}"),
    ("mysqladmin", r"\bmysqladmin\b{any}{gap}password{sep}{word}"),
    ("rabbitmqctl", r"\brabbitmqctl\b{any}(?:add_user|change_password|authenticate_user){sep}{one}{sep}{word}"),
    ("activate-refresh", r"\bactivate-refresh-token{sep}{one}{sep}{word}"),
    ("smbclient", r"\bsmb(?:client|get|tree)\b{any}{gap}-U{sep}[\\\"']*[^\s%\"',]+%([^\s\"'\\,]+)"),
    ("lftp", r"\blftp\b{any}{gap}-u{sep}[\\\"']*[^\s,\"']+,([^\s\"'\\,]+)"),
    ("/p:", r"(?i)[ \t]/p:([^\s\"'\\,]+)"),
    ("/user:", r"(?i)\bnet[ \t]+use\b{any}/user:{one}[ \t]+{word}"),
    ("community", r"(?i)\b(?:r[ow]community6?|snmp-server[ \t]+community)[ \t]+{word}"),
    ("--from-literal", r"--from-literal(?:[ \t=]+|\\*\"[ \t]*,[ \t]*\\*\")[^=\s\"'\\]+=\\*[\"']?([^\s\"'\\,]+)"),
    ("private-key", r"private-key[ \t]+<\(echo[ \t]+([^\s)]+)"),
    ("--key", r"--key(?:=|{sep})(AQ[A-Za-z0-9+/=]{30,})"),
    ("user", r"\buser[ \t]+[A-Za-z0-9_.-]+[ \t]+on\b[^\n]{0,100}?[ \t]>([^\s\"'\\]+)"),
)  # fmt: skip


def with_flag(programs: str, flag: str, *, glued: bool) -> str:
    """Return the pattern of a password behind `flag` of `programs`, in a shell and in a list."""
    blank, comma = ("[ \\t]*", "(?:{comma})?") if glued else ("[ \\t]+", "{comma}")
    return rf"\b{programs}\b{{any}}(?:[ \t]{flag}{blank}|\\*[\"']{flag}{comma}){{word}}"
