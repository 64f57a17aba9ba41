"""What a Kubernetes cluster is: kinds, objects, owners, health, joined in memory."""
