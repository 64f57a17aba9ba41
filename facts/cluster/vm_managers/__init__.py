"""Programs that run virtual machines, one per file; a file in this folder is enough."""
