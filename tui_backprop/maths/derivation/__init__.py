"""The derivation of one factor by named rules, line by line. Read in this order:

`reasons`         why a rule gives what it gives, in one sentence each
`inner_functions` through which inner function an expression depends on a name
`rules`           the line that each rule writes
`known_forms`     how a function that was taken apart comes to the form one knows it by
`finishing`       from what the rules give to the formula that the engine uses
`by_rules`        the whole derivation
`summary`         the rule of a factor told in one line
`limit`           the limit of the difference quotient of a polynomial
"""
