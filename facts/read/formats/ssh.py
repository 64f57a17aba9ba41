"""What `ssh` prints when it fails, when it meets an unknown or changed host key, and with -v. It stays text as well.

ssh: connect to host 192.168.66.12 port 22: Connection refused
"""

import re

from facts.model.values import Observation, ObservationKind
from facts.read.text.command import command_observation
from facts.read.text.reading import Lines, Reading
from facts.snapshot.setting import Setting

_LINE = (
    r"ssh: (?:connect to host|Could not resolve hostname|connect to address)|OpenSSH_\d|debug[123]: |"
    r"(?:kex|ssh)_exchange_identification: |\S+@\S+: Permission denied \(|Permission denied \((?:publickey|password|gssapi|keyboard)|"
    r"Permission denied, please try again|Host key verification failed|No \S+ host key is known for|"
    r"Connection (?:closed|reset|timed out)[^\n]* port \d+|Connection to \S+ (?:closed|port)|Received disconnect from \S+ port|"
    r"Disconnected from \S+ port|client_loop: send disconnect|@@@@@@@@@@|The authenticity of host|"
    r"sign_and_send_pubkey: |ssh_dispatch_run_fatal: |Load key \"|WARNING: UNPROTECTED PRIVATE KEY|"
    r"Unable to negotiate with \S+ port|Bad owner or permissions on |ssh: \S+"
)
OPENING = _LINE

_OPEN = re.compile(_LINE)
_BESIDE = re.compile(
    r"@\s|IT IS POSSIBLE THAT SOMEONE|Someone could be eavesdropping|It is also possible that a host key|The fingerprint for the |"
    r"SHA256:|MD5:|Please contact your system administrator|Add correct host key in |Offending \S+ key in |\s*remove with:|"
    r"\s*ssh-keygen -f |Host key for \S+ has changed|(?:ED25519|RSA|ECDSA|DSA) (?:host )?key|Password authentication is disabled|"
    r"Keyboard-interactive authentication|This key is not known|Are you sure you want to continue|Warning: Permanently added|"
    r"Pseudo-terminal will not|Authenticated to |Authentications that can continue|\S+@\S+'s password:|Permissions \d+ for|"
    r"It is required that your private key|This private key will be ignored|lost connection|Connection closed|Agent forwarding is"
)
_HOST = (
    re.compile(r"debug1: Connecting to (\S+) "),
    re.compile(r"connect to (?:host|address) (\S+?):? port"),
    re.compile(r"Could not resolve hostname ([^:\s]+)"),
    re.compile(r"(?m)^\S+@([\w.:-]+): Permission denied"),
    re.compile(r"Host key for (\S+) has changed"),
    re.compile(r"The authenticity of host '([^' ]+)"),
    re.compile(
        r"(?:closed by|reset by|disconnect from|Disconnected from|negotiate with|timed out during banner exchange)[^\n]*? ([\d.]+) port"
    ),
)


def read_section(lines: Lines, setting: Setting) -> Reading | None:
    """Read the lines of one run of ssh."""
    if setting.pod or setting.container:
        return None
    end = 1
    for index, line in lines.after(1):
        if not _OPEN.match(line) and not _BESIDE.match(line):
            break
        end = index + 1
    text = lines.raw(0, end)
    found = (pattern.search(text.decode("utf-8", "replace")) for pattern in _HOST)
    aimed = (
        setting.words[1]
        if setting.says("ssh") and len(setting.words) > 1
        else setting.host
        if setting.role == "vm"
        else ""
    )
    target = next((one[1] for one in found if one), aimed)
    here = setting if setting.role != "vm" else Setting(role="host")  # ssh itself ran on the machine of the operator
    log = Observation(ObservationKind.LOG, lines.source, text, {"component": "ssh"}, lines.number)
    return Reading((command_observation(lines, end, here, "ssh", target), log), (), end)
