"""Texts that mean a class, in small letters; the longest that fits counts, and only between word boundaries.

PROOFS are the last words of a chain: texts of errno and of the libraries of networks and certificates, wherever they
stand. TEXTS are ordinary words for the same things; the rightmost of a chain counts, and any PROOF outranks them.
VAGUE words count where nothing better stands.
Sources: strerror(3), Go's syscall, net and crypto/x509, OpenSSL's x509_txt.c, the Java networking and PKIX classes,
glibc's gai_strerror(3), gRPC, Kubernetes, and the programs' own words.
"""

from facts.model.failure import ErrorClass as E

_PROOFS: dict[E, str] = {
    E.NOT_FOUND: "no such file or directory|no such file|no such device or address|no such device|no such process",
    E.EXISTS: "file exists|directory not empty",
    E.PERMISSION_DENIED: "permission denied|operation not permitted",
    E.READ_ONLY: "read-only file system|read-only filesystem|cannot execute insert in a read-only transaction|in a read-only transaction|"
    "running with the --read-only option|you can't write against a read only replica",
    E.NO_SPACE: "no space left on device|disk full|no space left|insufficient disk space|not enough disk space|not enough free space|disk is full",
    E.QUOTA_EXCEEDED: "disk quota exceeded|exceeded quota|database space exceeded",
    E.LIMIT_REACHED: "too many open files in system|too many open files|can't start new thread|too many connections|"
    "sorry, too many clients already|remaining connection slots are reserved|unable to create new native thread|"
    "unable to create native thread|resource temporarily unavailable|number of vms exceeds the system limit|too many processes|"
    "user limit of inotify|maximum number of clients reached|max number of clients reached|connection pool exhausted|table full",
    E.TOO_LARGE: "argument list too long|file too large|message too long|file name too long|request is too large|"
    "request entity too large|payload too large|too long: must have at most|received message larger than max|trying to send message larger than max|"
    "client intended to send too large body|must be no more than|message size too large",
    E.NO_CAPACITY: "no ip addresses available|nodes are available|insufficient capacity|no free address|no available ip|"
    "no addresses available|not enough ip addresses|no more ips",
    E.OUT_OF_MEMORY: "cannot allocate memory|out of memory|not enough memory|java heap space|gc overhead limit exceeded|"
    "allocation failed - javascript heap out of memory|javascript heap out of memory|metaspace|std::bad_alloc|failed to allocate memory|memory allocation",
    E.OOM_KILLED: "oomkilled|oom-kill|oom killer",
    E.CRASHED: "segmentation fault|sigsegv|core dumped|invalid memory address or nil pointer dereference|signal: aborted|illegal instruction|"
    "bus error|nil pointer dereference|stack overflow|maximum call stack size exceeded|concurrent map writes|index out of range|"
    "all goroutines are asleep - deadlock|signal: segmentation|cannot read properties of undefined|cannot read properties of null|"
    "cannot read property",
    E.BUSY: "device or resource busy|text file busy|resource busy|target is busy|is in use",
    E.LOCKED: "database is locked|is locked|lock is held|resource deadlock avoided|could not obtain lock|unable to lock|lock wait timeout|"
    "another operation (install/upgrade/rollback) is in progress|lock held by|already locked|locked by another|"
    "is already running|another process is using|holding the xtables lock|could not get lock|state lock",
    E.CONFLICT: "the object has been modified|already has an ip address different|deadlock detected|deadlock found|could not serialize access|"
    "write conflict|split-brain|split brain|mvcc: conflict",
    E.IMMUTABLE: "field is immutable|is immutable|forbidden: updates to statefulset spec for fields|cannot be changed after creation|"
    "pod updates may not change fields",
    E.PRECONDITION_FAILED: "already been bootstrapped|cluster id mismatch|member count is unequal|unmatched member",
    E.NO_LEADER: "etcdserver: no leader|no leader|not the leader|not leader|leader changed|clusterdown|no master|leadership lost",
    E.GONE: "stale file handle|stale nfs file handle|too old resource version|required revision has been compacted|has been compacted|"
    "the resourceversion for the provided list is too old",
    E.ADDRESS_IN_USE: "address already in use|address in use|port is already allocated|is already in use by|only one usage of each socket address",
    E.ADDRESS_NOT_AVAILABLE: "cannot assign requested address|can't assign requested address",
    E.REFUSED: "connection refused|actively refused it",
    E.RESET: "connection reset by peer|connection reset|reset by peer|forcibly closed by the remote host",
    E.TIMEOUT: "connection timed out|operation timed out|i/o timeout|tls handshake timeout|awaiting headers",
    E.NETWORK_UNREACHABLE: "network is unreachable|network unreachable",
    E.HOST_UNREACHABLE: "no route to host|host is unreachable|host unreachable|host is down|destination host unreachable",
    E.PROTOCOL_MISMATCH: "unknown protocol|server gave http response to https client|http response to https client|client sent an http request to an https server|"
    "wrong version number|protocol version not supported|no matching key exchange method|no matching host key type|no matching cipher|"
    "unsupported or unrecognized ssl message|first record does not look like a tls handshake|unsupported protocol|"
    "unsupported protocol scheme|malformed http response|http2: frame too large|no protocols available|protocol error|"
    "does not support ssl|ssl is not enabled on the server|no cipher suite|handshake failure|inappropriate protocol|"
    "client sent an http request|invalid packet|bad packet length|unexpected packet type|protocol mismatch|oversized record received",
    E.NAME_NOT_FOUND: "no such host|name or service not known|no address associated with hostname|nodename nor servname provided|"
    "name does not resolve|getaddrinfo enotfound|nxdomain|host not found|unknown host|could not resolve hostname|could not resolve host|"
    "failed to resolve address|could not translate host name|non-recoverable failure in name resolution|no such domain|"
    "unknown mysql server host",
    E.NAME_FAILED: "server misbehaving|temporary failure in name resolution|getaddrinfo eai_again|servfail|"
    "no servers could be reached|try again later in name resolution|temporary failure resolving",
    E.UNTRUSTED: "signed by unknown authority|pkix path building failed|unable to find valid certification path|self-signed certificate|"
    "self signed certificate|unable to get local issuer certificate|unable to verify the first certificate|unable to verify leaf signature|"
    "host key verification failed|remote host identification has changed|unknown certificate authority|unknown ca|"
    "certificate is not trusted|certificate is not standards compliant|unable to get issuer certificate|invalid peer certificate: unknownissuer|"
    "unknown issuer|remote certificate is invalid according to the validation procedure|path does not chain with any of the trust anchors|"
    "incompatible key usage|partialchain|untrustedroot|not standards compliant|certificate specifies an incompatible key usage",
    E.NAME_MISMATCH: "doesn't contain any ip sans|any ip sans|legacy common name|no subject alternative|hostname mismatch|"
    "hostname/ip does not match certificate's altnames|certificate is not valid for any names|does not match the certificate subject|"
    "certificate verify failed: ip address mismatch|no alternative certificate subject name matches|hostname verification failed|"
    "certificate subject name|remotecertificatenamemismatch",
    E.EXPIRED: "certificate has expired|certificate expired|has expired or is not yet valid|token has expired|token is expired|jwt expired|"
    "license has expired|certificate_expired|token expired|credentials have expired",
    E.NOT_YET_VALID: "certificate is not yet valid|is not yet valid|token used before issued|token not yet valid|used before issued",
    E.RATE_LIMITED: "too many requests|toomanyrequests|rate limit exceeded|rate limited|rate exceeded|you have reached your pull rate limit|"
    "api rate limit exceeded|client rate limiter wait|rate limiter wait|request limit exceeded|throttled",
    E.MISSING_COMMAND: "executable file not found|command not found|is not recognized as an internal or external command|no such command|"
    "can't find command|bad interpreter",
    E.MISSING_LIBRARY: "error while loading shared libraries|cannot open shared object file|symbol lookup error|"
    "library not loaded|undefined symbol|image not found in dyld|no libdl|error relocating",
    E.MISSING_MODULE: "no module named|cannot find module|cannot find package|could not find or load main class|cannot load such file|"
    "class not found|cannot import name|could not load file or assembly|failed opening required",
    E.MISSING_KERNEL_MODULE: "module not found in directory|unknown filesystem type|could not insert|can't initialize iptables table|"
    "table does not exist (do you need to insmod",
    E.WRONG_ARCHITECTURE: "exec format error|wrong elf class|bad cpu type in executable|no matching manifest for|cannot execute binary file|"
    "does not match the detected host platform",
    E.VERSION_MISMATCH: "is not compatible for|wrong mongod version|has been compiled by a more recent version of the java runtime|incompatible with server version|"
    "was initialized by postgresql version|database files are incompatible with server|client version|is too new|is too old|"
    "version skew|api version mismatch|unsupported version|no matches for kind|glibc_|incompatible version|version mismatch|"
    "is not compatible with",
    E.UNSUPPORTED: "function not implemented|operation not supported|protocol not supported|not implemented|unknown service|"
    "the server does not allow this method|unknown method|address family not supported|not supported",
    E.IO_ERROR: "input/output error|i/o error|medium error|blk_update_request|buffer i/o error|remounting filesystem read-only|"
    "could not fsync|write error|read error",
    E.CORRUPT: "structure needs cleaning|bitmap checksum|bad magic number in super-block|checksum mismatch|crc mismatch|checksum error|is corrupt|is corrupted|"
    "corrupted|data corruption|invalid checksum|wal: crc|file corrupt|bad checksum|malformed database|disk image is malformed|"
    "invalid page|unexpected eof in archive|corrupt record|file system corruption|snap: crc mismatch|invalid checkpoint record|"
    "could not locate a valid checkpoint record|bad superblock|wrong fs type, bad option, bad superblock",
    E.UNKNOWN_FLAG: "unknown flag|unknown shorthand flag|flag provided but not defined|unrecognized option|unrecognized vm option|"
    "unknown option|invalid option|unrecognized arguments|unknown command|unrecognized command|illegal option|bad option|"
    "unknown configuration option|unexpected argument|unknown argument|no such option",
    E.UNAUTHENTICATED: "certificate required|invalid username or password|password authentication failed|authentication failed|"
    "must be logged in to the server|authentication required|no basic auth credentials|unauthorized|not authenticated|"
    "invalid credentials|no password supplied|access denied for user|invalid bearer token|authentication handshake failed|"
    "login failed|wrong password|username/password|incorrect username or password|bad credentials|invalid api key|incorrect api key provided|"
    "authorization failed|logon failure|no credentials|auth failed|invalid password|could not read username|sasl authentication failed|"
    "unable to authenticate|too many authentication failures|invalid access token|invalid_grant|invalid_client|"
    "security token included in the request is invalid|no ec2 imds role found|no supported authentication methods|mechanism plain login refused|"
    "authorization failed (authorization)|missing credentials|unauthenticated",
    E.POLICY_DENIED: "denied the request|violates podsecurity|denied by policy|rbac: access denied|policy denied|"
    "disallowed by|blocked by policy|denied by the policy|access denied by policy",
}

