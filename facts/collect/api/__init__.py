"""The API of the cluster, reading only."""
