"""Text that mentions failures and reports none: documentation, source code, tests, commit logs, alert rules."""
