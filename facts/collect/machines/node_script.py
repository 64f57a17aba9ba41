"""The script that runs on each node: read-only, for a POSIX shell, and all that a look at a node takes in one go.

It prints sections, each between two lines that start with a mark nobody else knows: the command as a person would have
typed it, what it was aimed at, the output, the exit status. `observations_of` makes the observations of them that the
same output gives when it is pasted.
"""

import re
import shlex
from collections.abc import Iterable, Iterator

import msgspec

from facts.model.values import Observation, ObservationKind, known
from facts.snapshot.logs import cut_logs
from facts.snapshot.setting import Setting, setting_of_path

SCRIPT = r"""
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/opt/bin
have() { command -v "$1" >/dev/null 2>&1; }
have timeout || timeout() { shift 3; "$@"; }
begin() { printf '\n%s begin\t%s\t%s\n' "$mark" "$1" "$2"; }
end() { printf '\n%s end\t%s\n' "$mark" "$1"; }
limited() { seconds=$1; shift; timeout -s KILL "$seconds" "$@" </dev/null; }
show() { seconds=$1; shift; have "$1" || return 0; begin "$*" ""; limited "$seconds" "$@" 2>&1; end $?; }
names() { begin "ls -1 $1" ""; limited 3 ls -1 "$1" 2>/dev/null; end $?; }

begin 'date +%s' ''; date +%s; end $?
if [ "$(id -u)" != 0 ]; then begin 'sudo -n true' ''; limited 3 sudo -n true 2>&1; end $?; fi

# Those that are not there say nothing: which runtime a node uses, and whether its kubelet is a unit, differ.
units=
if have systemctl; then
  for unit in kubelet containerd crio docker cri-docker k3s k3s-agent rke2-server rke2-agent ssh sshd; do
    limited 3 systemctl cat "$unit.service" >/dev/null 2>&1 && units="$units $unit"
  done
  [ -z "$units" ] || show 5 systemctl status --no-pager -n 0 $units
fi
show 3 free -m
show 3 uptime
show 3 nproc
show 3 sysctl -e net.ipv4.ip_forward net.bridge.bridge-nf-call-iptables fs.inotify.max_user_watches \
  fs.inotify.max_user_instances net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max
begin 'kernel modules' ''
grep -qw overlay /proc/filesystems && echo overlay is there || echo overlay is missing
[ -d /proc/sys/net/bridge ] && echo br_netfilter is there || echo br_netfilter is missing
end 0
[ ! -d /run/systemd/system ] || show 3 timedatectl
if have ss; then show 3 ss -ltn; elif have netstat; then show 3 netstat -ltn; fi
names /etc/cni/net.d
names /opt/cni/bin

# Side by side, for each may take seconds; a short text is printed in one piece.
for peer in $pings; do
  ( text=$(limited 7 ping -c 4 -W 4 -i 0.3 "${peer#*=}" 2>&1); status=$?
    printf '\n%s begin\tping -c 4 -W 4 -i 0.3 %s\t%s\n%s\n\n%s end\t%s\n' \
      "$mark" "${peer#*=}" "${peer%%=*}" "$text" "$mark" "$status" ) &
done
if have bash; then
  servers=$(sed -n 's|^ *server: *"\{0,1\}https\{0,1\}://\([][0-9A-Za-z.:-]*\).*|\1|p' \
    /etc/kubernetes/kubelet.conf 2>/dev/null)
  for server in $(printf '%s\n' $servers $apis | sort -u); do
    ( text=$(limited 3 bash -c 'exec 3<>"/dev/tcp/$0/$1" && echo connected' "${server%:*}" "${server##*:}" 2>&1)
      status=$?; [ $status != 137 ] || text="/dev/tcp/${server%:*}/${server##*:}: Connection timed out"
      printf '\n%s begin\tbash /dev/tcp/%s/%s\t%s\n%s\n\n%s end\t%s\n' \
        "$mark" "${server%:*}" "${server##*:}" "$server" "$text" "$mark" "$status" ) &
  done
fi
wait

# A unit that runs: what it says now. One that does not: its last words, however long ago. Plain information is left out.
if have journalctl; then
  for unit in $units; do
    case $unit in ssh|sshd) continue;; esac
    since=-15min
    limited 3 systemctl is-active --quiet "$unit" || since=-7d
    begin "journalctl -u $unit" "$unit"
    limited 10 journalctl -u "$unit" --since "$since" -n 2000 --no-pager -q -o short-iso 2>/dev/null |
      sed -e '/\]: I[0-9]\{4\} /{/rror/b' -e '/ail/b' -e '/imed out/b' -e 'd' -e '}' -e '/level=info/d' |
      tail -c 262144
    end 0
  done
  kernel() { limited 10 journalctl -k --since -1h -n 5000 --no-pager -q -o short-iso 2>/dev/null; }
else
  kernel() { limited 5 dmesg 2>/dev/null | tail -n 5000; }
fi
begin 'journalctl -k' kernel
kernel | grep -iE 'oom|out of memory|killed process|hung|blocked for|lockup|ext4|xfs|btrfs|i/o error|read-only|remount|conntrack|martian|segfault|mce:|nfs:|link is (up|down)|thermal|no space|cgroup' |
  tail -c 65536
end 0

if have crictl; then show 5 crictl ps -a
elif have ctr; then show 5 ctr -n k8s.io containers ls
else case $units in *docker*) show 5 docker ps -a;; esac; fi
# The agent of this node tells best what Cilium thinks and drops; both commands only read.
if have crictl; then
  agent=$(limited 3 crictl ps -q --state Running --name '^cilium-agent$' 2>/dev/null | head -n 1)
  if [ -n "$agent" ]; then
    begin 'cilium status --brief' cilium
    limited 5 crictl exec "$agent" sh -c 'cilium-dbg status --brief || cilium status --brief' 2>&1
    end $?
    begin 'hubble observe --verdict DROPPED --last 100' hubble
    limited 5 crictl exec "$agent" hubble observe --verdict DROPPED --last 100 -o compact 2>&1 | tail -c 65536
    end 0
  fi
fi
for name in kube-apiserver etcd kube-controller-manager kube-scheduler; do
  log=$(ls -t /var/log/pods/kube-system_"$name"-*/*/*.log 2>/dev/null | head -n 1)
  if [ -n "$log" ]; then begin "tail $log" "$log"; limited 3 tail -c 65536 "$log" 2>&1; end $?; fi
done
if have openssl; then
  dates() { begin "openssl x509 -noout -subject -dates -in $1" "$1"; limited 3 openssl x509 -noout -subject -dates -in "$1" 2>&1; end $?; }
  for file in /etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt /var/lib/kubelet/pki/*.crt \
      /var/lib/kubelet/pki/*-current.pem; do
    [ ! -r "$file" ] || dates "$file"
  done
  for file in /etc/kubernetes/*.conf; do
    [ -r "$file" ] && grep -q client-certificate-data "$file" || continue
    begin "openssl x509 -noout -subject -dates" "$file"
    sed -n 's/^ *client-certificate-data: *//p' "$file" | base64 -d 2>/dev/null |
      timeout -s KILL 3 openssl x509 -noout -subject -dates 2>&1
    end $?
  done
fi
# Last, for a file system whose server is gone may hold them for ever.
show 5 df -Pkl
show 5 df -Pil
begin 'date +%s' ''; date +%s; end $?
printf '\n%s done\n' "$mark"
"""

