"""OBSERVE: one module is one kind of measured fact. `OBSERVERS` in `registry` is the table of contents."""
