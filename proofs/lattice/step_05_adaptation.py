"""Meta-problems after one step of MAML: the table of each, that it is what becomes of its base, and what every step keeps."""

from metaid_symbolic.lattice.adaptation import adapted, bases
from metaid_symbolic.lattice.lattice import EXAMPLE
from metaid_symbolic.printing import text
from metaid_symbolic.theory import Theory

theory = Theory("lattice", step="adaptation", title="One step of MAML")
for example in (*bases(), *(one.example for one in adapted())):
    theory.at(EXAMPLE + example.name, example.problem, text(example.table()), expected=True, words=example.words)
for one in adapted():
    for name, alone, said in one.links():
        theory.at(name, alone, said, expected=True, words=f"What one step of MAML makes of a task, for {one.name}.")

AFTER = "{1} - alpha*grad L({0}, {1})"
OF_A, OF_B, OF_T = AFTER.format("a", "y"), AFTER.format("b", "y"), AFTER.format("t", "y")
# True: equal functions have equal gradients, so that all tasks take the same step.
theory.claim(
    "kept/SAME",
    f"STAYS & SAME => forall s, t in tasks: forall x in Phi: L(s, {AFTER.format('s', 'x')}) = L(t, {AFTER.format('t', 'x')})",
    expected=True,
    through=[
        ("forall a, b in tasks: forall y in Phi: L(a, y) = L(b, y)",),
        ("forall a, b in tasks: forall y in Phi, v in Rn: dot(grad L(a, y), v) = dot(grad L(b, y), v)", "derivative", 1),
        (f"forall a, b in tasks: forall y in Phi, v in Rn: dot({OF_A} - ({OF_B}), v) = 0", 2),
        (f"forall a, b in tasks: forall y in Phi: {OF_A} - ({OF_B}) = zero", "orthogonal to all", 3),
        ("forall b in tasks, y, z in Rn: y = z => L(b, y) = L(b, z)", 0),
        (f"forall a, b in tasks: forall y in Phi: L(b, {OF_A}) = L(b, {OF_B})", f"5 at b, {OF_A}, {OF_B}", 4, 5),
        (f"forall y in Phi, a in tasks: {OF_A} in Phi",),
        (f"forall a, b in tasks: forall y in Phi: L(a, {OF_A}) = L(b, {OF_A})", f"1 at a, b, {OF_A}", 1, 7),
        (f"forall a, b in tasks: forall y in Phi: L(a, {OF_A}) = L(b, {OF_B})", "6 at a, b, y", "8 at a, b, y", 6, 8),
    ],
)
HERE = AFTER.format("t", "a")
# True: at a common minimiser a all gradients vanish, so that no step leaves a, and where a step ends no loss is less than at a.
theory.claim(
    "kept/INTERP",
    f"STAYS & INTERP => exists a in Phi: forall t in tasks: forall x in Phi: L(t, {HERE}) <= L(t, {AFTER.format('t', 'x')})",
    expected=True,
    through=[
        ("a in Phi",),
        ("forall t in tasks: forall x in Phi: L(t, a) <= L(t, x)",),
        ("forall t in tasks: grad L(t, a) = zero", "Fermat(L)", 1, 2),
        ("forall t in tasks, v in Rn: dot(grad L(t, a), v) = 0", "dot", 3),
        (f"forall t in tasks, v in Rn: dot({HERE} - a, v) = 0", 4),
        (f"forall t in tasks: {HERE} - a = zero", "orthogonal to all", 5),
        ("forall t in tasks, y, z in Rn: y = z => L(t, y) = L(t, z)", 0),
        (f"forall t in tasks: L(t, {HERE}) = L(t, a)", f"7 at t, {HERE}, a", 6, 7),
        (f"forall y in Phi, t in tasks: {OF_T} in Phi",),
        (f"forall t in tasks: forall y in Phi: L(t, a) <= L(t, {OF_T})", f"2 at t, {OF_T}", 2, 9),
        (f"forall t in tasks: forall y in Phi: L(t, {HERE}) <= L(t, {OF_T})", "8 at t", "10 at t, y", 8, 10),
    ],
)

if __name__ == "__main__":
    theory.main()
