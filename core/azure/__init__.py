"""The connection to Azure: clouds, sign-in, SDK clients, the watched transport and the inventory."""
