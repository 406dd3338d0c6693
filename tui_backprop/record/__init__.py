"""What happened in every iteration. Read in this order:

`step_layout`   which step stands where in an iteration
`step`          what one step says: a tree, the numbers put in, and what comes out
`update_lines`  the lines of an update as steps
`remnants`      which numbers of an iteration are nothing but rounding
`step_kinds`    what each kind of step computes
`step_sequence` the steps of an iteration, each made when it is asked for
`loss_pyramid`  the extremes of the losses over any stretch of a run
`notebook`      how a run and a step show themselves in a notebook
`network_arrays` numbers of a network's parameters as arrays by layer
`past`          where a run goes on from another one
`history`       the run: losses, checkpoints, and any iteration again by replaying from one
`slipped_pass`  the backward pass of an iteration in which some steps compute something else
`slipped_history` a run with a slip in every iteration
`matrix_formulas` matrices of which every entry is a step, and formulas of them
`layer_places`    where the names of a network stand in its layers, and where the steps of each layer begin
`layer_matrices`  the matrices of a network's layers
`layer_gradients` the gradients of a layer as formulas of them
`layer_equations` every equation of the layers, and which entry of which one a step is
`matrix_numbers`  the numbers of a matrix's entries
"""
