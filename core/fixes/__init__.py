"""Fixes: what can be done about a finding, as data, and how it becomes commands that can be pasted."""
