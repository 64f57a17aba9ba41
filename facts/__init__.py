"""What is known: observations, and the facts drawn from them. No rule knowledge lives here."""
