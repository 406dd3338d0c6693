"""Does `check` hold a scenario's published numbers and its gradients against what comes out?"""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tui_backprop.explain.second_proof import Proof
from tui_backprop.headless import check as check_module

PARABOLA_REPORT = """\
parabola.yaml: A parabola
  ok      published numbers after 0 updates, line 7 (2 numbers)
  ok      published numbers after 3 updates, line 8 (1 number)
  ok      gradients of iteration 0 (1 of 1 agree with finite differences)
  ok      gradients of iteration 3 (1 of 1 agree with finite differences)
1 scenario, 7 checks, 0 failed
"""


def _with_expectation(text: str) -> str:
    return f"title: T\nparameters: {{w: 0}}\nequations: {{L: (w - 3)^2}}\nlearning_rate: 0.3\nexpect:\n  - {text}\n"


def test_what_agrees_is_counted(call, file):
    result = call("check", file("parabola"))
    assert (result.code, result.out, result.err) == (0, PARABOLA_REPORT, "")


@pytest.mark.parametrize(
    ("expectation", "told"),
    [
        ("{after: 0, loss: 8}", "the loss L is 9, published 8 (give or take 8e-09)"),
        ("{after: 1, gradients: {w: -2.5}}", "the gradient with respect to w is -2.4000000000000004, published -2.5"),
        ("{after: 3, parameters: {w: 2.809}}", "the parameter w is 2.808, published 2.809 (give or take 0.0005)"),
        ("{after: 0, example: 0, values: {L: 9.5}}", "the value of L is 9, published 9.5 (give or take 0.05)"),
    ],
)
def test_what_does_not_agree_is_told_with_both_numbers_and_the_line(call, file, expectation, told):
    result = call("check", file("wrong", _with_expectation(expectation)))
    assert result.code == 1
    assert told in result.out
    assert "FAILED  published numbers after" in result.out
    assert ", line 6 " in result.out
    assert result.out.endswith("1 failed\n")


def test_an_expectation_of_one_example_is_checked_whatever_the_batch_is(call, file):
    text = (
        "title: T\nparameters: {w: 2}\ndata: [{x: 1}, {x: 5}]\nequations: {z: w*x, u: w^2, L: z^2}\nloss: L\nbatch: 1\n"
        "learning_rate: 0.001\nexpect:\n"
        "  - {after: 0, example: 1, loss: 100, values: {z: 10, u: 4}, gradients: {z: 20, w: 100, u: 0}}\n"
        "  - {after: 0, loss: 4, gradients: {w: 4}}\n"
    )
    result = call("check", file("example", text))
    assert result.code == 0, result.out


def test_a_wrong_gradient_is_found(call, file, monkeypatch):
    honest = check_module.Session.start

    def with_wrong_gradient(scenario, charset):
        session = honest(scenario, charset)
        session.history.extend(3)
        iteration = session.history.iteration
        monkeypatch.setattr(
            session.history, "iteration", lambda number: replace(iteration(number), gradients=(-6.001,))
        )
        return session

    monkeypatch.setattr(check_module.Session, "start", staticmethod(with_wrong_gradient))
    result = call("check", file("derivative", "title: T\nparameters: {w: 0}\nequations: {L: (w - 3)^2}\n"))
    assert result.code == 1
    assert "the gradient with respect to w is -6.001, by differences -" in result.out


@pytest.mark.parametrize(
    ("proof", "code", "told"),
    [
        (Proof("agrees", 6.0), 0, "ok      gradients of iteration 0 (1 of 1 agree with finite differences)\n"),
        (
            Proof("agrees", 6.0, only_wide=True),
            0,
            "; 1 of these by wide nudges alone, the usual ones being too fine",
        ),
        (Proof("convention", 6.0), 0, "; 1 at a corner or a jump, where the derivative is a convention)"),
        (
            Proof("too fine to tell", 6.0),
            0,
            "; 1 too fine to tell: rounding hides the slope)",
        ),
        (Proof("unclear", 6.0, "for a reason"), 0, "(0 of 1 agree with finite differences; 1 unclear: for a reason)"),
        (Proof("differs", 5.5), 1, "FAILED  gradients of iteration 0 (0 of 1 agree with finite differences): 1 of 2\n"),
        (Proof("differs", 5.5), 1, "the gradient with respect to x is 6, by differences 5.5\n"),
    ],
)
def test_every_verdict_is_told(call, file, monkeypatch, proof, code, told):
    monkeypatch.setattr(check_module, "prove", lambda *arguments: proof)
    result = call("check", file("derivative"))
    assert result.code == code
    assert told in result.out


