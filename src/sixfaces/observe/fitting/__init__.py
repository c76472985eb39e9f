"""Makes derived pictures smaller, grey or masked, for those who take no others."""
