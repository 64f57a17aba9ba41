"""Commits of a repository that hold the manifests of a cluster."""