NOTHING_BUT_ROUNDING = [
    "parameters: {a: 0.2, b: 0.5, c: 0.7}\n"
    "equations: {s: exp(a) + exp(b) + exp(c), p: exp(a)/s, q: exp(b)/s, r: exp(c)/s, L: p + q + r - 1}\n",
    "parameters: {x1: 0.2, x2: 0.5, x3: 1.2}\n"
    "equations: {mu: (x1 + x2 + x3)/3, d1: x1 - mu, d2: x2 - mu, d3: x3 - mu, L: d1 + d2 + d3}\n",
    "parameters: {v1: 0.2, v2: 0.4}\ndata: [{h: 0.5, y1: 0, y2: 1}, {h: 0.7, y1: 1, y2: 0}]\n"
    "equations: {c1: exp(v1*h), c2: exp(v2*h), p1: c1/(c1 + c2), p2: c2/(c1 + c2),"
    " E1: -y1*log(p1) + (1 - y1)*log(1 - p1), E2: -y2*log(p2) + (1 - y2)*log(1 - p2), E: E1 + E2}\n",
]


@pytest.mark.parametrize("scenario", NOTHING_BUT_ROUNDING)
def test_gradients_that_are_nothing_but_rounding_are_too_fine_to_tell(call, file, scenario):
    result = call("check", file("rounding", f"title: T\n{scenario}"))
    assert result.code == 0
    assert "(0 of " in result.out
    assert " too fine to tell: rounding hides the slope)" in result.out


def test_a_loss_whose_examples_cancel_is_the_one_of_the_equations(call, file):
    text = (
        "title: T\nparameters: {w: 1.1}\nreduction: sum\nequations: {L: w*x}\n"
        "data: [{x: 1e15}, {x: 0.3}, {x: -1e15}, {x: 0.7}]\n"
    )
    result = call("check", file("cancels", text))
    assert result.code == 0, result.out


def test_a_refused_scenario_does_not_keep_the_others_from_being_checked(call, file):
    result = call("check", file("refused"), file("parabola"))
    assert result.code == 3
    assert "refused.yaml:3:6: error: " in result.err
    assert "parabola.yaml: A parabola" in result.out
    assert result.out.endswith("2 scenarios, 7 checks, 0 failed, 1 refused\n")


def test_numbers_that_are_not_finite_are_told(call, file):
    result = call("check", file("starts_infinite"))
    assert result.code == 4
    assert "stopped gradients of iteration 0 (the numbers stopped being finite in iteration 0" in result.out
    assert "ok" not in result.out


def test_published_numbers_of_a_run_that_ends_before_fail(call, file):
    text = "title: T\nparameters: {w: 2}\nequations: {L: w^4}\nlearning_rate: 1\nexpect: [{after: 900, loss: 1}]\n"
    result = call("check", file("ends", text))
    assert result.code == 1
    assert "stopped being finite in iteration" in result.out


def test_a_setting_changes_what_is_checked(call, file):
    assert call("check", file("parabola"), "--set", "w=1").code == 1


def test_nothing_of_a_scenario_reaches_the_terminal_as_an_escape(call, file):
    result = call("check", file("hostile", 'title: "[red]x[/] $(id)"\nparameters: {w: 1}\nequations: {L: w}\n'))
    assert "[red]x[/] $(id)" in result.out
    name = file("hos\x1b[31mtile", "title: T\nparameters: {w: 1}\nequations: {L: w}\n")
    assert "\x1b" not in call("check", name).out
