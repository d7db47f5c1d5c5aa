from .api import check as check
from .api import derive as derive
from .api import identify as identify
from .api import recheck as recheck
from .conditions import condition as condition
from .conjectures import search as search
from .model import Model as Model
from .problems import MetaProblem as MetaProblem
from .symbols import reals as reals
from .symmetry import symmetries as symmetries
from .terms import Term as Term
from .theory import Claim as Claim
from .theory import Theory as Theory

__version__: str
