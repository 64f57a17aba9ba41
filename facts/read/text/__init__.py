"""How text is cut: sections, tables, outlines, prompts."""
