"""The Kubernetes API, read-only: a connection, what may be seen, lists, logs, health."""
