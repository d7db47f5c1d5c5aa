"""Minima and zeros of transcendental losses, by boxes."""
