"""Where observations come from: one source each, found because its file lies here."""
