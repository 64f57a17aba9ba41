"""The exit statuses of kbdiag."""

OK, NOTHING_OBSERVED, BAD_USAGE, SEVERITY_REACHED, INTERRUPTED = 0, 1, 2, 3, 130
INTERNAL_ERROR = 70
"""EX_SOFTWARE of sysexits.h: kbdiag itself failed, which no script takes for an answer."""
TESTS_FAILED, BAD_RULES, DIFFERENT = 1, 2, 1
