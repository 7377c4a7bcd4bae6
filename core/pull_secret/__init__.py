"""Image pull secrets as kubectl prints them: read, weighed, and forgotten but for what may be shown."""
