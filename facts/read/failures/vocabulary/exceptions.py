"""Names of exceptions that mean a class, without their package; a text in their message outranks the name."""

from facts.model.failure import ErrorClass as E

_NAMES: dict[E, str] = {
    E.NOT_FOUND: "FileNotFoundError NoSuchFileException FileNotFoundException DirectoryNotFoundException NotFoundException "
    "NoSuchBucket NoSuchKey ResourceNotFoundException NotFoundError UndefinedTable IndexNotFoundException "
    "UnknownTopicOrPartitionException NoSuchContainer ObjectDoesNotExist index_not_found_exception",
    E.EXISTS: "FileExistsError FileAlreadyExistsException DuplicateKeyException UniqueViolation UniqueConstraintViolationException "
    "AlreadyExistsError TopicExistsException",
    E.PERMISSION_DENIED: "PermissionError AccessDeniedException UnauthorizedAccessException",
    E.FORBIDDEN: "AccessDenied UnauthorizedOperation AuthorizationFailed ForbiddenException InsufficientPrivilege NOPERM "
    "TopicAuthorizationException GroupAuthorizationException ClusterAuthorizationException AuthorizationException "
    "AuthorizationPermissionMismatch security_exception",
    E.UNAUTHENTICATED: "NOAUTH WRONGPASS AuthFailure AuthenticationException SaslAuthenticationException UnauthorizedException "
    "AuthenticationError InvalidAuthenticationToken InvalidClientTokenId SignatureDoesNotMatch UnrecognizedClientException "
    "AuthenticationFailureException InvalidPasswordError PossibleAuthenticationFailureException",
    E.READ_ONLY: "READONLY ReadOnlyError ReadOnlyFileSystemException ReadOnlySqlTransaction",
    E.NO_SPACE: "DiskFull KafkaStorageException",
    E.QUOTA_EXCEEDED: "QuotaExceeded LimitExceededException QuotaExceededException VcpuLimitExceeded",
    E.LIMIT_REACHED: "TooManyConnections PoolExhaustedException ConnectionPoolTimeoutException",
    E.TOO_LARGE: "RecordTooLargeException PayloadTooLargeError MaxUploadSizeExceededException",
    E.NO_CAPACITY: "InsufficientInstanceCapacity ZONE_RESOURCE_POOL_EXHAUSTED SkuNotAvailable AllocationFailed OverconstrainedAllocationRequest",
    E.OUT_OF_MEMORY: "OutOfMemoryError MemoryError bad_alloc OutOfMemoryException OOM CircuitBreakingException",
    E.CRASHED: "StackOverflowError RecursionError StackOverflowException",
    E.LOCKED: "VolumeInUse LockException LockAcquisitionException LockTimeoutException LockNotAvailable OverlappingFileLockException "
    "LockObtainFailedException",
    E.CONFLICT: "OptimisticLockException StaleObjectStateException DeadlockDetected DeadlockLoserDataAccessException "
    "SerializationFailure VersionConflictEngineException InconsistentClusterIdException",
    E.PRECONDITION_FAILED: "IncorrectState PreconditionFailedException IllegalStateException",
    E.NO_LEADER: "CLUSTERDOWN NotLeaderOrFollowerException LeaderNotAvailableException MasterNotDiscoveredException "
    "NotLeaderForPartitionException master_not_discovered_exception",
    E.GONE: "StaleElementReferenceException ResourceExpired",
    E.ADDRESS_IN_USE: "BindException PortInUseException",
    E.REFUSED: "ConnectException ConnectionRefusedError ConnectionRefused ECONNREFUSED",
    E.RESET: "ConnectionResetError",
    E.CLOSED: "BrokenPipeError ConnectionAbortedError ConnectionClosedError ConnectionClosed EOFException EOFError ClosedChannelException "
    "RemoteDisconnected IncompleteRead InterfaceError NoHttpResponseException",
    E.TIMEOUT: "SocketTimeoutException TimeoutError TimeoutException ConnectTimeout ReadTimeout ReadTimeoutError ConnectTimeoutException "
    "HttpConnectTimeoutException HttpTimeoutException MongoServerSelectionError ServerSelectionTimeoutError SQLTransientConnectionException "
    "TaskCanceledException OpenTimeout ConnectTimeoutError GatewayTimeout",
    E.HOST_UNREACHABLE: "NoRouteToHostException",
    E.PROTOCOL_MISMATCH: "WRONG_VERSION_NUMBER UNSUPPORTED_PROTOCOL UnsupportedVersionException ProtocolException",
    E.UNAVAILABLE: "LOADING MASTERDOWN ServiceUnavailable ServiceUnavailableException NodeUnavailableException NoNodeAvailableException "
    "NoHostAvailableException NoBrokersAvailable BrokerNotAvailableException CoordinatorNotAvailableException",
    E.NAME_NOT_FOUND: "UnknownHostException NameResolutionError UnresolvedAddressException",
    E.UNTRUSTED: "CertPathBuilderException SunCertPathBuilderException InvalidCertificateException CERTIFICATE_VERIFY_FAILED",
    E.NAME_MISMATCH: "CertificateNameMismatch",
    E.EXPIRED: "CertificateExpiredException ExpiredToken ExpiredTokenException TokenExpiredError ExpiredSignatureError ExpiredJwtException",
    E.NOT_YET_VALID: "CertificateNotYetValidException ImmatureSignatureError",
    E.RATE_LIMITED: "Throttling ThrottlingException RequestLimitExceeded TooManyRequestsException RateLimitError SlowDown "
    "ProvisionedThroughputExceededException",
    E.INVALID_ARGUMENT: "ValueError IllegalArgumentException ArgumentException ArgumentError InvalidParameterValue ValidationError "
    "InvalidArgumentException ArgumentNullException InvalidRequestException",
    E.INVALID_CONFIG: "ImproperlyConfigured ConfigException ConfigurationException InvalidConfigurationPropertyValueException "
    "ConfigDataResourceNotFoundException BadConfigurationException",
    E.MISSING_CONFIG: "MissingRequiredPropertiesException InvalidConfigDataPropertyException",
    E.PARSE_ERROR: "JSONDecodeError SyntaxError JsonParseException ParserError JsonSyntaxException ScannerException YAMLException "
    "ParseException MalformedInputException JsonException ParseError YAMLParseException TomlDecodeError UnicodeDecodeError "
    "SAXParseException MismatchedInputException JsonMappingException",
    E.MISSING_MODULE: "ModuleNotFoundError ImportError ClassNotFoundException NoClassDefFoundError LoadError DllNotFoundException",
    E.MISSING_LIBRARY: "UnsatisfiedLinkError",
    E.VERSION_MISMATCH: "UnsupportedClassVersionError NoSuchMethodError NoSuchFieldError IncompatibleClassChangeError AbstractMethodError",
    E.UNSUPPORTED: "NotImplementedError UnsupportedOperationException NotSupportedException NotImplementedException",
    E.CORRUPT: "CorruptRecordException CorruptIndexException TranslogCorruptedException BadZipFile ZipException CorruptStateException "
    "IndexFormatTooOldException",
    E.CANCELLED: "CancelledError CancellationException AbortError OperationCanceledException InterruptedException KeyboardInterrupt",
}

