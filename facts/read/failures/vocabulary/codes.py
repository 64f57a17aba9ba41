"""Codes that prove a class: errno, gRPC, HTTP, SQLSTATE, database errors, API reasons, exit statuses.

Sources: errno(3) and errno-base.h of Linux; google.golang.org/grpc/codes; RFC 9110; the appendix "Error Codes" of
PostgreSQL; the server error reference of MySQL; k8s.io/apimachinery StatusReason; systemd.exec(5).
"""

from facts.model.failure import ErrorClass as E

ERRNO: dict[str, tuple[int, E]] = {
    "EPERM": (1, E.PERMISSION_DENIED),
    "ENOENT": (2, E.NOT_FOUND),
    "EIO": (5, E.IO_ERROR),
    "ENXIO": (6, E.NOT_FOUND),
    "E2BIG": (7, E.TOO_LARGE),
    "ENOEXEC": (8, E.WRONG_ARCHITECTURE),
    "EAGAIN": (11, E.LIMIT_REACHED),
    "ENOMEM": (12, E.OUT_OF_MEMORY),
    "EACCES": (13, E.PERMISSION_DENIED),
    "EBUSY": (16, E.BUSY),
    "EEXIST": (17, E.EXISTS),
    "ENODEV": (19, E.NOT_FOUND),
    "EINVAL": (22, E.INVALID_ARGUMENT),
    "ENFILE": (23, E.LIMIT_REACHED),
    "EMFILE": (24, E.LIMIT_REACHED),
    "ETXTBSY": (26, E.BUSY),
    "EFBIG": (27, E.TOO_LARGE),
    "ENOSPC": (28, E.NO_SPACE),
    "EROFS": (30, E.READ_ONLY),
    "EPIPE": (32, E.CLOSED),
    "ENAMETOOLONG": (36, E.TOO_LARGE),
    "ENOSYS": (38, E.UNSUPPORTED),
    "ENOTEMPTY": (39, E.EXISTS),
    "EMSGSIZE": (90, E.TOO_LARGE),
    "EOPNOTSUPP": (95, E.UNSUPPORTED),
    "EADDRINUSE": (98, E.ADDRESS_IN_USE),
    "EADDRNOTAVAIL": (99, E.ADDRESS_NOT_AVAILABLE),
    "ENETUNREACH": (101, E.NETWORK_UNREACHABLE),
    "ECONNABORTED": (103, E.CLOSED),
    "ECONNRESET": (104, E.RESET),
    "ETIMEDOUT": (110, E.TIMEOUT),
    "ECONNREFUSED": (111, E.REFUSED),
    "EHOSTUNREACH": (113, E.HOST_UNREACHABLE),
    "ESTALE": (116, E.GONE),
    "EUCLEAN": (117, E.CORRUPT),
    "EDQUOT": (122, E.QUOTA_EXCEEDED),
}
"""Number on Linux and class of each errno; on other systems the numbers differ, so that a text beside one outranks it."""

NODE_CODES: dict[str, E] = {
    "ENOTFOUND": E.NAME_NOT_FOUND,
    "EAI_AGAIN": E.NAME_FAILED,
    "ERR_TLS_CERT_ALTNAME_INVALID": E.NAME_MISMATCH,
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE": E.UNTRUSTED,
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY": E.UNTRUSTED,
    "SELF_SIGNED_CERT_IN_CHAIN": E.UNTRUSTED,
    "DEPTH_ZERO_SELF_SIGNED_CERT": E.UNTRUSTED,
    "CERT_HAS_EXPIRED": E.EXPIRED,
    "CERT_NOT_YET_VALID": E.NOT_YET_VALID,
    "MODULE_NOT_FOUND": E.MISSING_MODULE,
    "ERR_MODULE_NOT_FOUND": E.MISSING_MODULE,
    "ERR_UNSUPPORTED_ESM_URL_SCHEME": E.UNSUPPORTED,
    "ERR_DLOPEN_FAILED": E.MISSING_LIBRARY,
    "UND_ERR_CONNECT_TIMEOUT": E.TIMEOUT,
    "UND_ERR_SOCKET": E.CLOSED,
    "EPROTO": E.PROTOCOL_MISMATCH,
}
"""Codes of Node.js that are no errno; EAI_* are the resolver's of C."""

