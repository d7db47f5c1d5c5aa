"""What holds and what fails at each example of the collection; each table is one claim."""

from metaid_symbolic.examples.collection import collection
from metaid_symbolic.lattice.lattice import EXAMPLE
from metaid_symbolic.printing import text
from metaid_symbolic.theory import Theory

theory = Theory("lattice", step="examples", title="Examples with their tables")
for example in collection():
    theory.at(EXAMPLE + example.name, example.problem, text(example.table()), expected=True, words=example.words)

if __name__ == "__main__":
    theory.main()
