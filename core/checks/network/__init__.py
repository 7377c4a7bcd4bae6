"""Questions about the way to the registry: private or public, and whether it lets the nodes in."""
