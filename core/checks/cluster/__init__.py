"""Questions about the state of the cluster."""
