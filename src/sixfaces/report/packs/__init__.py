"""What an exhibit pack shows: its moments, its statement, its sheets, and the plan that fits them into a budget."""
