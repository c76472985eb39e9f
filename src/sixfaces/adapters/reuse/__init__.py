"""Finding a picture again in earlier evidence: the index of regions, and the agreement of two pictures."""
