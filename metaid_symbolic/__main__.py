"""`python -m metaid_symbolic`."""

from .cli import entry

if __name__ == "__main__":
    entry()
