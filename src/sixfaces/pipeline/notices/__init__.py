"""Telling both sides of a claim how it stands: links to see it by, and notices by e-mail when it changes (D24)."""
