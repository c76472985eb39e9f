"""The pages for people, as they were built from src/console: data only."""
