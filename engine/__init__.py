"""How conclusions are drawn: rules and facts in, ranked hypotheses out. Pure; it knows no word of Kubernetes."""
