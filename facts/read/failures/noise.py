"""What looks like a failure and is none: lines that healthy programs print when they start, stop and go about their work."""

from facts.model.failure import Level
from facts.read.failures.reasons.patterns import Lazy, Patterns
from facts.read.failures.shapes.statement import Statement

_PATTERNS = Patterns(
    [
        # containerd, CRI-O, Docker
        r"skip loading plugin|failed to load plugin .*devmapper|could not use snapshotter|devmapper not configured|blockio config|failed to load cni during init",
        r"No kernel memory limit|Your kernel does not support|bridge-nf-call-ip6?tables is disabled|WARNING: No swap limit",
        # etcd
        r"simple token is not cryptographically signed|lost TCP streaming connection|is starting a new election|lost leader .* at term",
        r"serving insecure client requests|received (?:terminated|interrupt|hangup) signal|Running http and grpc server on single port",
        # CoreDNS
        r"maxprocs|[Ww]aiting for Kubernetes API|unsynced Kubernetes API|Still waiting on|HINFO (?:IN )?\d{10,}|\d{10,}\.\d{10,}\. HINFO|No files matching import glob pattern",
        # kubelet, kube-proxy, client-go, the control plane
        r"Image garbage collection failed once|[Ss]kipping pod synchronization|No need to create a mirror pod|Nameserver limits (?:were )?exceeded|Failed to get system container stats",
        r"unable to find data in memory cache|initialized iptables rules|nodes? \"[^\"]*\" not found$|Error getting (?:the current node|node) .*not found|Error updating node status, will retry.*object has been modified",
        r"too old resource version|resourceVersion for the provided (?:watch|list) is too old|The resourceVersion for the provided watch|watch channel (?:was )?closed|Unexpected EOF during watch|configuration may be incomplete or incorrect|no API server IP addresses were listed in storage|Error cleaning up nftables rules",
        r"because it is being terminated|missing content for CA bundle|Found stale data, removed previous endpoints|unknown method RuntimeConfig|RuntimeConfig from runtime service failed",
        r"checkpoint is not found|separate container filesystem\. Ignoring|oom_score_adj: permission denied|Failed to set rlimit on max file handles|[Ii]gnoring\.?$",
        r"network unreachable resolving '|disabling udev device properties|closed socket before read|previous terminated container .* not found",
        r"Failed to get rootfs info|namespaces \"kube-system\" not found|CSINode .*not found|Failed creating a mirror pod.*already exists|DeleteContainer returned error.*not found|ContainerStatus from runtime service failed.*(?:NotFound|not found)",
        r"OpenAPI AggregationController: .*will be retried|loading OpenAPI spec for .*failed with: failed to (?:retrieve|download)|the object has been modified; please apply your changes",
        r"Unable to get configmap/extension-apiserver-authentication|Continuing without authentication configuration|AuthorizationConfig|Neither --kubeconfig nor --master was specified",
        r"error retrieving resource lock .*(?:forbidden|connection refused)|leases\.coordination\.k8s\.io \"[\w-]+\" is forbidden|Failed to update lock optimi",
        r"http: TLS handshake error from .*: (?:EOF|.*connection reset by peer|.*i/o timeout|.*tls: unknown certificate)|^EOF$|TLS handshake error .*: EOF",
        r"is deprecated|deprecated in v1|DeprecationWarning|Flag --[\w-]+ has been deprecated|unavailable in v1\.\d+\+",
        r"Failed to remove veth|Adding RBAC permissions|error getting ClusterInformation.*retry|SHUTTING DOWN|clusterrolebinding.*already exists",
        r"SetKeepAlive|apiserver received an error that is not an metav1\.Status: .*(?:context canceled|http2: stream closed|timeout: request did not complete)|apiserver was unable to write a JSON response: http: Handler timeout|http2: stream closed|timeout or abort while handling|Post-timeout activity",
        r"watch of \S+ ended with: |Resyncing \S+ on \S+ due to timeout|watch stream: http2: client connection lost",
        # databases and queues
        r"launcher.* exited with exit code 1|invalid record length at|received (?:fast|smart) shutdown request|aborting any active transactions|terminating connection due to administrator command|the database system is (?:starting up|shutting down)|database system was (?:shut down|interrupted)|invalid length of startup packet",
        r"Memory overcommit must be enabled|Transparent Huge Pages|THP|TCP backlog setting|no config file specified|Could not increase number of max_open_files|Changed limits: max_open_files|CA certificate ca\.pem is self signed|io_uring_queue_init",
        r"Insecure configuration for --(?:pid-file|secure-file-priv)|Failed to set up SSL because|unable to install syscall filter|\[Entrypoint\]|Got an error reading communication packets|Aborted connection \d+ to db",
        r"Application \w+ (?:exited|stopped)|closing AMQP connection|Message classes? .* (?:classic|deprecated)|Error while fetching metadata with correlation id|LEADER_NOT_AVAILABLE",
        r"Connection to node -?\d+ .*could not be established\. (?:Broker|Node) may not be available|Bootstrap broker .* disconnected|EndOfStreamException",
        # web servers, meshes, observability
        r"can not modify /etc/nginx|gRPC config stream (?:to .* )?closed|ADS: .*(?:terminated|context canceled)|StreamAggregatedResources gRPC config stream (?:to .* )?closed: (?:0|13|14)|SIGTERM|signal: terminated|signal \d+ \(SIG(?:TERM|HUP|CHLD|QUIT|WINCH)\)",
        r"open \S*/provisioning/\S+: no such file|provisioning/\w+.*no such file|can't read (?:\w+ )?(?:datasource |dashboard |plugin |alert )?\w* ?(?:provisioning|config) files?|Failed to (?:read|load) (?:plugin|dashboard|datasource|alert)\w* provisioning",
        r"Server closed$|(?:http|mux): [Ss]erver closed|broadcaster already stopped|use of closed network connection|context canceled$|graceful(?:ly)? (?:shut|stop)",
        # clients that hang up
        r"(?i)client (?:aborted|has aborted|disconnected|hung up|closed (?:the )?connection|connection closed)|ClientAbortException|client prematurely closed",
        # the kernel and systemd at boot
        r"(?:nouveau|bridge: filtering|device .* (?:entered|left) promiscuous mode|loading out-of-tree module|module verification failed|tainting kernel)",
        r"\[preauth\]|pam_unix\(\S+\): (?:authentication failure|check pass)|Failed to (?:connect to bus|read \S*/machine-id)|Deactivated successfully|Invalid user \S+ from|Unable to negotiate with .* \[preauth\]",
        # summaries of nothing
        r"(?i)\b(?:errors?|failures?|failed|fail|err)[\"']?\s*[=:]\s*[\"']?(?:0\b|nil\b|null\b|none\b|<nil>|<none>|false\b|\[\]|\"\")|\b(?:0|no) (?:errors?|failures?|failed)\b",
        r"(?i)(?:lame-duck|exiting gracefully|exited gracefully|shut ?down (?:complete|requested)|shutting down gracefully)|Draining|bye bye",
        r"^ready to accept connections|successfully\b.*(?:error|failed)",
    ]
)


_ENDED_WELL = Lazy(r"(?i)shut ?down complete")
_QUIET = frozenset((Level.INFO,))


def is_noise(statement: Statement) -> bool:
    """Whether `statement` is no failure: an information, or what healthy programs say."""
    if statement.level in _QUIET:
        return True
    if statement.level is None:
        return False
    if statement.last and statement.level is Level.FATAL:
        return _ENDED_WELL.match(statement.message) is not None
    return bool(_PATTERNS.rows(statement.chain[:4_000]))
