"""How one search is run: in parts that are done anywhere, remembered, and done again from a short text."""
