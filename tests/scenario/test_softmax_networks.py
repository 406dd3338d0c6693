"""Networks with a softmax, with a cost of logits, and without a cost: what they expand to, and which is the loss."""

from __future__ import annotations

import pytest
from support.places import marked

from tui_backprop.errors import ScenarioError
from tui_backprop.maths.expression import Expression
from tui_backprop.maths.parsing import parse
from tui_backprop.scenario.loading import load_text
from tui_backprop.scenario.model import Scenario
from tui_backprop.scenario.network import Layer, Network, expand

NET = """\
title: Three classes
network:
  inputs: [x]
  layers: [{neurons: 3, activation: softmax, weights: [[0.5], [-0.1], [0.3]]}]
  targets: [t1, t2, t3]
  cost: cross_entropy
data: {x: 1, t1: 1, t2: 0, t3: 0}
"""


def written(**equations: str) -> dict[str, Expression]:
    return {name: parse(text).expression for name, text in equations.items()}


def problems(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f.yaml")
    return [(marked(problem), problem.message, problem.help) for problem in caught.value.problems]


def test_a_softmax_is_its_exponentials_their_sum_and_the_shares() -> None:
    scenario = load_text(NET, "f.yaml")
    assert scenario.equations == written(
        z1_1="w1_1_1*x",
        z1_2="w1_2_1*x",
        z1_3="w1_3_1*x",
        e1_1="exp(z1_1)",
        e1_2="exp(z1_2)",
        e1_3="exp(z1_3)",
        s1="e1_1 + e1_2 + e1_3",
        a1_1="e1_1/s1",
        a1_2="e1_2/s1",
        a1_3="e1_3/s1",
        C="-(xlogy(t1, a1_1) + xlogy(t2, a1_2) + xlogy(t3, a1_3))",
    )
    assert list(scenario.equations) == [
        *("z1_1", "z1_2", "z1_3", "e1_1", "e1_2", "e1_3", "s1", "a1_1", "a1_2", "a1_3", "C")
    ]
    assert scenario.network is not None
    (layer,) = scenario.network.layers
    assert (layer.exponentials, layer.shared) == (("e1_1", "e1_2", "e1_3"), ("s1",))


def test_the_stable_one_subtracts_the_largest_first() -> None:
    scenario = load_text(NET.replace("softmax", "stable_softmax"), "f.yaml")
    assert scenario.equations["m1"] == parse("max(z1_1, z1_2, z1_3)").expression
    assert scenario.equations["e1_2"] == parse("exp(z1_2 - m1)").expression
    assert list(scenario.equations)[3:5] == ["m1", "e1_1"]


def test_a_softmax_may_be_inside_and_have_one_neuron() -> None:
    layers = Layer("stable_softmax", ((1.0,),), (2.0,)), Layer("softmax", ((3.0,),))
    expansion = expand(Network(("x",), layers, ("t",), "squared_error"))
    assert expansion.equations == written(
        z1="w1*x + b1",
        m1="z1",
        e1="exp(z1 - m1)",
        s1="e1",
        a1="e1/s1",
        z2="w2*a1",
        e2="exp(z2)",
        s2="e2",
        a2="e2/s2",
        C="(a2 - t)^2",
    )
    assert expansion.operands["m1"] == ("z1",)


def logits(extra: str = "") -> Scenario:
    text = NET.replace("activation: softmax", "activation: sigmoid").replace("cost: cross", "cost: binary_cross")
    return load_text(text.replace("_entropy", "_entropy_logits") + extra, "f.yaml")


def test_the_cost_of_logits_leaves_the_activations_unused_and_is_the_loss() -> None:
    scenario = logits()
    assert (
        scenario.equations["C"]
        == parse("bce_logits(t1, z1_1) + bce_logits(t2, z1_2) + bce_logits(t3, z1_3)").expression
    )
    assert scenario.loss == "C"


@pytest.mark.parametrize(
    ("extra", "loss"),
    [
        ("equations: {R: w1_1_1^2}\n", "C"),  # nothing uses C, so another unused equation is no other loss
        ("equations: {L: C + w1_1_1^2}\n", "L"),
        ("equations: {L: C + w1_1_1^2}\nloss: C\n", "C"),
        ("loss: a1_1\n", "a1_1"),
    ],
)
def test_the_cost_is_the_loss_unless_something_uses_it(extra: str, loss: str) -> None:
    assert logits(extra).loss == loss
    assert load_text(NET + extra, "f.yaml").loss == loss


@pytest.mark.parametrize("left_out", ["  cost: cross_entropy\n", "  targets: [t1, t2, t3]\n  cost: cross_entropy\n"])
def test_equations_may_make_the_loss(left_out: str) -> None:
    text = NET.replace(left_out, "") + "equations: {L: -(t1*log(a1_1) + t2*log(a1_2) + t3*log(a1_3))}\n"
    scenario = load_text(text, "f.yaml")
    assert scenario.loss == "L"
    assert "C" not in scenario.equations
    assert scenario.network is not None
    assert scenario.network.cost == ""


def test_a_network_without_a_cost_may_leave_activations_unused() -> None:
    text = NET.replace("  targets: [t1, t2, t3]\n  cost: cross_entropy\n", "").replace(", t2: 0, t3: 0", "")
    assert load_text(text + "equations: {L: (a1_1 - t1)^2}\n", "f.yaml").loss == "L"


NO_LOSS = "'network' has no 'cost', and no equation makes a loss of its activations"


@pytest.mark.parametrize(("equations", "data"), [("", "x: 1"), ("equations: {x: 2*u}\n", "u: 1")])
def test_without_a_cost_something_has_to_make_the_loss(equations: str, data: str) -> None:
    text = NET.replace("  targets: [t1, t2, t3]\n  cost: cross_entropy\n", "")
    text = text.replace("x: 1, t1: 1, t2: 0, t3: 0", data)
    ((_, message, help),) = problems(text + equations)
    assert message == NO_LOSS
    assert help == "write targets and a cost, or under 'equations' a loss such as L: (a1_1 - 1)^2"
    both = equations.replace("}", ", L: (a1_1 - 1)^2}") or "equations: {L: (a1_1 - 1)^2}\n"
    assert load_text(text + both, "f.yaml").loss == "L"


def test_several_equations_beside_a_network_without_a_cost_are_asked_about() -> None:
    text = NET.replace("  cost: cross_entropy\n", "") + "equations: {L: t1*a1_1, M: t2*a1_2 + t3}\n"
    ((where, message, help),) = problems(text)
    assert (where, message, help) == (
        "7:1 equations",
        "several equations are not used by any other, so which is the loss? L, M",
        "say which one to differentiate: loss: M",
    )


def test_a_cost_of_logits_wants_a_sigmoid() -> None:
    text = NET.replace("cross_entropy", "binary_cross_entropy_logits")
    ((where, message, help),) = problems(text)
    assert where == "6:9 binary_cross_entropy_logits"
    assert message == (
        "the cost binary_cross_entropy_logits takes the sigmoid of the last layer's z, "
        "and that layer has activation: softmax"
    )
    assert help == "write activation: sigmoid in the last layer, or another cost"


@pytest.mark.parametrize(("activation", "total"), [("softmax", 100_002), ("stable_softmax", 100_003)])
def test_a_softmax_counts_its_nodes_for_the_limit(activation: str, total: int) -> None:
    text = NET.replace("neurons: 3, activation: softmax", f"neurons: 25000, activation: {activation}")
    told = problems(text.replace("[[0.5], [-0.1], [0.3]]", "{init: zeros}"))
    limit = "the limit is 100,000 graph nodes"
    assert [message for _, message, _ in told] == [
        f"the network has {total:,} parameters and equations up to here; {limit}"
    ]


def test_a_stable_softmax_has_a_limit_of_its_own() -> None:
    text = NET.replace("neurons: 3, activation: softmax", "neurons: 2001, activation: stable_softmax")
    text = text.replace("  targets: [t1, t2, t3]\n  cost: cross_entropy\n", "").replace(
        "[[0.5], [-0.1], [0.3]]", "{init: zeros}"
    )
    text = text.replace(", t1: 1, t2: 0, t3: 0", "") + "equations: {L: a1_1}\n"
    ((where, message, help),) = problems(text)
    assert where == "4:40 stable_softmax"
    assert (message, help) == (
        "a stable_softmax of 2,001 neurons; the limit is 2,000",
        "write softmax, or make the layer smaller",
    )
    assert load_text(text.replace("stable_", ""), "f.yaml").loss == "L"
    assert load_text(text.replace("2001", "2000"), "f.yaml").loss == "L"


@pytest.mark.parametrize(
    "name", ["categorical_cross_entropy", "CrossEntropyLoss", "ce", "nll", "softmax_cross_entropy"]
)
def test_other_names_of_the_cross_entropy_lead_to_it_and_to_the_softmax(name: str) -> None:
    ((_, message, help),) = problems(NET.replace("cross_entropy", name))
    assert message == f"'{name}' is not a known cost"
    assert help == "here it is called cross_entropy, which goes with activation: softmax in the last layer"
