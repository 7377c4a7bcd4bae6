"""Questions about the traffic: what carries it, and what stops it."""
