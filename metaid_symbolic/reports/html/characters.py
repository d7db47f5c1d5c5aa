"""LaTeX's commands for single signs, as characters."""

from __future__ import annotations

GREEK = r"""
\alpha α \beta β \gamma γ \delta δ \epsilon ϵ \varepsilon ε \zeta ζ \eta η \theta θ \vartheta ϑ \iota ι \kappa κ \lambda λ \mu μ
\nu ν \xi ξ \pi π \rho ρ \sigma σ \tau τ \upsilon υ \phi ϕ \varphi φ \chi χ \psi ψ \omega ω \Gamma Γ \Delta Δ \Theta Θ \Lambda Λ
\Xi Ξ \Pi Π \Sigma Σ \Upsilon Υ \Phi Φ \Psi Ψ \Omega Ω \ell ℓ \infty ∞ \emptyset ∅ \varnothing ∅ \top ⊤ \bot ⊥ \partial ∂ \hbar ℏ
\dots … \ldots … \cdots ⋯ \# # \% % \_ _
"""
SIGNS = r"""
\forall ∀ \exists ∃ \neg ¬ \nabla ∇ \sum ∑ \prod ∏ \int ∫ \lvert | \rvert | \lVert ‖ \rVert ‖ \langle ⟨ \rangle ⟩ \{ { \} } \| ‖
\vert | \mid ∣ \le ≤ \leq ≤ \ge ≥ \geq ≥ \ne ≠ \neq ≠ \in ∈ \notin ∉ \subset ⊂ \subseteq ⊆ \to → \mapsto ↦ \leftarrow ←
\rightarrow → \Rightarrow ⇒ \Leftrightarrow ⇔ \iff ⇔ \implies ⇒ \propto ∝ \sim ∼ \approx ≈ \equiv ≡ \succ ≻ \succeq ⪰ \prec ≺
\preceq ⪯ \land ∧ \wedge ∧ \lor ∨ \vee ∨ \cdot ⋅ \times × \pm ± \mp ∓ \otimes ⊗ \circ ∘ \cup ∪ \cap ∩ \setminus ∖ \colon :
\perp ⟂ \ll ≪ \gg ≫ - − + + = = < < > > ( ( ) ) [ [ ] ] | | , , : : ; ; . . ! ! / / * ∗
"""
NAMED = "exp log ln min max arg det dim ker tanh sinh cosh sin cos tan sup inf lim"


def pairs(table: str) -> dict[str, str]:
    """Command and sign in turn."""
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


IDENTIFIERS = pairs(GREEK)
OPERATORS = pairs(SIGNS)
FUNCTIONS = {"\\" + name: name for name in NAMED.split()}
RELATIONS = "=<>≤≥≠∈∉⊂⊆→←↦⇒⇔∝∼≈≡≻⪰≺⪯∧∨⟂≪≫∖∪∩∣"
PREFIXES = (r"\forall", r"\exists", r"\neg", r"\nabla", r"\lvert", r"\lVert", r"\sum", r"\prod", r"\int")
"""Operators that stand before their operand."""
OPEN = "([{⟨"
DELIMITERS = {
    r"\{": "{", r"\}": "}", r"\lvert": "|", r"\rvert": "|", r"\lVert": "‖", r"\rVert": "‖", r"\langle": "⟨", r"\rangle": "⟩",
    r"\|": "‖",
}  # fmt: skip
SPACES = {
    r"\ ": "0.35em", r"\,": "0.17em", r"\:": "0.22em", r"\;": "0.28em", r"\!": "-0.17em", r"\quad": "1em", r"\qquad": "2em",
    "~": "0.35em",
}  # fmt: skip
ACCENTS = {r"\bar": "‾", r"\hat": "^", r"\tilde": "~", r"\overline": "‾"}
SCRIPT = {"B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ"}
DOUBLE = {"C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"}
BLOCKS = {
    r"\mathbb": (0x1D538, 0x1D552, 0x1D7D8), r"\mathcal": (0x1D49C, 0x1D4B6, 0), r"\mathtt": (0x1D670, 0x1D68A, 0x1D7F6),
    r"\mathbf": (0x1D400, 0x1D41A, 0x1D7CE),
}  # fmt: skip


def alphabet(font: str, word: str) -> str:
    """The word in Unicode's mathematical alphabet of the font; as it is where there is none."""
    special = {r"\mathcal": SCRIPT, r"\mathbb": DOUBLE}.get(font, {})
    return "".join(special.get(c) or _letter(BLOCKS.get(font, (0, 0, 0)), c) for c in word)


def _letter(starts: tuple[int, int, int], letter: str) -> str:
    for first, last, start in (("A", "Z", starts[0]), ("a", "z", starts[1]), ("0", "9", starts[2])):
        if first <= letter <= last and start:
            return chr(start + ord(letter) - ord(first))
    return letter
