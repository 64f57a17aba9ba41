"""The errors of kbdiag. Each message is one line: where, what, and what to do about it."""


class KbdiagError(Exception):
    """Root of all errors that a user may see; the command line prints its message and exits."""


class EvidenceError(KbdiagError):
    """Evidence cannot be read: missing, truncated, foreign, newer than this version, or hostile. Exit status 1."""


class CollectError(KbdiagError):
    """Nothing at all could be collected. Exit status 1."""


class UsageError(KbdiagError):
    """Wrong flags or arguments. Exit status 2."""


class RuleError(KbdiagError):
    """Rules are wrong; the message has a line `path:line:column: what (hint)` per mistake. Exit status 2."""
