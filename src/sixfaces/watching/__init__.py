"""WATCH: pure functions over what happened in many cases: figures with their sureness, alarms, samples."""
