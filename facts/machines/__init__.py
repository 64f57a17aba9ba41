"""Machines below Kubernetes: which there are, how to enter them, what they are asked."""
