"""What is refused, where exactly, why, and what the help says: one table entry for each way to be wrong."""

from __future__ import annotations

import pytest
from support.places import marked

from tui_backprop.errors import MOST_PROBLEMS, Problem, ScenarioError
from tui_backprop.scenario.loading import load_text

GOOD = """\
title: A line
parameters:
  w: 0.5
  b: 1
data:
  - {x: 1, y: 2}
  - {x: 2, y: 3}
equations:
  z: w*x + b
  L: (z - y)^2
learning_rate: 0.1
"""


def problems_of(text: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "f.yaml")
    return caught.value.problems


def told(text: str | bytes) -> list[str]:
    return [
        f"{problem.place.line}:{problem.place.column} {problem.message}" if problem.place else problem.message
        for problem in problems_of(text)
    ]


def good_with(old: str, new: str) -> str:
    """The good scenario with one part of it written otherwise."""
    assert old in GOOD
    return GOOD.replace(old, new)


def test_the_good_scenario_of_these_tables_loads() -> None:
    assert load_text(GOOD, "f.yaml").loss == "L"


# (what is written in place of what, where and under what the carets stand, a part of the message, a part of the help)
REFUSALS = [
    # --- keys and types
    ("title:", "titel:", "1:1 titel", "unknown key 'titel' in a scenario", "did you mean 'title'?"),
    ("learning_rate: 0.1", "lr: 0.1", "11:1 lr", "unknown key 'lr' in a scenario", "here it is called learning_rate"),
    (
        "learning_rate: 0.1",
        "epochs: 10",
        "11:1 epochs",
        "unknown key 'epochs' in a scenario",
        "here it is called iterations",
    ),
    ("learning_rate: 0.1", "zzzz: 0.1", "11:1 zzzz", "unknown key 'zzzz'", "can have title, summary, constants"),
    ("title: A line", "loss: L", "1:1 l", "'title' is missing", "begin with a line such as 'title:"),
    ("title: A line", "title:", "1:7  ", "'title' has no value", "one line"),
    ("title: A line", "title: [A line]", "1:8 [", "must be a single value, not a list", "one line"),
    ("title: A line", 'title: "A\\nline"', '1:8 "A\\nline"', "'title' is one line", "one line"),
    ("title: A line", "title: Lesson #3", "1:14  ", "'title' ends here", "in quotes"),
    ("title: A line", "title: x\nsummary: {a: 1}", "2:10 {", "'summary' must be a single value", "sentence"),
    ("title: A line", "title: x\nsummary: Problem #7", "2:17  ", "'summary' ends here", "in quotes"),
    ("\n  w: 0.5\n  b: 1", " 3", "2:13 3", "'parameters' must be 'name: value' lines, not a single", "w1: 0.5"),
    ("\n  w: 0.5\n  b: 1", " [w, b]", "2:13 [", "must be 'name: value' lines, not a list", "w1: 0.5"),
    ("\n  w: 0.5\n  b: 1", "", "2:12  ", "'parameters' has nothing in it", "w1: 0.5"),
    ("\n  w: 0.5\n  b: 1", " {}", "2:13 {", "'parameters' has nothing in it", "w1: 0.5"),
    ("\n  w: 0.5\n  b: 1", "\n  w:0.5", "3:4 :", "'w:' needs a space after it", "write w: 0.5"),
    ("  b: 1", "  b:1", "4:4 :", "'b:' needs a space after it", "write b: 1"),
    # --- numbers
    ("b: 1", "b: 010", "4:6 010", "'010' has a leading zero", "octal"),
    ("b: 1", "b: 0x1F", "4:6 0x1F", "'0x1F' is not a decimal", "other number systems"),
    ("b: 1", "b: 1_000", "4:6 1_000", "'1_000' has an underscore", "without underscores"),
    ("b: 1", "b: 1:30", "4:6 1:30", "'1:30' is not a decimal", "times of day"),
    ("b: 1", "b: yes", "4:6 yes", "'yes' is not a number", "write 1 or 0"),
    ("b: 1", "b: 2024-01-02", "4:6 2024-01-02", "'2024-01-02' is not a decimal", "dates"),
    ("b: 1", "b: .nan", "4:6 .nan", "'.nan' is not a finite number", "decimal"),
    ("b: 1", "b: -.inf", "4:6 -.inf", "'-.inf' is not a finite number", "decimal"),
    ("b: 1", "b: 1e999", "4:6 1e999", "'1e999' is too large", "smaller"),
    ("b: 1", "b: 0,5", "4:6 0,5", "'0,5' has a comma", "0.5"),
    ("b: 1", "b: ", "4:5  ", "a parameter 'b' has no value", "decimal"),
    ("b: 1", "b: [1, 2]", "4:6 [", "must be a single value, not a list", "write b1: 1, b2: 2"),
    ("b: 1", "b: []", "4:6 [", "must be a single value, not a list", "decimal"),
    ("b: 1", "b: 1\n    c:2", "4:6 1", "goes on in the next line", "write c: 2"),
    (
        "b: 1",
        f"b: {'1' * 300}x",
        f"4:6 {'1' * 155}",
        "is not a number",
        "decimal",
    ),
    # --- names
    ("b: 1", "log: 1", "4:3 log", "'log' is the name of a function", "log_"),
    ("b: 1", "ln: 1", "4:3 ln", "'ln' is the name of a function", "ln_"),
    ("b: 1", "e: 1", "4:3 e", "'e' is a constant of its own", "e_"),
    ("b: 1", "pi: 1", "4:3 pi", "'pi' is a constant of its own", "pi_"),
    ("b: 1", "w-1: 1", "4:3 w-1", "'w-1' cannot be a name", "write w_1"),
    ("b: 1", "2b: 1", "4:3 2b", "'2b' cannot be a name", "write n2b"),
    ("b: 1", "ŷ: 1", "4:3 ŷ", "'ŷ' cannot be a name", "write yhat"),
    ("b: 1", "w₁: 1", "4:3 w₁", "'w₁' cannot be a name", "write w1"),
    ("b: 1", "été: 1", "4:3 été", "'été' cannot be a name", "letters (Greek ones too)"),
    (
        "b: 1",
        f"{'ü' * 60}: 1",
        f"4:3 {'ü' * 60}",
        "cannot be a name",
        "letters (Greek ones too)",
    ),
    ("b: 1", '"": 1', '4:3 ""', "a name is missing", "write name: value"),
    # --- names across sections
    ("b: 1", "b: 1\n  w: 3", "5:3 w", "'w' is given twice", "the first is in line 3"),
    ("b: 1", "b: 1\nconstants: {w: 3}", "5:13 w", "'w' is defined twice: it is a parameter and a constant", "line 3"),
    (
        "{x: 1, y: 2}\n  - {x: 2, y: 3}",
        "{x: 1, y: 2, w: 3}",
        "6:18 w",
        "'w' is defined twice: it is a parameter and an input",
        "line 3",
    ),
    ("  z: w*x", "  b: 2\n  z: w*x", "9:3 b", "'b' is defined twice: it is a parameter and an equation", "line 4"),
    ("b: 1", "b: 1\n  c: 2", "5:3 c", "no equation uses the parameter 'c'", "remove it"),
    ("w*x + b", "w*x + b + q", "9:16 q", "'q' is not defined, and the data does not give it", "define it under data"),
    ("w*x + b", "w*x + bb", "9:12 bb", "'bb' is not defined", "did you mean 'b'?"),
    ("w*x + b", "wx + b + w", "9:6 wx", "'wx' is not defined", "write w*x to multiply"),
    ("(z - y)^2", "(z - y)^2 + L", "10:18 L", "'L' is computed from itself: L -> L", "something else"),
    ("w*x + b", "w*x + b + L", "9:16 L", "in a circle: z -> L -> z", "something else"),
    # --- expressions
    ("w*x + b", "w*x + ", "9:10 +", "the expression ends after '+'", ""),
    ("w*x + b", "w x + b", "9:6 w x", "two names side by side", "w*x"),
    ("w*x + b", '"w*x + b + )"', "9:17 )", "missing before ')'", ""),
    ("w*x + b", "'w*x + b ? 1'", "9:15 ?", "'?' has no meaning", ""),
    ("w*x + b", "w*x +\n    b + $", "9:6 w", "'$' has no meaning", ""),
    ("w*x + b", "|\n    w*x + b $", "9:6 |", "'$' has no meaning", ""),
    ("w*x + b", "", "9:5  ", "the equation 'z' has no value", "computed from"),
    ("w*x + b", "[w]", "9:6 [", "the equation 'z' must be an expression", "round parentheses"),
    ("w*x + b", "w*(x #2) + b", "9:11 #2) + b", "ends too early: what follows ' #' is a comment", '"w*(x #2) + b"'),
    ("w*x + b", "w*x + # b", "9:12 # b", "ends too early", '"w*x + # b"'),
    ("w*x + b", "#w*x + b", "9:6 #w*x + b", "ends too early", "#w*x"),
    ("w*x + b", "w*x + b\n    q:2*w", "9:6 w", "goes on in the next line", "write q: 2*w"),
    # --- data
    ("{x: 2, y: 3}", "{x: 2}", "7:5 {", "this example has no y", "the first one, in line 6"),
    (
        "{x: 2, y: 3}",
        "{x: 2, y: 3, q: 1}",
        "7:18 q",
        "'q' is in this example but not in the first one",
        "in every example",
    ),
    ("{x: 2, y: 3}", "{x: 2, y: three}", "7:15 three", "'three' is not a number", "decimal"),
    ("{x: 2, y: 3}", "[2, 3]", "7:5 [", "an example must be 'name: value' lines, not a list", "{x: 1, y: 0}"),
    ("{x: 2, y: 3}", "{x:2, y: 3}", "7:7 :", "'x:' needs a space after it", "write x: 2"),
    ("{x: 2, y: 3}", "2", "7:5 2", "an example must be 'name: value' lines", "{x: 1, y: 0}"),
    # --- loss
    ("learning_rate", "loss: z1\nlearning_rate", "11:7 z1", "the loss 'z1' is not an equation", "did you mean 'z'?"),
    ("learning_rate", "loss: w\nlearning_rate", "11:7 w", "the loss 'w' is a parameter", "name an equation"),
    ("  L: (", "  q: z\n  L: (", "8:1 equations", "which is the loss? q, L", "loss: L"),
    # --- training
    ("rate: 0.1", "rate: 0", "11:16 0", "'learning_rate' must be greater than 0, not 0", "leave the key out"),
    ("rate: 0.1", "rate: -0.1", "11:16 -0.1", "'learning_rate' must be greater than 0", "leave the key out"),
    ("rate: 0.1", "rate: {eta: 1}", "11:16 {", "must be a single value, not a mapping", "decimal"),
    (
        "rate: 0.1",
        "rate: 0.1\niterations: 1.5",
        "12:13 1.5",
        "'iterations' must be a whole number, not 1.5",
        "fraction",
    ),
    ("rate: 0.1", "rate: 0.1\niterations: -1", "12:13 -1", "'iterations' must be at least 0", "0 or more"),
    ("rate: 0.1", "rate: 0.1\niterations: 1000001", "12:13 1000001", "the limit is 1,000,000", "or less"),
    ("rate: 0.1", "rate: 0.1\nbatch: 0", "12:8 0", "'batch' must be at least 1", "1 or more"),
    ("rate: 0.1", "rate: 0.1\nbatch: 3", "12:8 3", "'batch' is 3; the number of examples is 2", "2 or less"),
    ("rate: 0.1", "rate: 0.1\nbatch: {size: 3}", "12:15 3", "'size' is 3; the number of examples is 2", "2 or less"),
    ("rate: 0.1", "rate: 0.1\nbatch: {shuffle: 7}", "12:8 {", "'batch' has no 'size'", "{size: 2}"),
    (
        "rate: 0.1",
        "rate: 0.1\nbatch: {size: 1, last: drop}",
        "12:24 drop",
        "'drop' is not a known last batch",
        "short, wrap",
    ),
    (
        "rate: 0.1",
        "rate: 0.1\nbatch: {size: 1, seed: 7}",
        "12:18 seed",
        "unknown key 'seed' in 'batch'",
        "called shuffle",
    ),
    (
        "rate: 0.1",
        "rate: 0.1\nbatch: {size: 1, shuffle: -7}",
        "12:27 -7",
        "'shuffle' must be at least 0",
        "0 or more",
    ),
    (
        "rate: 0.1",
        "rate: 0.1\nbatch: {size: 1, last: wrap, shuffle: 7}",
        "12:30 shuffle",
        "batches that wrap go on without passes",
        "remove 'last: wrap', or 'shuffle'",
    ),
    ("rate: 0.1", "rate: 0.1\nreduction: men", "12:12 men", "'men' is not a known reduction", "did you mean 'mean'?"),
    ("rate: 0.1", "rate: 0.1\nfreeze: [c]", "12:10 c", "no parameter is called 'c'", "the parameters are w, b"),
    ("rate: 0.1", "rate: 0.1\nfreeze: v*", "12:9 v*", "no parameter is called 'v*'", "the parameters are w, b"),
    ("rate: 0.1", "rate: 0.1\nfreeze: [b, w*1]", "12:13 w*1", "has a * that is not at its end", "last"),
    ("rate: 0.1", "rate: 0.1\nfreeze: z", "12:9 z", "'z' is an equation, not a parameter", "the parameters are"),
    ("rate: 0.1", "rate: 0.1\nfreeze: []", "12:9 [", "'freeze' has nothing in it", "b*"),
    ("rate: 0.1", "rate: 0.1\nfreeze: [[b]]", "12:10 [", "a name of 'freeze' must be a single value", "b*"),
    # --- notes
    ("rate: 0.1", "rate: 0.1\nnotes: {zed: hello}", "12:9 zed", "a note on 'zed'", "the names are w, b, x"),
    ("rate: 0.1", "rate: 0.1\nnotes: {w: }", "12:11  ", "the note on 'w' has no value", "sentence"),
    ("rate: 0.1", "rate: 0.1\nnotes: hello", "12:8 hello", "'notes' must be 'name: value' lines", "steep"),
    # --- expectations
    ("rate: 0.1", "rate: 0.1\nexpect: [{after: 0}]", "12:10 {", "no number that could be checked", "after: 3"),
    ("rate: 0.1", "rate: 0.1\nexpect: [{after: 0.5, loss: 1}]", "12:18 0.5", "must be a whole number", "fraction"),
    ("rate: 0.1", "rate: 0.1\nexpect: [{afer: 0, loss: 1}]", "12:11 afer", "unknown key 'afer'", "'after'"),
    ("rate: 0.1", "rate: 0.1\nexpect: [{loss: x}]", "12:17 x", "'x' is not a number", "decimal"),
    (
        "rate: 0.1",
        "rate: 0.1\nexpect: [{parameters: {z: 1}}]",
        "12:24 z",
        "'z' is an equation, not a parameter",
        "w, b",
    ),
    ("rate: 0.1", "rate: 0.1\nexpect: [{parameters: {ww: 1}}]", "12:24 ww", "there is no parameter 'ww'", "'w'"),
    ("rate: 0.1", "rate: 0.1\nexpect: [{gradients: {z: 1}}]", "12:23 z", "that of one example", "example: 0"),
    ("rate: 0.1", "rate: 0.1\nexpect: [{gradients: {x: 1}}]", "12:23 x", "'x' is an input", "w, b"),
    (
        "rate: 0.1",
        "rate: 0.1\nexpect: [{values: {z: 1}}]",
        "12:11 values",
        "values are those of one example",
        "example: 0",
    ),
    ("rate: 0.1", "rate: 0.1\nexpect: [{example: 2, loss: 1}]", "12:20 2", "examples count from 0 to 1", "1 or less"),
    (
        "rate: 0.1",
        "rate: 0.1\nexpect: [{example: 0, values: {w: 1}}]",
        "12:32 w",
        "'w' is a parameter, not a node",
        "z, L",
    ),
    ("rate: 0.1", "rate: 0.1\nexpect: [{loss: 1, tolerance: -1}]", "12:31 -1", "'tolerance' is not negative", "1e-6"),
    ("rate: 0.1", "rate: 0.1\nexpect: [{loss: [1]}]", "12:17 [", "the loss must be a single value", "decimal"),
    ("rate: 0.1", "rate: 0.1\nexpect: 3", "12:9 3", "'expect' must be a list", "after: 3"),
    ("rate: 0.1", "rate: 0.1\nexpect: [3]", "12:10 3", "an expectation must be 'name: value' lines", "after: 3"),
    ("learning_rate: 0.1", "expect: [{after: 1, loss: 1}]", "11:18 1", "nothing is updated here", "learning_rate"),
]


