"""How algebra shortens a formula, line by line. The algebra is sympy's, which only this package imports.

Trees go to sympy as trees, never as text, and everything that is not + - * / or a small whole power stays a closed box.
The size of what is handed over is bounded. What comes back is only as good as its value: callers check every line.
Read in this order:

`algebra`       how a tree goes to sympy and back
`own_equations` what cancels when the nodes' own equations are used
`products`      how a product of factors shrinks, or a sum of them
`quotient`      what the difference quotient of a polynomial becomes
"""

from tui_backprop.maths.simplify.products import LARGEST_SIMPLIFIED, Rewriting, is_too_large, rewritings
from tui_backprop.maths.simplify.quotient import difference_quotient

__all__ = ["LARGEST_SIMPLIFIED", "Rewriting", "difference_quotient", "is_too_large", "rewritings"]
