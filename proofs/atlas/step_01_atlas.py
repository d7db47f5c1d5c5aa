"""The identifiability of base models under meta-learners: a cell for each pair.

What the analysis found stands in `found.json`; `python -m metaid_symbolic.identify.atlas proofs/atlas` writes it anew, with the
statements and certificates (some minutes).
"""

from pathlib import Path

from metaid_symbolic.identify.atlas import add_atlas
from metaid_symbolic.theory import Theory

theory = Theory("atlas", step="atlas", title="Base models by meta-learners")
add_atlas(theory, Path(__file__).parent)

if __name__ == "__main__":
    theory.main()
