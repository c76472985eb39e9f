"""Jobs: claimed, run and ended by workers, swept and hinted at. Start reading at `running.Runner`."""
