"""Re-planning a running day: facts in, a proposal out, accepted or rejected, and told to each courier."""
