"""Definiteness of matrices that depend on parameters."""
