"""The trusted kernel: standard library alone.  Search proposes certificates; only this package believes them."""

from .rejection import Rejected as Rejected
from .rules import Established as Established
from .rules import check as check
