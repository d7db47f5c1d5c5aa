"""NumPy with one thread: on matrices of size 20 to 1,000 more threads cost up to 10 times the time while cores are shared,
and their number changes the rounding.  It takes effect where this is the first import of NumPy."""

import os
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]

__all__ = ["Array", "np"]
