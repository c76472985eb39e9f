"""Implementations of the domain's ports on files, databases, queues and stores."""
