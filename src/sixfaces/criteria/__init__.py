"""JUDGE: pure functions from facts and a policy to findings."""
