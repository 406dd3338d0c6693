"""An iteration computed for all examples at once, by numpy. Read in this order:

`blocks`       what a block is: slots of the program that are computed together
`packing`      which instructions of a program form blocks: matrix products, and calls on every row
`array_source` the source of the loop over blocks
`array_functions` the functions of the table on arrays
`array_update` an update of all parameters at once
`arrays`       the interpreter that runs it and shows every number
"""
