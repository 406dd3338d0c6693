"""How every number of an iteration is computed. Read in this order:

`graph`        what depends on what: nodes, edges with their factor formulas, the backward order
`whole_layers` which layers of a network are computed by matrices
`program`      the operations of one example as a straight line over numbered slots
`update_rule`  what an optimizer, a weight decay and a learning rate come to: instructions for every parameter
`plan`         which examples an iteration sees, and what becomes of their gradients
`iteration`    the interpreter, which keeps every number of an iteration
`watched`      what a training loop has to compute and to watch
`source_text`  how slots are written in the source of a loop
`compiled`     the loop over single numbers, made for one graph
`vectorised/`  the same over all examples at once, by numpy
"""
