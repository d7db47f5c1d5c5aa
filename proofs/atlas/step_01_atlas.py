"""The identifiability of base models under meta-learners: a cell for each pair."""

from metaid_symbolic.identify.atlas import ATLAS, LEARNERS, add_cell
from metaid_symbolic.theory import Theory

theory = Theory("atlas", step="atlas", title="Base models by meta-learners")
for base in ATLAS:
    for learner in LEARNERS:
        add_cell(theory, base, learner)

if __name__ == "__main__":
    theory.main()