@pytest.mark.parametrize(("old", "new", "where", "message", "help"), REFUSALS)
def test_a_refusal_names_the_place_the_reason_and_the_remedy(
    old: str, new: str, where: str, message: str, help: str
) -> None:
    problems = problems_of(good_with(old, new))
    found = [
        problem
        for problem in problems
        if problem.place and marked(problem) == where and message in problem.message and help in problem.help
    ]
    assert found, problems
    assert found[0].source_line == good_with(old, new).splitlines()[found[0].place.line - 1]  # type: ignore[union-attr]


LONG = "a_rather_long_name_of_thirty_1"

# (what is written in place of what in the good scenario, the kind of problem)
WITH_A_LONG_NAME = [
    ("  b: 1", f"  b: 1\n  {LONG}: 1", "no equation uses the parameter"),
    ("w*x + b", f"w*x + b + {LONG}", "is not defined"),
    ("w*x + b", f"'w*x + b + {LONG}'", "is not defined"),
    ("w*x + b", f"w*x + b + {LONG}(x)", "is not a function"),
    ("  b: 1", f"  b: 1\n  {LONG}: 1\n  {LONG}: 1", "is given twice"),
    ("  b: 1", f"  b: 1\nconstants: {{{LONG}: 1, c: 1}}\nnotes: {{{LONG}1: x}}", "a note on"),
    ("learning_rate", f"{LONG}: 1\nlearning_rate", "unknown key"),
    ("learning_rate", f"loss: {LONG}\nlearning_rate", "is not an equation"),
    ("learning_rate", f"freeze: [b, {LONG}]\nlearning_rate", "no parameter is called"),
    ("learning_rate", f"expect: [{{parameters: {{{LONG}: 1}}}}]\nlearning_rate", "there is no parameter"),
    ("learning_rate", f"reduction: {LONG}\nlearning_rate", "is not a known reduction"),
    ("  b: 1", f"  b: {LONG}", "is not a number"),
    ("  b: 1", f"  b-{LONG}: 1", "cannot be a name"),
    ("{x: 2, y: 3}", f"{{x: 2, y: 3, {LONG}: 1}}", "but not in the first one"),
    ("  L: (", f"  {LONG}: {LONG} + z\n  L: (", "is computed from itself"),
    ("rate: 0.1", f"rate: 0.1\n{LONG}", "this line has no ': '"),
    ("{x: 1, y: 2}", f"{{x: {LONG}, y: 2}}", "is not a number"),
]


