"""Evidence formats, one per file; a file in this folder is enough, `facts.read.evidence.evidence` finds it."""
