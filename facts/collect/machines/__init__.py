"""The machines of the cluster, and how to run a script on them."""
