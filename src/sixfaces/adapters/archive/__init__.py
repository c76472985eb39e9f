"""Files of the archive of observations."""
