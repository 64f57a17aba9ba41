"""Kubernetes objects, joined: what there is, who owns whom, and what is in trouble."""
