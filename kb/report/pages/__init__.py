"""Pages in a terminal: layout, colours, wording."""