_TEXTS: dict[E, str] = {
    E.NOT_FOUND: "unable to open database file|unable to read file|no such column|no such function|no such topic|not found|does not exist|doesn't exist|could not find|couldn't find|can't find|cannot find|no network config found|"
    "could not be found|no such container|no such image|no such network|no such volume|no such table|missing file|not exist|"
    "manifest unknown|name unknown|unknown database|not present|no such resource|failed to find|unable to find|"
    "unable to access jarfile|no such plugin|no runtime for|no such job|no such key|no such service|404 page not found|"
    "no suitable|failed to find plugin|no valid host was found|no configuration has been provided|does not have a host assigned|"
    "stream not found|no such snapshot|no such index",
    E.EXISTS: "has files in it|is not empty|already exists|already exist|already been taken|duplicate key value violates|duplicate entry|duplicate key|is reserved for",
    E.FORBIDDEN: "can only connect via|is forbidden|access denied|not authorized|permission denied to|permission denied for|forbidden|"
    "insufficient permissions|requires authorization|is not allowed to connect|access forbidden|"
    "no permission|not permitted|must be owner|no pg_hba.conf entry|does not have permission|lacks permission|denied access|unauthorizedoperation|"
    "requested access to the resource is denied|insufficient privileges|access is denied",
    E.QUOTA_EXCEEDED: "quota exceeded|exceeds quota|over quota|limit exceeded|quota has been exceeded|exceeded your current quota|"
    "exceeds the configured quota|exceeded the quota",
    E.LIMIT_REACHED: "limit reached|pool exhausted|pool is exhausted|connection limit|"
    "connection is not available, request timed out|max retries reached|queuepool limit|pool limit|worker_connections are not enough|"
    "conntrack table full|exceeded max|per-stream rate limit|too many pods|slots are full|"
    "nf_conntrack: table full, dropping packet|server reached pm.max_children|reached max_children|backend fetch failed",
    E.TOO_LARGE: "too large|too big|too long|exceeds the limit|exceeds maximum|exceeds limit|entity too large",
    E.NO_CAPACITY: "insufficient cpu|insufficient memory|no capacity|not enough resources|insufficient resources",
    E.KILLED: "signal: killed|signal killed|was killed|killed|sigkill|terminated by signal 9",
    E.EXITED: "exit status|exited with|exit code|non-zero exit|returned non-zero|exit-code|exited unexpectedly|terminated unexpectedly|"
    "worker exiting|has exited|died unexpectedly|exited too quickly|back-off restarting failed container|crash loop|exited on",
    E.LOCKED: "lock file",
    E.CONFLICT: "conflicts with|conflicting",
    E.PRECONDITION_FAILED: "precondition failed|precondition required|not in the expected state|"
    "not initialized|uninitialized|must be in state|failed precondition|no lease|system is not ready|preconditions|must first|wrong state",
    E.CLOSED: "ttrpc: closed|closed pipe|read/write on closed|unexpected eof|eof|broken pipe|connection closed|closed the connection|use of closed network connection|closed by remote host|"
    "connection was closed|socket hang up|stream closed|connection aborted|server has gone away|lost connection|connection lost|"
    "closed by peer|socket closed|remote end closed connection|prematurely closed connection|closed unexpectedly|disconnected|"
    "transport is closing|client connection is closing|closing transport|broken connection|connection terminated|"
    "server closed the connection|premature end|went away|connection to client lost|terminating connection|socket is not connected|"
    "kex_exchange_identification|connection is closed|connection has been closed|channel closed",
    E.TIMEOUT: "deadline exceeded|timed out|timeout|time-out|took too long|timeout expired|time limit exceeded|no response from|"
    "gave up waiting|not respond|didn't respond|did not respond|did not become ready|not responding|stalled|heartbeat missed|"
    "missed heartbeats|no heartbeat|waited for|did not receive|hung",
    E.UNAVAILABLE: "no endpoints available|unavailable|service unavailable|temporarily unavailable|bad gateway|not ready|no healthy upstream|"
    "connection failure|the database system is starting up|the database system is shutting down|database system is in recovery|loading the dataset|"
    "master link down|masterdown|is not running|not running|is down|unreachable|could not connect|failed to connect|unable to connect|"
    "cannot connect|can't connect|connection failed|not available|no connection|is unhealthy|unhealthy|no live upstreams|"
    "currently unable to handle the request|not yet ready|is shutting down|offline|no server is available|"
    "upstream connect error|not connected|no brokers available|no available server|no nodes available|failed connecting|"
    "connection could not be established|cni plugin not initialized|networkpluginnotready|kubelet is not running|out of service",
    E.INVALID_ARGUMENT: "invalid argument|invalid value|invalid parameter|bad request|illegal argument|not a valid|"
    "is not valid|required value|unsupported value|invalid input|must not be empty|unexpected value|"
    "bad value|must specify",
    E.INVALID_CONFIG: "invalid configuration|invalid config|unknown directive|misconfigured|configuration error|bad configuration|"
    "running with swap on is not supported|contains errors|detected for zone|misconfiguration|config error|configuration file test failed|"
    "configuration is invalid|invalid configuration for|improper|cgroup driver|swap is enabled|unknown property|"
    "unknown parameter|unrecognized configuration parameter|unknown setting|unknown variable|unknown field|unknown key|unknown configuration|"
    "unknown section|error in configuration|no targets|is not supported, please|contents are not set to|unknown plugin|"
    "invalid settings|strict decoding error|is a duplicate|duplicate directive|duplicate listen options|directive is not allowed here|invalid number of arguments in|"
    "configuration check failed|unrecognized field|bootstrap checks failed|is too low|conflicting server name",
    E.MISSING_CONFIG: "must be configured|missing required|is required|is not set|not configured|is not specified|not specified|"
    "must be set|must be specified|must be provided|pod cidr not assigned|no value for|undefined variable|required key|required configuration|"
    "required option|missing configuration|has not been set|is not defined|not provided|superuser password is not specified|"
    "attribute is not specified|could not resolve placeholder|unset|is unset",
    E.PARSE_ERROR: "bad character|expected one of|did not match any known|cannot unmarshal|invalid character|could not parse|failed to parse|syntax error|unterminated|unexpected token|"
    "parse error|error parsing|parsing error|unexpected end of json input|error converting yaml to json|did not find expected|mapping values are not allowed|"
    "yaml: line|toml:|unmarshal|unmarshalling|error unmarshaling|invalid json|invalid syntax|unable to parse|couldn't parse|cannot parse|"
    "cannot deserialize|json parse error|found character that cannot start any token|unexpected eof while reading|expected a|"
    "bad json|malformed json|malformed yaml|decode error|decoding error|no terminating|invalid toml|expecting value|"
    "expecting property name|unknown escape|unexpected character|unexpected end of file|unclosed|illegal base64 data|not valid json|"
    "json: unknown field|failed to decode|cannot decode|error decoding|found a tab",
    E.CANCELLED: "context canceled|context cancelled|canceled|cancelled|canceling statement|operation was canceled|request canceled|interrupted|"
    "aborted by user|was aborted",
    E.CRASHED: "assertion failure|panicked|panic|crashed|crash|core dump|watchdog|fatal signal|unhandled exception|uncaught exception|assertion failed|aborted",
    E.CORRUPT: "data loss|unexpected end of archive|corrupt",
    E.VERSION_MISMATCH: "incompatible|requires at least version|older than|newer than|version conflict|needs upgrade|is deprecated and no longer",
    E.UNSUPPORTED: "unsupported|cannot be used with|unimplemented|no implementation",
    E.UNTRUSTED: "bad certificate|certificate verify failed|certificate verify error|certificate verification failed|failed to verify certificate|"
    "unknown certificate|certificate unknown|invalid signature|signature verification failed|bad signature|certificate is invalid|"
    "public key is not available|gpg error|not trusted",
    E.IO_ERROR: "disk error|media error|disk failure|failed command|reset failed",
    E.PROTOCOL_MISMATCH: "protocol version|invalid protocol|bad protocol|tls error|ssl error|not a tls|unexpected http|plain http request was sent to https port|"
    "unexpected message|not an ssl/tls record|invalid http",
    E.NAME_FAILED: "could not be resolved|failed to resolve|cannot resolve|unable to resolve|failed to lookup address|error resolving|resolution failed|"
    "cannot be resolved|unresolvable",
}  # fmt: skip

_VAGUE: dict[E, str] = {
    E.INVALID_ARGUMENT: "must be|must have|invalid|malformed|illegal|out of range|cannot be empty",
    E.NOT_FOUND: "is missing|no matching",
    E.MISSING_CONFIG: "missing|is empty|not assigned|no default|environment variable|not set",
    E.LIMIT_REACHED: "too many|maximum number of",
    E.CONFLICT: "conflict|inconsistent|mismatched",
    E.FORBIDDEN: "denied|not allowed",
    E.UNSUPPORTED: "does not support|doesn't support|not enabled|is disabled",
    E.NO_CAPACITY: "no available|exhausted",
    E.LOCKED: "in progress",
    E.CORRUPT: "corruption",
}

PROOFS: dict[str, E] = {text: error for error, texts in _PROOFS.items() for text in texts.split("|")}
"""Class of each text that decides wherever it stands."""

TEXTS: dict[str, E] = {text: error for error, texts in _TEXTS.items() for text in texts.split("|")}
"""Class of each text that counts where no proof stands."""

VAGUE: dict[str, E] = {text: error for error, texts in _VAGUE.items() for text in texts.split("|")}
"""Class of each word that says little: any other text outranks it."""
