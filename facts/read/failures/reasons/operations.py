"""Names what was tried, in small words: in comes "Failed to ensure lease exists, will retry", out goes "ensure lease exists"."""

import re

from facts.read.failures.reasons.patterns import Lazy

_TRY = Lazy(
    r"(?:[Ff]ailed|[Uu]nable|[Cc]ould(?: not|n't)|[Cc]an(?: ?not|'t)|[Ff]ailure|[Rr]efus(?:ed|ing)|[Uu]nsuccessful(?:ly)?)(?: attempt)?(?: to)? +(?P<verb>(?!(?:to|be|for|with|because|in|on|at|due|after|during|while|when|and|or|by|from|as|health|error|but|so|liveness|readiness|startup)\b)[a-z]\w*(?: [^\s:;,\"'\[({=.]+){0,6})"
)
_GERUND = Lazy(
    r"(?:[Ee]rror|[Ff]ailed|[Ff]ailure|[Pp]roblem|[Ee]xception|[Ee]rrors)(?: occurred| encountered| happened)?(?: while| when| during| in| on| at)? +(?P<verb>(?!(?:during|being|nothing|something|string|following|pending|missing|existing|incoming|running|remaining)\b)[a-z]\w{2,20}ing(?: [^\s:;,\"'\[({=.]+){0,6})"
)
_STARTUP = Lazy(r"(?:during|in|at) (?P<what>[\w-]{2,40}) startup")
_NAMED = Lazy(r"(?:^|: |\n|\" )(?P<verb>[A-Za-z][\w.]{2,40}(?: [\w./-]+){0,5}?) (?:has |have |had )?failed\b")
_CAMEL = Lazy(r"^(?P<verb>[A-Z][a-z]+(?:[A-Z]\w+)+(?:\.\w+)?)\b")
_CALL = Lazy(
    r"(?:^|[ :\"])(?P<verb>open|read|write|stat|lstat|mkdir|unlink|unlinkat|rename|chmod|chown|symlink|mount|fork/exec|exec|spawn|listen|dial|lookup|bind|connect|accept|execute|parse|"
    r"Get|Post|Put|Patch|Delete|Head)(?: (?:tcp|udp|unix|\"|/)|: )"
)
_CALLS = {
    "dial": "connect", "lookup": "resolve name", "Get": "get", "Post": "post", "Put": "put", "Patch": "patch", "Delete": "delete", "Head": "head", "fork/exec": "execute",
    "exec": "execute", "spawn": "execute", "unlinkat": "remove", "unlink": "remove", "lstat": "stat", "bind": "bind",
}  # fmt: skip
_STOP = Lazy(
    r"(?: (?:because|due|since|as|after|with|from|in|at|on|by|via|within|using|against|until|will|please|will|but|that|which|is|are|was|were|has|have|it|this|and retry|for|of|to)\b(?! (?:start|sandbox)\b).*| \S*[/\d=<>{}&%*@]\S*.*)$"
)
_CALLED = Lazy(r" (?:open|read|write|stat|mkdir|listen|dial|lookup|exec)$")
_EMPTY = frozenset(
    ("error", "errors",  "failed", "failure", "to", "be", "do", "the", "a", "an", "operation", "request", "task", "command", "process", "run", "call", "discovery", "this", "that", "connection", "job", "build", "test", "setup", "upgrade", "health", "check")
)  # fmt: skip
_KNOWN: tuple[tuple[str, str], ...] = (
    ("setup network for sandbox", "set up network for sandbox"), ("RunPodSandbox", "run pod sandbox"), ("SyncLoop", "sync pod"), ("MountVolume", "mount volume"),
    ("AttachVolume", "attach volume"), ("UnmountVolume", "unmount volume"), ("TearDown", "unmount volume"), ("CreateContainer", "create container"),
    ("StartContainer", "start container"), ("PullImage", "pull image"), ("pull and unpack image", "pull image"), ("etting up", "set up"), ("TLS handshake", "TLS handshake"),
    ("eadiness probe", "probe readiness"), ("iveness probe", "probe liveness"), ("tartup probe", "probe startup"), ("ealth check", "check health"), ("calling webhook", "call webhook"),
    ("call webhook", "call webhook"), ("leader election", "elect leader"), ("acquire lease", "acquire lease"), ("etrieving resource lock", "acquire lease"),
    ("validate service connection", "validate service connection"), ("host not found in upstream", "resolve upstream"), ("detected for zone", "detect loop"),
    ("Error during parsing", "parse configuration"), ("prober detected", "probe peer"), ("prober found", "probe peer"), ("nodes are available", "schedule pod"), ("Container runtime network not ready", "check runtime network"),
)  # fmt: skip


