"""The commands that write data to stdout and open no screen. Read in this order:

`terminal`   what is around the program
`messages`   what is said to the person, on standard error
`output`     where the data go
`exit_codes` how the program ends
`arguments`  how the words of a command line are read
`completion` how a shell completes these words
`json_text`  how a record becomes JSON
`tables`     how a table fits the terminal
`non_finite` which number stopped being finite first, and what would help
`named_scenario` the scenario that the words name
`standard_input` a scenario that comes through a pipe
`listing`    `list` and `show`
`run_table`  the table of `run`
`run`        `run`
`steps`      `steps`
`derive`     `derive`
`check`      `check`
`grade`      `grade`
`diagnose`   `diagnose`
`handing_out` `handout`
`serving`    `serve`
"""
