"""Write, check, test and read rules."""
