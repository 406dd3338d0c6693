"""An iteration computed for all examples at once, by numpy. Read in this order:

`array_functions` functions and formulas on arrays
`array_update`    an update of all parameters at once
`layer_arrays`    a layer's passes as matrix products
`arrays`          the interpreter that runs a program, shows every number, and trains
"""
