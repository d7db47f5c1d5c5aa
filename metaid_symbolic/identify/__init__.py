"""What can be identified of a model, how strongly, and by what certificate."""
