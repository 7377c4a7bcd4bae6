"""Questions about the state of the registry."""
