"""How a name of the term language is written in LaTeX; different names are written differently."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

NAME = re.compile(r"([A-Za-z]+)([0-9]*)((?:[_.][A-Za-z0-9]+)*)(_*)\Z", re.ASCII)
GREEK = re.compile(
    "(alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi|psi|omega"
    r"|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega)\Z"
)
VARIANTS = {
    "phi": r"\varphi",
    "epsilon": r"\varepsilon",
    "eps": r"\varepsilon",
    "lam": r"\lambda",
    "th": r"\theta",
    "ell": r"\ell",
}
SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
           "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': "''"}  # fmt: skip


CONDITION = re.compile(
    r"(?:not )?[A-Za-z][A-Za-z0-9_]*(?:\[[^\]]*\])?(?: [&|] (?:not )?[A-Za-z][A-Za-z0-9_]*(?:\[[^\]]*\])?)*\Z", re.ASCII
)


def names_condition(label: str) -> bool:
    """Whether a label is a name such as UNIQ, `not INJ` or `SLM & HPD`, and not a formula once more."""
    return CONDITION.match(label) is not None


def escape(words: str) -> str:
    """Text for text mode, every special character of LaTeX escaped; what is not ASCII is left as it is."""
    return "".join(SPECIAL.get(c, "\\" + c if c in "#$%&_{}" else c) for c in words)


def verbatim(name: str) -> str:
    return rf"\mathtt{{{name.replace('_', chr(92) + '_')}}}"


def spell(name: str) -> str:
    r"""`phi` as \varphi, `x1` and `x_1` as x_{1}, `w_0_1` as w_{0,1}, `F_MAML` as F_{\mathrm{MAML}}, `z_` as z'."""
    match = NAME.match(name)
    if match is None:
        return verbatim(name)
    base, digits, parts, primes = match.groups()
    places = [p for p in (digits, *re.split("[_.]", parts)) if p]
    below = f"_{{{','.join(p if p.isdigit() else _word(p) for p in places)}}}" if places else ""
    return _word(base) + below + "'" * len(primes)


def _word(word: str) -> str:
    if word in VARIANTS:
        return VARIANTS[word]
    if GREEK.match(word):
        return "\\" + word
    return word if len(word) == 1 else rf"\mathrm{{{word}}}"


def spelled(names: Iterable[str], indexed: Iterable[str] = ()) -> Mapping[str, str]:
    """A spelling for each name; names that would look alike, or like an entry of an `indexed` array, are set verbatim."""
    listed = sorted(set(names))
    written = {name: spell(name) for name in listed}
    arrays = {written[a] for a in indexed if a in written}
    alike = [w for name, w in written.items() if sum(v == w for v in written.values()) > 1]
    entries = [w for w in written.values() if "_{" in w and w.partition("_{")[0] in arrays]
    return {name: verbatim(name) if w in alike or w in entries else w for name, w in written.items()}