@pytest.mark.parametrize(("old", "new", "message"), WITH_A_LONG_NAME)
def test_the_carets_stand_under_the_whole_of_a_long_name(old: str, new: str, message: str) -> None:
    found = [problem for problem in problems_of(good_with(old, new)) if message in problem.message]
    assert found
    under = marked(found[0]).partition(" ")[2]
    assert under == {"cannot be a name": f"b-{LONG}", "a note on": f"{LONG}1"}.get(message, LONG)


@pytest.mark.parametrize(("old", "new", "where", "message", "help"), REFUSALS)
def test_one_mistake_is_told_once(old: str, new: str, where: str, message: str, help: str) -> None:
    problems = problems_of(good_with(old, new))
    consequences = {"is not defined", "no equation uses"}
    others = [p for p in problems if message not in p.message and not any(c in p.message for c in consequences)]
    missing_title = [p for p in others if p.message == "'title' is missing"]
    assert others == missing_title


def test_sections_that_are_missing_are_told() -> None:
    assert told("title: x\n") == ["1:1 'equations' is missing", "1:1 'parameters' is missing"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1 the file is empty"),
        ("# nothing but a comment\n", "1:1 the file is empty"),
        ("- a\n- b\n", "1:1 a scenario must be 'name: value' lines, not a list"),
        ("hello\n", "1:1 a scenario must be 'name: value' lines, not a single value"),
        ("title:Parabola\n", "1:6 'title:' needs a space after it"),
    ],
)
def test_what_is_no_scenario_at_all_is_told_in_one_line(text: str, message: str) -> None:
    assert told(text) == [message]


