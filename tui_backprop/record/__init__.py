"""What happened in every iteration. Read in this order:

`step`          what one step says, kind by kind
`step_layout`   which step stands where in an iteration
`step_sequence` the steps of an iteration, each made when it is asked for
`loss_pyramid`  the extremes of the losses over any stretch of a run
`history`       the run: losses, checkpoints, and any iteration again by replaying from one
"""
