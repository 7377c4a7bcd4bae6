"""What the screen shows, worked out from events alone: plain Python, no Qt."""