def test_a_name_that_is_no_name_at_all_is_told_once() -> None:
    assert told(GOOD + "[a]: 1\n") == ["12:1 there is a list or a mapping where a name belongs"]
    assert told(good_with("  b: 1", "  b: 1\n  [a]: 1")) == ["5:3 there is a list or a mapping where a name belongs"]


def test_too_many_examples_are_refused_by_the_limit() -> None:
    messages = told("title: x\nparameters: {w: 1}\nequations: {L: w}\ndata:\n" + "- {}\n" * 10_001)
    assert messages == ["5:1 'data' has 10,001 examples; the limit is 10,000"]


def test_every_problem_of_a_file_is_told_in_the_order_of_the_file() -> None:
    text = """\
titel: x
parameters: {w: 010, v: 2}
data: {x: yes}
equations:
  z: w*x + q
  a: b + 1
  b: a + z
"""
    assert told(text) == [
        "1:1 unknown key 'titel' in a scenario",
        "2:17 '010' has a leading zero",
        "2:22 no equation uses the parameter 'v'",
        "3:11 'yes' is not a number",
        "5:12 'q' is not defined, and the data does not give it",
        "6:6 these equations need each other in a circle: a -> b -> a",
    ]


def test_the_first_twenty_problems_are_told_and_the_others_counted() -> None:
    equations = "".join(f"  a{i}: w*unknown{i}\n" for i in range(30))
    with pytest.raises(ScenarioError) as caught:
        load_text(f"title: x\nparameters: {{w: 1}}\nequations:\n{equations}loss: a0\n", "f.yaml")
    assert len(caught.value.problems) == MOST_PROBLEMS
    assert caught.value.more == 10
    assert [problem.place.line for problem in caught.value.problems if problem.place] == list(range(4, 24))
    assert "(and 29 more)" in str(caught.value)