GRPC: dict[str, E] = {
    "NotFound": E.NOT_FOUND,
    "AlreadyExists": E.EXISTS,
    "PermissionDenied": E.FORBIDDEN,
    "Unauthenticated": E.UNAUTHENTICATED,
    "ResourceExhausted": E.QUOTA_EXCEEDED,
    "FailedPrecondition": E.PRECONDITION_FAILED,
    "Aborted": E.CONFLICT,
    "OutOfRange": E.GONE,
    "Unimplemented": E.UNSUPPORTED,
    "DeadlineExceeded": E.TIMEOUT,
    "Unavailable": E.UNAVAILABLE,
    "InvalidArgument": E.INVALID_ARGUMENT,
    "DataLoss": E.CORRUPT,
    "Canceled": E.CANCELLED,
}
"""Names of gRPC codes; Unknown and Internal say nothing."""

HTTP: dict[str, E] = {
    "400": E.INVALID_ARGUMENT,
    "401": E.UNAUTHENTICATED,
    "403": E.FORBIDDEN,
    "404": E.NOT_FOUND,
    "405": E.UNSUPPORTED,
    "407": E.UNAUTHENTICATED,
    "408": E.TIMEOUT,
    "409": E.CONFLICT,
    "410": E.GONE,
    "412": E.PRECONDITION_FAILED,
    "413": E.TOO_LARGE,
    "422": E.INVALID_ARGUMENT,
    "423": E.LOCKED,
    "426": E.PROTOCOL_MISMATCH,
    "429": E.RATE_LIMITED,
    "431": E.TOO_LARGE,
    "499": E.CANCELLED,
    "500": E.UNKNOWN,
    "501": E.UNSUPPORTED,
    "502": E.UNAVAILABLE,
    "503": E.UNAVAILABLE,
    "504": E.TIMEOUT,
    "505": E.PROTOCOL_MISMATCH,
    "507": E.NO_SPACE,
}

REASONS: dict[str, E] = {
    "NotFound": E.NOT_FOUND,
    "AlreadyExists": E.EXISTS,
    "Forbidden": E.FORBIDDEN,
    "Unauthorized": E.UNAUTHENTICATED,
    "Conflict": E.CONFLICT,
    "Gone": E.GONE,
    "Expired": E.GONE,
    "Invalid": E.INVALID_ARGUMENT,
    "BadRequest": E.INVALID_ARGUMENT,
    "MethodNotAllowed": E.UNSUPPORTED,
    "NotAcceptable": E.UNSUPPORTED,
    "UnsupportedMediaType": E.UNSUPPORTED,
    "RequestEntityTooLarge": E.TOO_LARGE,
    "TooManyRequests": E.RATE_LIMITED,
    "Timeout": E.TIMEOUT,
    "ServerTimeout": E.TIMEOUT,
    "ServiceUnavailable": E.UNAVAILABLE,
}
"""Reasons of Kubernetes Status objects; InternalError and Unknown say nothing."""

