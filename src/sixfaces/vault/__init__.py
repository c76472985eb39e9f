"""SEAL: digests, write-once names, signed challenge codes."""
