"""How conclusions are weighed, ranked, checked and proven."""
