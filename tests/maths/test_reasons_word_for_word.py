"""The sentences beside the lines of a derivation, word for word: of each function's rule, of powers, of tidying."""

from __future__ import annotations

import pytest
from support.derivation_lines import on_screen
from support.lessons import tree

from tui_backprop.maths.derivation import reasons
from tui_backprop.maths.expression import Call

STYLE = on_screen("u", "v", "w")

LARGER = "The larger one passes its change on, the other one nothing, and at a tie each a half: "
SMALLER = "The smaller one passes its change on, the other one nothing, and at a tie each a half: "

OF_FUNCTIONS = [
    (
        "exp(u)",
        "u",
        "e^u is its own derivative. (The power rule is for u in the base; here it stands in the exponent.)",
    ),
    ("log(u)", "u", "The natural logarithm changes by one over what stands in it."),
    ("sqrt(u)", "u", "A square root is a power, √(u) = u^(1/2): the 1/2 comes down, and u^(−1/2) is 1/√(u)."),
    ("sigmoid(u)", "u", "The derivative of the sigmoid is its value times 1 minus its value."),
    ("tanh(u)", "u", "The derivative of tanh is 1 minus the square of its value."),
    ("relu(u)", "u", "relu is flat below 0 and has slope 1 above: step(u) is 1 above 0, else 0 (at 0 by convention)."),
    ("leaky_relu(u)", "u", "Its slope is 0.01 below 0 and 1 above: step(u) is 1 above 0, else 0 (at 0 by convention)."),
    (
        "elu(u)",
        "u",
        "Above 0 elu is u, with slope 1; below it is e^u − 1, with slope e^u. e^min(u, 0) is both, for e^0 is 1.",
    ),
    (
        "gelu(u)",
        "u",
        "It is u/2·(1 + tanh(√(2/pi)·(u + 0.04471·u³))): "
        "the product rule, with the chain rule for what stands in the tanh.",
    ),
    ("silu(u)", "u", "It is u·σ(u): by the product rule σ(u) + u·σ(u)·(1 − σ(u))."),
    ("tan(u)", "u", "The derivative of the tangent is 1 plus the square of its value."),
    ("atan(u)", "u", "u is tan(atan(u)), which changes by 1 + u²: so the other way round it is one over that."),
    ("sinh(u)", "u", "The derivative of sinh is cosh."),
    ("cosh(u)", "u", "The derivative of cosh is sinh."),
    (
        "log2(u)",
        "u",
        "It is log(u)/log(2): the natural logarithm changes by 1/u, and the constant log(2) divides it.",
    ),
    (
        "log10(u)",
        "u",
        "It is log(u)/log(10): the natural logarithm changes by 1/u, and the constant log(10) divides it.",
    ),
    ("softplus(u)", "u", "The derivative of softplus is the sigmoid."),
    (
        "abs(u)",
        "u",
        "The slope is 1 on the right of 0 and −1 on the left, which is the sign; at 0 it is 0 by convention.",
    ),
    ("sin(u)", "u", "The derivative of the sine is the cosine."),
    ("cos(u)", "u", "The derivative of the cosine is minus the sine."),
    *[("max(u, v)", wrt, f"{LARGER}sign(u − v) is 1 where u is larger, −1 where v is.") for wrt in "uv"],
    *[("min(u, v)", wrt, f"{SMALLER}sign(u − v) is −1 where u is smaller, 1 where v is.") for wrt in "uv"],
    ("step(u)", "u", "A step is flat everywhere but at its edge, and there its derivative is 0 by convention."),
    ("sign(u)", "u", "The sign is flat everywhere but at 0, and there its derivative is 0 by convention."),
    ("bce_logits(u, v)", "u", "u stands in it only in −u·v."),
    (
        "bce_logits(u, v)",
        "v",
        "It is the cross-entropy of σ(v). That one's factor, (σ(v) − u)/(σ(v)·(1 − σ(v))), "
        "times the sigmoid's, σ(v)·(1 − σ(v)), leaves σ(v) − u.",
    ),
]


@pytest.mark.parametrize(("function", "wrt", "why"), OF_FUNCTIONS)
def test_the_rule_of_each_function(function, wrt, why):
    called = tree(function)
    assert isinstance(called, Call)
    assert reasons.of_function(called, wrt, STYLE) == why


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (
            reasons.of_constant_base(tree("2"), STYLE),
            "A power of a constant base grows in proportion to itself, log(2) times as fast.",
        ),
        (
            reasons.of_moving_base(tree("u^v"), tree("v*log(u)"), STYLE),
            "u^v is e^(v·log(u)): itself, times the derivative of that exponent.",
        ),
        (
            reasons.of_power(tree("u^3"), tree("3"), tree("2"), STYLE),
            "The exponent 3 comes down in front, and falls by one, to 2.",
        ),
        (
            reasons.of_power(tree("u*u"), tree("2"), tree("1"), STYLE),
            "u·u is u²: the exponent 2 comes down in front, and falls by one, to 1.",
        ),
        (
            reasons.of_reciprocal(tree("u"), STYLE),
            "1/u is u⁻¹: the exponent −1 comes down in front as a factor, and falls by one, to −2. "
            "That is −u⁻², or −1/u².",
        ),
    ],
)
def test_the_rules_of_powers(told, why):
    assert told == why


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("-(-u)", "u", "Minus times minus is plus."),
        ("-(u*(-v))", "u*v", "Minus times minus is plus."),
        ("2*(3*u)", "6*u", "The numbers come together: 2·3 = 6."),
        ("-3*(2*u)", "-6*u", "The numbers come together: (−1)·3·2 = −6."),
        ("1*u", "u", "Ones fall away."),
        ("u + 0", "u", "Zeros fall away."),
        ("u*1 + 0", "u", "Ones and zeros fall away."),
        ("u*u", "u^2", "Equal factors become a power."),
        ("1*u*u", "u^2", "Ones fall away and equal factors become a power."),
        ("u + v + u - u", "u + v", "The same, written shorter."),
        ("u*(v*w)", "u*v*w", "In a product the brackets around products are not needed."),
        ("v*u", "u*v", "The same, in the usual order."),
    ],
)
def test_what_tidying_does(before, after, why):
    assert reasons.of_tidying(tree(before), tree(after), STYLE) == why
