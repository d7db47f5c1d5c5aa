"""Methods of meta-learning: tasks -> meta-objective or update field.  One family a file."""