def operation_of(message: str, error: str = "") -> str:
    """Return what `message`, or else `error`, says was tried; "" when neither tells.

    >>> operation_of("Error registering network", "failed to acquire lease")
    'register network'
    >>> operation_of("listen tcp 127.0.0.1:80: bind: address already in use")
    'listen'
    """
    chain = f"{message}: {error}" if error else message
    chain = chain[:2_000]
    tried = sorted(
        (*_TRY.finditer(chain), *_GERUND.finditer(chain), *_STARTUP.finditer(chain)), key=lambda match: match.start()
    )
    for match in tried:
        operation = f"start {match['what']}" if "what" in match.re.groupindex else phrase_of(match["verb"])
        if operation:
            return operation
    known = next((operation for text, operation in _KNOWN if text in chain), "")
    if known:
        return known
    for pattern in (_NAMED, _CAMEL):
        named = pattern.search(chain)
        if named is not None and (operation := phrase_of(_words_of(named["verb"]))):
            return operation
    call = _CALL.search(chain)
    return _CALLS.get(call["verb"], call["verb"].lower()) if call else ""


def phrase_of(words: str) -> str:
    """Return `words`, which start with a verb, in small words and without what it was done to; "" when they say nothing."""
    known = next((operation for text, operation in _KNOWN if words.startswith(text)), "")
    if known:
        return known
    first, _, rest = words.partition(" ")
    verb = _infinitive(first)
    rest = _CALLED.sub("", _STOP.sub("", f" {rest}")).strip(" .,-")
    phrase = f"{verb} {rest}".strip()
    if phrase.lower() in _EMPTY or len(phrase) < 3:
        return ""
    return " ".join(phrase.split()[:7])[:80]


def _infinitive(verb: str) -> str:
    """Return the infinitive of a gerund: getting -> get, creating -> create, listing -> list."""
    if not verb.endswith("ing") or len(verb) < 6:
        return verb
    stem = verb[:-3]
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "ls":
        return stem[:-1]
    if stem in _BARE or stem.endswith(
        (
            "en",
            "ad",
            "ail",
            "ect",
            "st",
            "ish",
            "art",
            "ll",
            "ss",
            "rt",
            "ch",
            "ck",
            "et",
            "nd",
            "ld",
            "lp",
            "ain",
            "pt",
            "er",
            "ount",
            "sh",
            "nc",
            "ow",
            "xt",
            "oin",
            "ait",
            "lk",
            "ind",
            "or",
            "ean",
            "w",
            "y",
            "x",
            "k",
            "h",
            "p",
        )
    ):
        return stem
    return f"{stem}e"


_BARE = frozenset(
    ("read", "load", "send", "build", "download", "upload", "unload", "render", "open", "listen", "start", "run", "join", "sign", "perform", "assign", "fetch", "wait", "find", "add", "scan", "clean", "design")
)  # fmt: skip


def _words_of(name: str) -> str:
    """Return CamelCase as small words."""
    return (
        re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.partition(".")[0]).lower()
        if re.match(r"[A-Z][a-z]+[A-Z]", name)
        else name[:1].lower() + name[1:]
    )
