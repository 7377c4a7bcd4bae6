"""From a pasted text to the symptom it describes: `classify` is the only thing the rest of the program needs."""

from core.symptoms.classify import classify

__all__ = ["classify"]
