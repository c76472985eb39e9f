"""Taking in what marketplaces state: merged into what is known, never in its place."""
