"""The simulated Azure: worlds, the answers they give, scenarios to learn from and faults to test with."""
