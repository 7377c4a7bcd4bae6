"""Small programs that the measurements start, each in a process of its own."""
