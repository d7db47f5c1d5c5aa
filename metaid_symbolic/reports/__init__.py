"""Verdicts and derivations for readers: LaTeX and plain text."""
