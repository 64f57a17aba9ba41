"""One domain of what can be wrong per file; a file in this folder is enough."""
