"""How every number of an iteration is computed. Read in this order:

`graph`        what depends on what: nodes, edges with their factor formulas, the backward order
`plan`         which examples an iteration sees, and what becomes of their gradients
`whole_layers` which layers of a network are computed by matrices
`program`      the operations of one example as a straight line over numbered slots
`iteration`    the interpreter, which keeps every number of an iteration
`watched`      what a training loop has to compute and to watch
`compiled`     the loop over single numbers, made for one graph
`vectorised/`  the same over all examples at once, by numpy
"""
