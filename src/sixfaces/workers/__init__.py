"""Processes and threads that run jobs. Start reading at `crew.Crew`."""
