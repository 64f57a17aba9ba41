"""Archives of foreign tools, made from one made-up cluster: each tool's layout, packed in each way."""
