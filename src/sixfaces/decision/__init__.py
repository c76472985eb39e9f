"""DECIDE: pure functions from evidence, inspection and course of a claim to who is liable and what follows."""
