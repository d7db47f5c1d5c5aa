"""A theory with its verdicts as one HTML file that needs nothing else."""
