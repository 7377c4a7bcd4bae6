"""Questions about the node that pulls."""
