"""Which codes, names and texts mean which class of error: data only, a table per kind of proof."""
