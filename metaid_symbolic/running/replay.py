"""A short text from which one part of a search can be done again, anywhere, with the same answer."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, final

from ..analysis import cite
from ..claims import Claim as Assertion
from ..claims import Theorem
from ..encoding import Malformed, decode, loads
from ..search import NothingToSearch, Settings, Unit
from ..statements import canonical
from ..theory import Claim, Theory

PREFIX = "metaid1."
MOST_BYTES = 1 << 22


class NoReplay(ValueError):
    """The text is none that `written` gives."""


@final
@dataclass(frozen=True)
class Replay:
    """A claim, and the one part of its search that is to be done, with the settings of that."""

    claim: Claim
    settings: Mapping[str, Any]

    @property
    def unit(self) -> Unit:
        found: Unit = self.settings["unit"]
        return found


def written(claim: Claim, settings: Mapping[str, Any], unit: Unit) -> str:
    """The text: claim, theorems at hand, universe, seed, budget, strategy and the candidates it is to look at."""
    data = {
        "claim": canonical(claim.assertion), "expected": claim.expected, "unit": [unit.strategy, unit.start, unit.stop],
        "theorems": [t.name if t in standard() else [canonical(t)] for t in claim.cited],
        "settings": {name: value for name, value in settings.items() if name not in ("unit", "strategies")},
    }  # fmt: skip
    packed = zlib.compress(json.dumps(data, separators=(",", ":")).encode("ascii"), 9)
    return PREFIX + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def read(text: str) -> Replay:
    """What the text says.  Raises `NoReplay`, also for a text of another version."""
    from ..search.registry import strategies

    if not text.startswith(PREFIX):
        raise NoReplay(f"a text for --replay begins with {PREFIX!r}, and this one with {text[:8]!r}")
    try:
        data = json.loads(_unpacked(text[len(PREFIX) :]))
        theorems = tuple(_theorem(t) for t in data["theorems"])
        assertion = decode(loads(data["claim"]), Assertion)
        strategy, start, stop = data["unit"]
        if data["expected"] not in (True, False, None):
            raise ValueError(f"{data['expected']!r} is no truth value")
        if strategy not in strategies():
            raise NoReplay(f"the text for --replay names the strategy {strategy!r}, which this version does not have")
        settings = {name: _plain(value) for name, value in data["settings"].items()}
        settings["unit"] = Unit(strategy, *(_whole(n) for n in (start, stop)))
        if any(not name.startswith("@") for name in settings.get("theories", ())):
            raise NoReplay("a text for --replay names no theories but those that come with the package")
        Settings(**{name: value for name, value in settings.items() if name != "theories"})
    except (Malformed, LookupError, TypeError, ValueError, AttributeError, RecursionError) as cause:
        if isinstance(cause, NoReplay | NothingToSearch):
            raise
        raise NoReplay(f"the text for --replay is damaged: {cause}") from None
    return Replay(Claim("search", "", assertion, expected=data["expected"], cited=theorems), settings)


@cache
def standard() -> tuple[Theorem, ...]:
    """The theorems of `analysis`, which a text names and does not repeat."""
    whole = Theory("analysis")
    cite(whole)
    return tuple(whole.theorems.values())


def _theorem(data: Any) -> Theorem:
    """Raises `NoReplay` for the name of a theorem that is not there, and for another theorem by the name of one that is."""
    if type(data) is not str:
        made: Theorem = decode(loads(data[0]), Theorem)
        if any(t.name == made.name for t in standard()):
            raise NoReplay(f"the text for --replay brings a theorem of its own by the name of {made.name!r}")
        return made
    found = next((t for t in standard() if t.name == data), None)
    if found is None:
        raise NoReplay(f"the text for --replay names the theorem {data!r}, which this version does not have")
    return found


def _unpacked(text: str) -> str:
    """Raises `ValueError` for what is not compressed, or too long."""
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        machine = zlib.decompressobj()
        found = machine.decompress(packed, MOST_BYTES)
    except (ValueError, zlib.error) as cause:
        raise ValueError(f"it does not unpack ({cause})") from None
    if not machine.eof:
        raise ValueError("it is cut off, or too long")
    return found.decode("ascii")


def _plain(value: Any) -> Any:
    """Numbers, texts, truth values, and tuples of them."""
    if type(value) is list:
        return tuple(map(_plain, value))
    if type(value) in (int, str, bool):
        return value
    raise ValueError(f"{value!r} is no setting")


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is no number of a candidate")
    return value
