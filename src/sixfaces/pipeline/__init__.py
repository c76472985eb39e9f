"""The ordered list of steps. Start reading at `verify_case`."""
