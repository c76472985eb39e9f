"""HTTP: routes, keys, limits, and the one table from error codes to statuses."""
