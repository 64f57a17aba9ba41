"""From a snapshot to facts: one domain each, found because its file lies here.

Each module has `extract(index)`, as `facts.extract.Extractor` describes it.
"""
