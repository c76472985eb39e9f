"""Covers print in derived pictures, for people who may not see personal data."""
