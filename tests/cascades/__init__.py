"""Generated incidents: a random cluster, one fault at the root of it, and all that follows, as the control plane writes it."""
