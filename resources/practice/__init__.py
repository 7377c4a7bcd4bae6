"""Data of the simulated Azure."""
