"""How programs write lines: a module per family, each a function that takes a record and returns a statement or None."""
