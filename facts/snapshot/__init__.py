"""The snapshot: the file, archives, the redaction of secrets, anonymising."""
