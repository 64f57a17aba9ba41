"""The values that flow through kbdiag, their schema, and the errors."""
