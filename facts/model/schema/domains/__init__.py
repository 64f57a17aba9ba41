"""One domain of facts per file, one struct per kind of fact; a file in this folder is enough."""
