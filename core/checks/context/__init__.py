"""Questions about the person who looks: where they are signed in, and what they may see and do."""
