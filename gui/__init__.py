"""The window: PySide6 only, on top of core."""