def test_several_cycles_are_told_together_and_a_long_one_is_shortened() -> None:
    ring = "".join(f"  r{i}: r{(i + 1) % 40}\n" for i in range(40))
    messages = told(f"title: x\nparameters: {{w: 1}}\nequations:\n  a: b*w\n  b: a\n{ring}")
    assert messages == [
        "4:6 these equations need each other in a circle: a -> b -> a",
        "6:7 these equations need each other in a circle: "
        "r0 -> r1 -> r2 -> r3 -> r4 -> r5 -> … -> r35 -> r36 -> r37 -> r38 -> r39 -> r0",
    ]


def test_a_name_that_the_data_could_give_is_missing_where_there_is_no_data() -> None:
    (problem,) = problems_of("title: x\nparameters: {w: 1}\nequations: {L: w*x1}\n")
    assert problem.message == "'x1' is not defined"
    assert "data (an input)" in problem.help


def test_where_a_name_is_missing_no_loss_is_asked_for() -> None:
    assert told(good_with("  L: (z - y)^2", "  L: (zz - y)^2")) == [
        "10:7 'zz' is not defined, and the data does not give it"
    ]


def test_what_a_trap_took_away_is_not_complained_about() -> None:
    assert told(good_with("\n  w: 0.5\n  b: 1", " *w")) == [
        "2:13 '*' begins an alias in YAML, and scenarios have no aliases"
    ]
    assert told(GOOD.replace("(z - y)^2", "*z + 1") + "loss: M\n") == [
        "10:6 '*' begins an alias in YAML, and scenarios have no aliases",
        "12:7 the loss 'M' is not an equation",
    ]


