"""Exact algebra of polynomials over Q: ideals, quotient rings, real roots, critical points."""
