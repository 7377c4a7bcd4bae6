"""The questions about who pulls and whether they may."""
