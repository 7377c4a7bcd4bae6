"""The closed loop: every fix, executed by the real Azure CLI against the simulated Azure."""
