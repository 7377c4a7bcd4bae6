"""Questions about the name of the image."""
