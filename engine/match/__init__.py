"""Which rules match which facts."""
