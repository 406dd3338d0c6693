"""Every function and operator, in one table: a new function is one entry here, and everything else reads it."""

from __future__ import annotations

import math
from types import MappingProxyType

from tui_backprop.maths import ieee
from tui_backprop.maths.conventions import costs_nothing, kink_at_tie, kink_at_zero, no_logarithm, no_quotient
from tui_backprop.maths.function_record import Ending, Function
from tui_backprop.maths.largest_term import in_proportion, of_choice, of_power, of_product, of_sum

CONSTANTS = MappingProxyType({"pi": math.pi, "e": math.e})
"""The numbers that every expression may use by name."""

_IN_A_CROSS_ENTROPY = "in a cross-entropy, bce_logits(y, z) does without this"

_OPERATORS = (
    Function(
        name="+",
        value=lambda u, v: u + v,
        code="({0} + {1})",
        derivatives=("1", "1"),
        rule="sum rule",
        carries=(True, True),
        largest_term=of_sum,
    ),
    Function(
        name="-",
        value=lambda u, v: u - v,
        code="({0} - {1})",
        derivatives=("1", "-1"),
        rule="sum rule",
        carries=(True, True),
        largest_term=of_sum,
    ),
    Function(
        name="*",
        value=lambda u, v: u * v,
        code="({0} * {1})",
        derivatives=("v", "u"),
        rule="product rule",
        carries=(True, True),
        largest_term=of_product,
    ),
    Function(
        name="/",
        value=ieee.ieee_divide,
        code="({0} / {1})",
        derivatives=("1/v", "-u/v^2"),
        rule="quotient rule",
        carries=(True, False),
        largest_term=in_proportion,
    ),
    Function(
        name="^",
        value=ieee.ieee_power,
        code="pow({0}, {1})",
        array_code="power({0}, {1})",
        derivatives=("v*u^(v - 1)", "result*log(u)"),
        rule="power rule",
        carries=(False, False),
        largest_term=of_power,
    ),
    Function(
        name="neg",
        value=lambda u: -u,
        code="(-{0})",
        derivatives=("-1",),
        rule="constant multiple rule",
        carries=(True,),
        largest_term=of_sum,
    ),
    # Not spelled by users: what `u^2` compiles to, so that the engine's loop needs no call.
    Function(
        name="square",
        value=lambda u: u * u,
        code="({0} * {0})",
        derivatives=("2*u",),
        rule="power rule",
        carries=(True,),
        largest_term=in_proportion,
    ),
)

