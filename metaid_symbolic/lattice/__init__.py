"""Which identifiability conditions imply which, from proved implications and examples with proved tables."""
