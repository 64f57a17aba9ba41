"""Istio: which Pods are in the mesh, who may call whom in it, and where its routes lead."""
