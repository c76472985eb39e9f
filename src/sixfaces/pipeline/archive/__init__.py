"""The archive of observations: what judging saw, kept so that it can be judged again."""
