"""Sums of squares and least values of polynomials."""
