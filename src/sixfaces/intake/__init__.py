"""ACCEPT: limits, sniffing, checksums: bytes in, "no" said early."""
