"""Live: the cluster, its API, its nodes over SSH, its VMs, pings."""
