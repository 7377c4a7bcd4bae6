"""Checks of the image pull secret that a pod names."""
