"""What the program ships beside its code: texts, fixes, scenarios."""