_LOGS = ("journalctl ", "tail ", "cilium ", "hubble ")
"""Commands whose lines are read like the log of the component that they are aimed at."""
_HEAD = re.compile(rb"begin\t(?P<command>[^\t\n]*)\t(?P<target>[^\t\n]*)\n")
_END = re.compile(rb"end\t(\d+)")
_NOT_SENT = re.compile(
    rb"ping: (?:socket|icmp open socket|permission denied|Lacking privilege)[^\n]*|: not found|No such file"
)


class Section(msgspec.Struct, frozen=True):
    """What one command printed; `status` is its exit status, None when it was not finished."""

    command: str
    target: str
    body: bytes
    status: int | None


def script_of(mark: str, pings: Iterable[tuple[str, str]], apis: Iterable[str]) -> bytes:
    """Return the script. `pings` are name and address of the machines to ping, `apis` API servers as host:port."""
    peers = " ".join(f"{name}={address}" for name, address in pings)
    settings = (("mark", mark), ("pings", peers), ("apis", " ".join(apis)))
    return "\n".join((*(f"{name}={shlex.quote(value)}" for name, value in settings), SCRIPT)).encode()


def sections_of(printed: bytes, mark: str) -> tuple[tuple[Section, ...], bool]:
    """Return the sections that the script printed, and whether it came to its end."""
    parts = printed.split(f"\n{mark} ".encode())
    sections: list[Section] = []
    for part, after in zip(parts, [*parts[1:], b""], strict=True):
        if head := _HEAD.match(part):
            command, target = (text.decode(errors="replace") for text in head.group("command", "target"))
            status = _END.match(after)
            sections.append(Section(command, target, part[head.end() :], int(status[1]) if status else None))
    return tuple(sections), parts[-1].startswith(b"done")


def observations_of(sections: Iterable[Section], node: str) -> Iterator[Observation]:
    """Yield what was observed on `node`."""
    for section in sections:
        source, body = f"ssh {node}: {section.command}", section.body
        if section.command.startswith(_LOGS):
            yield from _logs(section, source, body, node)
        elif not was_not_sent(section) and (body.strip() or section.command.startswith("ls ")):
            attributes = known(
                command=section.command,
                host=node,
                role="vm",
                target=section.target,
                exit="" if section.status is None else str(section.status),
            )
            yield Observation(ObservationKind.COMMAND, source, body, attributes)


def was_not_sent(section: Section) -> bool:
    """Return True if a ping was not sent, so that it says nothing about the network."""
    return section.command.startswith("ping ") and (section.status is None or bool(_NOT_SENT.search(section.body)))


def _logs(section: Section, source: str, body: bytes, node: str) -> Iterator[Observation]:
    """Yield the lines of each component; whatever a machine calls itself, they are of `node`."""
    if section.command.startswith("tail "):
        setting = setting_of_path(section.target)
    else:
        component = section.target.removeprefix("cri-")
        setting = Setting(component="kubelet" if component.startswith(("k3s", "rke2")) else component)
    for log in cut_logs(body, 0, len(body), source, 1, setting):
        yield msgspec.structs.replace(log, attributes={**log.attributes, "node": node})
