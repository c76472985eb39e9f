"""Inspections by SOP: started, answered step by step, concluded by a person, looked at again. Use cases over `qc`."""
