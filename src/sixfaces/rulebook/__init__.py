"""Versioned policies as data, and their validating loader."""
