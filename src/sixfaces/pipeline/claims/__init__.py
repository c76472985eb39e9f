"""The course of claims: what happened, what is due, what is decided. Use cases over `decision` and the records."""
