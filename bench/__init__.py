"""Measurements: `python3 dev.py bench`. Everything that is compared is measured within one run."""
