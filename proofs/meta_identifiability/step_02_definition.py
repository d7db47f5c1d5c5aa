"""Step 2: the definition of identifiability as injectivity of the mean loss."""

from metaid_symbolic.claims import Universe
from metaid_symbolic.theory import Theory

theory = Theory("meta_identifiability", step="S2", title="The definition")
anywhere = Universe(domain="any", smoothness="none")

# True: two different points of equal mean loss are what INJ excludes.
theory.claim("S2.claim/inj", "(exists x, y in Phi: x != y & F(x) = F(y)) => not INJ", universe=anywhere, expected=True)
# False: x^2 takes the value 1 twice and has one minimiser.
theory.claim(
    "S2.claim/uniq",
    "(exists x, y in Phi: x != y & F(x) = F(y)) => not UNIQ",
    expected=False,
)
theory.remark("S2.definition", "definition", "the map phi -> F(phi) is injective: the condition INJ, weighed under ID1 and ID2")
# True: contraposition.
theory.claim("S2.equivalent", "INJ <=> (forall x, y in Phi: x != y => F(x) != F(y))", universe=anywhere, expected=True)

if __name__ == "__main__":
    theory.main()
