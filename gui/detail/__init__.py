"""What stands beside the chart about one check: what was seen, why it matters, the fix, and commands to copy."""
