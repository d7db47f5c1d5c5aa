"""The number systems in which a program is evaluated, one kind a file."""

from .balls import Balls
from .exact import Modulo, Rationals
from .floating import Digits, Floats
from .system import Numbers, Undefined

__all__ = ["Balls", "Digits", "Floats", "Modulo", "Numbers", "Rationals", "Undefined"]
