"""Grade: inspections by the SOP of a category. Pure: answers in; the next step, defects, outcome and grade out."""