def test_equations_that_are_none_leave_the_loss_open() -> None:
    text = "title: x\nparameters: {w: 1}\nequations: 7\nloss: L\n"
    assert told(text) == ["3:12 'equations' must be 'name: value' lines, not a single value"]


def test_an_expected_number_that_is_none_is_told() -> None:
    assert told(GOOD + "expect: [{parameters: {w: x}}]\n") == ["12:27 'x' is not a number"]


def test_a_layer_without_weights_is_told() -> None:
    layer = "{neurons: 1, activation: relu}"
    network = f"{{inputs: [x], layers: [{layer}], targets: [t], cost: squared_error}}"
    text = f"title: x\nnetwork: {network}\ndata: {{x: 1, t: 1}}\n"
    assert told(text) == ["2:33 this layer has no 'weights'"]


def test_a_long_name_or_number_in_an_equation_does_not_fill_the_screen() -> None:
    for long in (
        "q" * 1_900,
        "7" * 1_900,
        f"{'q' * 1_900}(w)",
        f"w {'q' * 1_900}",
        f"1/2{'q' * 1_900}",
        f"0{'7' * 900}",
    ):
        for problem in problems_of(good_with("w*x + b", f"{long} + w*x + b")):
            assert max(len(problem.message), len(problem.help)) < 300


