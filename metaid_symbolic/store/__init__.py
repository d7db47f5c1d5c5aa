"""Where theories, statements, certificates and cached verdicts are read and kept."""
