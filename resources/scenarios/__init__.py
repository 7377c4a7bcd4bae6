"""Practice scenarios, one file each."""
