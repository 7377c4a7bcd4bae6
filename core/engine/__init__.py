"""Walks the tree: has facts fetched, each once and independent ones at the same time, evaluates and ranks."""