_FUNCTIONS = (
    Function(
        name="exp",
        value=ieee.ieee_exp,
        code="exp({0})",
        derivatives=("result",),
        rule="exponential rule",
        why=(
            "`exp(u)` is its own derivative. (The power rule is for `u` in the base; here it stands in the exponent.)",
        ),
        carries=(False,),
        typeset="e^",
        in_data="scale",
    ),
    Function(
        name="log",
        value=ieee.ieee_log,
        code="log({0})",
        derivatives=("1/u",),
        rule="logarithm rule",
        why=("The natural logarithm changes by one over what stands in it.",),
        carries=(True,),
        spellings=("ln",),
        instead=_IN_A_CROSS_ENTROPY,
    ),
    Function(
        name="sqrt",
        value=ieee.ieee_sqrt,
        code="sqrt({0})",
        derivatives=("1/(2*result)",),
        rule="square root rule",
        why=("A square root is a power, `result` = `u^(1/2)`: the 1/2 comes down, and `u^(-1/2)` is `1/result`.",),
        carries=(True,),
        typeset="√",
    ),
    Function(
        name="sigmoid",
        value=ieee.sigmoid,
        code="(1.0 / (1.0 + exp(-{0})))",
        derivatives=("result*(1 - result)",),
        rule="sigmoid rule",
        why=("The derivative of the sigmoid is its value times 1 minus its value.",),
        carries=(False,),
        typeset="σ",
        is_activation=True,
        definition="1/(1 + exp(-u))",
        ending=(
            Ending("substitution", "s^2*exp(-u)", "`s` = `1/(1 + exp(-u))`, so `1/(1 + exp(-u))^2` is `s^2`."),
            Ending(
                "substitution",
                "s^2*((1 - s)/s)",
                "`s*(1 + exp(-u))` is 1, so `s*exp(-u)` is `1 - s`, and `exp(-u)` is `(1 - s)/s`.",
            ),
            Ending("cancel", "s*(1 - s)", "One `s` above cancels the `s` below."),
        ),
        saturates=(0.0, 1.0),
    ),
    Function(
        name="tanh",
        value=math.tanh,
        code="tanh({0})",
        derivatives=("1 - result^2",),
        rule="tanh rule",
        why=("The derivative of tanh is 1 minus the square of its value.",),
        carries=(False,),
        is_activation=True,
        saturates=(-1.0, 1.0),
    ),
    Function(
        name="relu",
        value=ieee.relu,
        code="(0.0 if {0} <= 0.0 else {0})",
        array_code="maximum({0}, 0.0)",
        derivatives=("step(u)",),
        rule="relu rule",
        why=("relu is flat below 0 and has slope 1 above: `step(u)` is 1 above 0, else 0 (at 0 by convention).",),
        carries=(False,),
        is_activation=True,
        kink=kink_at_zero("relu", "0"),
        flat_below=0.0,
    ),
    Function(
        name="leaky_relu",
        value=ieee.leaky_relu,
        code="({0} if {0} > 0.0 else 0.01 * {0})",
        array_code="where({0} > 0.0, {0}, 0.01 * {0})",
        derivatives=("0.01 + 0.99*step(u)",),
        rule="leaky_relu rule",
        why=("Its slope is 0.01 below 0 and 1 above: `step(u)` is 1 above 0, else 0 (at 0 by convention).",),
        carries=(True,),
        is_activation=True,
        kink=kink_at_zero("leaky_relu", "0.01"),
    ),
    Function(
        name="elu",
        value=ieee.elu,
        code="({0} if {0} > 0.0 else expm1({0}))",
        array_code="where({0} > 0.0, {0}, expm1(minimum({0}, 0.0)))",
        derivatives=("exp(min(u, 0))",),
        rule="elu rule",
        why=(
            "Above 0 elu is `u`, with slope 1; below it is `exp(u) - 1`, with slope `exp(u)`. "
            "`exp(min(u, 0))` is both, for `exp(0)` is 1.",
        ),
        carries=(False,),
        is_activation=True,
        saturates=(-1.0,),
    ),
    Function(
        name="gelu",
        value=ieee.gelu,
        code="(0.5 * {0} * (1.0 + tanh(0.7978845608028654 * ({0} + 0.044715 * {0} * {0} * {0}))))",
        derivatives=(
            "(1 + tanh(sqrt(2/pi)*(u + 0.044715*u^3)) + "
            "u*(1 - tanh(sqrt(2/pi)*(u + 0.044715*u^3))^2)*sqrt(2/pi)*(1 + 0.134145*u^2))/2",
        ),
        rule="gelu rule",
        why=(
            "It is `u/2*(1 + tanh(sqrt(2/pi)*(u + 0.044715*u^3)))`: the product rule, with the chain rule for what "
            "stands in the tanh.",
        ),
        carries=(True,),
        is_activation=True,
        definition="u/2*(1 + tanh(sqrt(2/pi)*(u + 0.044715*u^3)))",
    ),
    Function(
        name="silu",
        value=ieee.silu,
        code="({0} / (1.0 + exp(-{0})))",
        derivatives=("sigmoid(u) + result*(1 - sigmoid(u))",),
        rule="silu rule",
        why=("It is `u*sigmoid(u)`: by the product rule `sigmoid(u) + u*sigmoid(u)*(1 - sigmoid(u))`.",),
        carries=(True,),
        is_activation=True,
        definition="u*sigmoid(u)",
        ending=(Ending("substitution", "sigmoid(u) + s*(1 - sigmoid(u))", "`u*sigmoid(u)` is `s`."),),
    ),
    Function(
        name="softplus",
        value=ieee.softplus,
        code="(({0} if {0} > 0.0 else 0.0) + log1p(exp(-abs({0}))))",
        array_code="(maximum({0}, 0.0) + log1p(exp(-absolute({0}))))",
        derivatives=("sigmoid(u)",),
        rule="softplus rule",
        why=("The derivative of softplus is the sigmoid.",),
        carries=(False,),
        is_activation=True,
        definition="log(1 + exp(u))",
        ending=(
            Ending(
                "substitution",
                "sigmoid(u)",
                "Above and below divided by `exp(u)` it is `1/(1 + exp(-u))`: the sigmoid of `u`.",
            ),
        ),
    ),
    Function(
        name="abs",
        value=abs,
        code="abs({0})",
        derivatives=("sign(u)",),
        rule="abs rule",
        why=("The slope is 1 on the right of 0 and `-1` on the left, which is the sign; at 0 it is 0 by convention.",),
        carries=(True,),
        kink=kink_at_zero("abs", "0"),
    ),
    Function(
        name="sin",
        value=ieee.ieee_wave(math.sin),
        code="sin({0})",
        derivatives=("cos(u)",),
        rule="sin rule",
        why=("The derivative of the sine is the cosine.",),
        carries=(True,),
    ),
    Function(
        name="cos",
        value=ieee.ieee_wave(math.cos),
        code="cos({0})",
        derivatives=("-sin(u)",),
        rule="cos rule",
        why=("The derivative of the cosine is minus the sine.",),
        carries=(True,),
    ),
    Function(
        name="tan",
        value=ieee.ieee_wave(math.tan),
        code="tan({0})",
        derivatives=("1 + result^2",),
        rule="tan rule",
        why=("The derivative of the tangent is 1 plus the square of its value.",),
        carries=(True,),
        definition="sin(u)/cos(u)",
        ending=(
            Ending("expand", "1 + (sin(u)/cos(u))^2", "Each term above is divided by `cos(u)^2`, which stands below."),
            Ending("substitution", "1 + s^2", "`sin(u)/cos(u)` is `s`."),
        ),
    ),
    Function(
        name="atan",
        value=math.atan,
        code="atan({0})",
        array_code="arctan({0})",
        derivatives=("1/(1 + u^2)",),
        rule="atan rule",
        why=("`u` is `tan(result)`, which changes by `1 + u^2`: so the other way round it is one over that.",),
        carries=(False,),
    ),
    Function(
        name="sinh",
        value=ieee.ieee_sinh,
        code="sinh({0})",
        derivatives=("cosh(u)",),
        rule="sinh rule",
        why=("The derivative of sinh is cosh.",),
        carries=(True,),
        definition="(exp(u) - exp(-u))/2",
        ending=(Ending("substitution", "cosh(u)", "`(exp(u) + exp(-u))/2` is `cosh(u)`."),),
        in_data="scale",
    ),
    Function(
        name="cosh",
        value=ieee.ieee_cosh,
        code="cosh({0})",
        derivatives=("sinh(u)",),
        rule="cosh rule",
        why=("The derivative of cosh is sinh.",),
        carries=(True,),
        definition="(exp(u) + exp(-u))/2",
        ending=(Ending("substitution", "sinh(u)", "`(exp(u) - exp(-u))/2` is `sinh(u)`."),),
        in_data="scale",
    ),
    Function(
        name="log2",
        value=ieee.ieee_log2,
        code="log2({0})",
        derivatives=("1/(u*log(2))",),
        rule="logarithm rule",
        why=("It is `log(u)/log(2)`: the natural logarithm changes by `1/u`, and the constant `log(2)` divides it.",),
        carries=(True,),
        definition="log(u)/log(2)",
    ),
    Function(
        name="log10",
        value=ieee.ieee_log10,
        code="log10({0})",
        derivatives=("1/(u*log(10))",),
        rule="logarithm rule",
        why=("It is `log(u)/log(10)`: the natural logarithm changes by `1/u`, and the constant `log(10)` divides it.",),
        carries=(True,),
        definition="log(u)/log(10)",
    ),
    Function(
        name="max",
        value=ieee.maximum,
        code="({0} if {0} >= {1} else {1} if {1} > {0} else {0} + {1})",
        array_code="maximum({0}, {1})",
        derivatives=("(1 + sign(u - v))/2", "(1 - sign(u - v))/2"),
        rule="max rule",
        why=2
        * (
            "The larger one passes its change on, the other one nothing, and at a tie each a half: "
            "`sign(u - v)` is 1 where `u` is larger, `-1` where `v` is.",
        ),
        carries=(False, False),
        kink=kink_at_tie("max"),
        largest_term=of_choice,
    ),
    Function(
        name="min",
        value=ieee.minimum,
        code="({0} if {0} <= {1} else {1} if {1} < {0} else {0} + {1})",
        array_code="minimum({0}, {1})",
        derivatives=("(1 - sign(u - v))/2", "(1 + sign(u - v))/2"),
        rule="min rule",
        why=2
        * (
            "The smaller one passes its change on, the other one nothing, and at a tie each a half: "
            "`sign(u - v)` is `-1` where `u` is smaller, 1 where `v` is.",
        ),
        carries=(False, False),
        kink=kink_at_tie("min"),
        largest_term=of_choice,
    ),
    Function(
        name="step",
        value=ieee.step,
        code="(1.0 if {0} > 0.0 else 0.0 if {0} <= 0.0 else {0})",
        array_code="heaviside({0}, 0.0)",
        derivatives=("0",),
        rule="step rule",
        why=("A step is flat everywhere but at its edge, and there its derivative is 0 by convention.",),
        carries=(False,),
        kink=kink_at_zero("step", "0"),
    ),
    Function(
        name="sign",
        value=ieee.sign,
        code="(1.0 if {0} > 0.0 else -1.0 if {0} < 0.0 else 0.0 if {0} == 0.0 else {0})",
        array_code="sign({0})",
        derivatives=("0",),
        rule="sign rule",
        why=("The sign is flat everywhere but at 0, and there its derivative is 0 by convention.",),
        carries=(False,),
        kink=kink_at_zero("sign", "0"),
    ),
    # The next two: the derivative for `u` is the plain one wherever that is a number, and 0 elsewhere if u is 0.
    Function(
        name="xlogy",
        value=ieee.xlogy,
        code="(0.0 if {0} == 0.0 else {0} * log({1}))",
        array_code="where({0} == 0.0, 0.0, {0} * log({1}))",
        derivatives=("xlogy(step(max(abs(u), v)), v)", "xdivy(u, v)"),
        rule="xlogy rule",
        why=(
            "It is `u*log(v)`, in which `u` is a factor and `log(v)` stays. Where `u` is 0 and `v` has no logarithm "
            "it is 0 by convention: then the step is 0.",
            "It is `u*log(v)`, in which `u` stays and the logarithm changes by `1/v`. `xdivy(u, v)` is `u/v`, "
            "and 0 where `u` is 0.",
        ),
        carries=(True, False),
        plain="u*log(v)",
        convention=no_logarithm,
        instead=_IN_A_CROSS_ENTROPY,
        largest_term=in_proportion,
    ),
    Function(
        name="xdivy",
        value=ieee.xdivy,
        code="(0.0 if {0} == 0.0 else {0} / {1})",
        array_code="where({0} == 0.0, 0.0, {0} / {1})",
        derivatives=("xdivy(step(abs(u) + abs(v)), v)", "-xdivy(u, v^2)"),
        rule="xdivy rule",
        why=(
            "It is `u/v`, in which `u` is a factor and `1/v` stays. Where both are 0 it is 0 by convention: "
            "then the step is 0.",
            "It is `u/v`, in which `u` stays and `1/v` changes by `-1/v^2`. `xdivy(u, v)` is the quotient, "
            "and 0 where `u` is 0.",
        ),
        carries=(True, False),
        plain="u/v",
        convention=no_quotient,
        largest_term=in_proportion,
    ),
    Function(
        name="bce",
        value=ieee.bce,
        code=(
            "(0.0 - ((0.0 if {0} == 0.0 else {0} * log({1})) + (0.0 if {0} == 1.0 else (1.0 - {0}) * log(1.0 - {1}))))"
        ),
        array_code=(
            "(0.0 - (where({0} == 0.0, 0.0, {0} * log({1})) + where({0} == 1.0, 0.0, (1.0 - {0}) * log(1.0 - {1}))))"
        ),
        derivatives=(
            "xlogy(step(max(abs(1 - u), 1 - v)), 1 - v) - xlogy(step(max(abs(u), v)), v)",
            "xdivy(1 - u, 1 - v) - xdivy(u, v)",
        ),
        rule="bce rule",
        why=(
            "`u` stands in it only as a factor of two logarithms, `log(v)` and `log(1 - v)`: they stay.",
            "It is the derivative of `-(xlogy(u, v) + xlogy(1 - u, 1 - v))`.",
        ),
        carries=(False, False),
        definition="-(xlogy(u, v) + xlogy(1 - u, 1 - v))",
        convention=costs_nothing,
        instead="bce_logits(y, z) computes the same from z without this",
    ),
    Function(
        name="bce_logits",
        value=ieee.bce_logits,
        code="((({1} if {1} > 0.0 else 0.0) - {0} * {1}) + log1p(exp(-abs({1}))))",
        array_code="((maximum({1}, 0.0) - {0} * {1}) + log1p(exp(-absolute({1}))))",
        derivatives=("-v", "sigmoid(v) - u"),
        rule="bce_logits rule",
        why=(
            "`u` stands in it only in `-u*v`.",
            "It is the cross-entropy of `sigmoid(v)`. That one's factor, "
            "`(sigmoid(v) - u)/(sigmoid(v)*(1 - sigmoid(v)))`, times the sigmoid's, `sigmoid(v)*(1 - sigmoid(v))`, "
            "leaves `sigmoid(v) - u`.",
        ),
        carries=(False, False),
    ),
)

FUNCTIONS = MappingProxyType({entry.name: entry for entry in (*_OPERATORS, *_FUNCTIONS)})
"""Every function and operator by name; `neg` is the unary minus."""

OF_MANY = MappingProxyType({"max": "max", "min": "min", "sum": "+", "mean": "+"})
"""What takes any number of operands, and what joins them, from the left; a mean is then divided by their number."""

CALLABLE_NAMES = tuple(dict.fromkeys((*(entry.name for entry in _FUNCTIONS), *OF_MANY)))
"""What may stand before a parenthesis, other spellings aside."""

ALIASES = MappingProxyType({spelling: entry.name for entry in _FUNCTIONS for spelling in entry.spellings})
"""Other spellings of a function."""