SQLSTATE: dict[str, E] = {
    "0A000": E.UNSUPPORTED,
    "08001": E.REFUSED,
    "08003": E.CLOSED,
    "08006": E.CLOSED,
    "23505": E.EXISTS,
    "25006": E.READ_ONLY,
    "28000": E.UNAUTHENTICATED,
    "28P01": E.UNAUTHENTICATED,
    "3D000": E.NOT_FOUND,
    "40001": E.CONFLICT,
    "40P01": E.CONFLICT,
    "42501": E.FORBIDDEN,
    "42703": E.NOT_FOUND,
    "42P01": E.NOT_FOUND,
    "42P07": E.EXISTS,
    "42S02": E.NOT_FOUND,
    "53100": E.NO_SPACE,
    "53200": E.OUT_OF_MEMORY,
    "53300": E.LIMIT_REACHED,
    "55P03": E.LOCKED,
    "57014": E.CANCELLED,
    "57P01": E.CLOSED,
    "57P02": E.CRASHED,
    "57P03": E.UNAVAILABLE,
    "58030": E.IO_ERROR,
    "58P01": E.NOT_FOUND,
    "F0000": E.INVALID_CONFIG,
    "F0001": E.LOCKED,
    "XX001": E.CORRUPT,
}

MYSQL: dict[str, E] = {
    "1040": E.LIMIT_REACHED,
    "1044": E.FORBIDDEN,
    "1045": E.UNAUTHENTICATED,
    "1049": E.NOT_FOUND,
    "1114": E.NO_SPACE,
    "1129": E.FORBIDDEN,
    "1130": E.FORBIDDEN,
    "1142": E.FORBIDDEN,
    "1146": E.NOT_FOUND,
    "1203": E.LIMIT_REACHED,
    "1205": E.LOCKED,
    "1213": E.CONFLICT,
    "1226": E.LIMIT_REACHED,
    "1290": E.READ_ONLY,
    "1698": E.UNAUTHENTICATED,
    "2002": E.REFUSED,
    "2003": E.REFUSED,
    "2005": E.NAME_NOT_FOUND,
    "2006": E.CLOSED,
    "2013": E.CLOSED,
    "2059": E.UNSUPPORTED,
}
"""Numbers of MySQL and MariaDB errors; 2002 and 2003 carry the errno in their text, which outranks them."""

GAIERROR: dict[str, E] = {"-2": E.NAME_NOT_FOUND, "-3": E.NAME_FAILED, "-5": E.NAME_NOT_FOUND}
"""Negative numbers of getaddrinfo(3)."""

RCODE: dict[str, E] = {"2": E.NAME_FAILED, "3": E.NAME_NOT_FOUND, "5": E.NAME_FAILED}
"""Answers of name servers: SERVFAIL, NXDOMAIN, REFUSED."""

ENVOY_FLAGS: dict[str, E] = {
    "UH": E.UNAVAILABLE,
    "UF": E.REFUSED,
    "NR": E.NOT_FOUND,
    "NC": E.NOT_FOUND,
    "UC": E.CLOSED,
    "UR": E.RESET,
    "UT": E.TIMEOUT,
    "UO": E.LIMIT_REACHED,
    "RL": E.RATE_LIMITED,
    "RLSE": E.UNAVAILABLE,
    "UAEX": E.POLICY_DENIED,
    "URX": E.UNAVAILABLE,
    "UPE": E.PROTOCOL_MISMATCH,
    "DPE": E.PROTOCOL_MISMATCH,
}
"""Response flags of Envoy's access log; DC, the client that went away, is no failure."""

EXIT_STATUS: dict[str, E] = {
    "78": E.INVALID_CONFIG,
    "126": E.PERMISSION_DENIED,
    "127": E.MISSING_COMMAND,
    "134": E.CRASHED,
    "137": E.KILLED,
    "139": E.CRASHED,
    "143": E.CANCELLED,
    "200": E.NOT_FOUND,
    "203": E.MISSING_COMMAND,
    "217": E.NOT_FOUND,
}
"""What an exit status tells; 200 and above are systemd's own. Any other is `exited`."""

SIGNALS: dict[str, E] = {
    "SEGV": E.CRASHED,
    "ABRT": E.CRASHED,
    "BUS": E.CRASHED,
    "ILL": E.CRASHED,
    "FPE": E.CRASHED,
    "TRAP": E.CRASHED,
    "KILL": E.KILLED,
    "TERM": E.CANCELLED,
}
