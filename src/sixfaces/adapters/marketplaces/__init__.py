"""Marketplaces' exports and pushes, read by mappings: files of data that alone know the platforms' own words."""
