"""Why a number is what it is. Read in this order:

`remarks`          what should be said about a step beyond its number
`observations`     what a step shows of the run
`path_derivations` the derivation of any derivative of a graph
`nudge`            a derivative checked a second way
"""
