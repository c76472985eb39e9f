"""Watching: figures, alarms, samples, known cases, suppliers. Use cases over `watching` and the records."""
