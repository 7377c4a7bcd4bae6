"""The diagnosis: everything but the window. Nothing in here imports Qt."""