def test_a_pattern_means_what_it_says_however_often_it_stands_there() -> None:
    def frozen(freeze: str) -> tuple[str, ...]:
        parameters = "{w: 1, w1: 1, w10: 1, v: 1, b: 1}"
        equations = "{L: w + w1 + w10 + v + b}"
        return load_text(f"title: x\nparameters: {parameters}\nequations: {equations}\nfreeze: {freeze}\n", "f").frozen

    assert frozen("[w*, w*, w*]") == ("w", "w1", "w10")
    assert frozen("w1") == ("w1",)
    assert frozen("[v, w1*, b]") == ("w1", "w10", "v", "b")
    assert frozen("'*'") == ("w", "w1", "w10", "v", "b")
    assert told(GOOD + "freeze: [v, v, w2*, b]\n") == [
        "12:10 no parameter is called 'v' (and 1 more like it in this line)",
        "12:16 no parameter is called 'w2*'",
    ]


def test_an_example_that_lacks_many_inputs_says_how_many() -> None:
    many = ", ".join(f"x{number}: 1" for number in range(30))
    messages = told(good_with("  - {x: 1, y: 2}", f"  - {{x: 1, y: 2, {many}}}"))
    assert messages == ["7:5 this example has no x0, x1, x2, x3, x4, x5, x6, x7 and 22 more"]
    nine = ", ".join(f"x{number}: 1" for number in range(9))
    messages = told(good_with("  - {x: 1, y: 2}", f"  - {{x: 1, y: 2, {nine}}}"))
    assert messages == ["7:5 this example has no x0, x1, x2, x3, x4, x5, x6, x7, x8"]


def test_a_section_that_could_not_be_read_causes_no_further_complaints() -> None:
    assert told(good_with("\n  - {x: 1, y: 2}\n  - {x: 2, y: 3}", " 7")) == [
        "5:7 'data' must be a list, not a single value"
    ]
    assert told(good_with("w*x + b", "w*x + (")) == ["9:12 the expression ends after '('"]
