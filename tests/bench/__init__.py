"""Figures that docs/benchmark.md publishes. Each `bench_*.py` prints its own markdown section."""