EXCEPTIONS: dict[str, E] = {name: error for error, names in _NAMES.items() for name in names.split()}
"""Class by the last part of an exception's name ("ConnectException"), or by the first word of a server's answer ("NOAUTH")."""

PARTS: dict[str, E] = {
    "NotFound": E.NOT_FOUND, "NoSuch": E.NOT_FOUND, "DoesNotExist": E.NOT_FOUND, "AlreadyExists": E.EXISTS, "Duplicate": E.EXISTS, "PermissionDenied": E.FORBIDDEN,
    "AccessDenied": E.FORBIDDEN, "Forbidden": E.FORBIDDEN, "NotAuthorized": E.FORBIDDEN, "Unauthorized": E.UNAUTHENTICATED, "Authentication": E.UNAUTHENTICATED,
    "Unauthenticated": E.UNAUTHENTICATED, "OutOfMemory": E.OUT_OF_MEMORY, "Timeout": E.TIMEOUT, "TimedOut": E.TIMEOUT, "DeadlineExceeded": E.TIMEOUT,
    "Unavailable": E.UNAVAILABLE, "RateLimit": E.RATE_LIMITED, "TooManyRequests": E.RATE_LIMITED, "Throttl": E.RATE_LIMITED, "QuotaExceeded": E.QUOTA_EXCEEDED,
    "LimitExceeded": E.LIMIT_REACHED, "TooLarge": E.TOO_LARGE, "NotSupported": E.UNSUPPORTED, "Unsupported": E.UNSUPPORTED, "Parse": E.PARSE_ERROR, "Syntax": E.PARSE_ERROR,
    "Decode": E.PARSE_ERROR, "Deserializ": E.PARSE_ERROR, "JsonProcessing": E.PARSE_ERROR, "Configuration": E.INVALID_CONFIG, "Config": E.INVALID_CONFIG,
    "Corrupt": E.CORRUPT, "Conflict": E.CONFLICT, "Cancel": E.CANCELLED, "IndexOutOf": E.CRASHED, "NullPointer": E.CRASHED, "NullReference": E.CRASHED,
    "ArrayIndex": E.CRASHED, "InvalidCast": E.CRASHED, "ClassCast": E.CRASHED, "Invalid": E.INVALID_ARGUMENT, "IllegalArgument": E.INVALID_ARGUMENT, "Format": E.PARSE_ERROR,
    "Type": E.CRASHED, "Attribute": E.CRASHED, "Name": E.CRASHED, "Reference": E.CRASHED, "Assertion": E.CRASHED, "ZeroDivision": E.CRASHED, "Key": E.NOT_FOUND,
}  # fmt: skip
"""Class by a part of the name of an exception that no table names; the first part that fits counts."""
