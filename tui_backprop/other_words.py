"""The words that the field has for things which are called or written otherwise here, and what to write for them.

One table for functions, activations, costs, keys and choices. A word in it is never taken for the misspelling of
another one: `gelu` is not `relu`, and `cross_entropy` is not `binary_cross_entropy`.
"""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterable
from types import MappingProxyType

from msgspec import Struct

STEP_HELP = (
    "step(a - b) is 1 where a > b and 0 elsewhere; step(a - b)*u + (1 - step(a - b))*v is u there and v elsewhere"
)
"""What stands for a comparison, and for a choice between two values."""


class OtherWord(Struct, frozen=True):
    """Some words of one meaning.

    here: what that is called here; the first that is known where the word stands.
    of, written: the operands of a function, and the expression that a call with them is; empty where none is.
    term: for a cost, what an output a with its target t adds to it; `averaged`: it is divided by their number.
    without: what to do about a key or a choice for which there is nothing here.
    beside: what it goes with, for what is called by another word here.
    """

    words: tuple[str, ...]
    here: tuple[str, ...] = ()
    of: str = ""
    written: str = ""
    term: str = ""
    averaged: bool = False
    without: str = ""
    beside: str = ""


def _word(
    words: str,
    here: str = "",
    of: str = "",
    written: str = "",
    term: str = "",
    averaged: bool = False,
    without: str = "",
    beside: str = "",
) -> OtherWord:
    return OtherWord(tuple(words.split()), tuple(here.split()), of, written, term, averaged, without, beside)


_UPDATE = "write it under 'optimizer': optimizer: adam, or optimizer: {name: momentum, beta: 0.9}"
_NO_SUCH = "leave it out: there is no such thing here"

OTHER_WORDS = (
    # activations
    _word("softmax", "softmax", "z1, z2", "exp(z1)/(exp(z1) + exp(z2))"),
    _word("logsoftmax", "", "z1, z2", "z1 - log(exp(z1) + exp(z2))"),
    _word("softmin", "", "z1, z2", "exp(-z1)/(exp(-z1) + exp(-z2))"),
    _word("logsumexp lse", "", "a, b", "log(exp(a) + exp(b))"),
    _word("logistic expit σ sig", "sigmoid", "z", "sigmoid(z)"),
    _word("logsigmoid", "", "z", "-softplus(-z)"),
    _word("logit", "", "p", "log(p/(1 - p))"),
    _word("linear none id identity", "identity", "z", "z"),
    _word("swish", "silu", "z", "silu(z)"),
    _word("selu", "", "z", "1.0507*(max(z, 0) + 1.67326*(exp(min(z, 0)) - 1))"),
    _word("celu", "", "z, c", "max(z, 0) + c*(exp(min(z, 0)/c) - 1)"),
    _word("mish", "", "z", "z*tanh(softplus(z))"),
    _word("softsign", "", "z", "z/(1 + abs(z))"),
    _word("hardsigmoid", "", "z", "min(max(z + 3, 0), 6)/6"),
    _word("hardswish hardsilu", "", "z", "z*min(max(z + 3, 0), 6)/6"),
    _word("hardtanh", "", "z", "min(max(z, -1), 1)"),
    _word("tanhshrink", "", "z", "z - tanh(z)"),
    _word("relu6", "", "z", "min(max(z, 0), 6)"),
    _word("lrelu", "leaky_relu", "z", "leaky_relu(z)"),
    _word("prelu rrelu", "", "z, c", "max(z, 0) + c*min(z, 0)"),
    _word("rectifier ramp", "relu", "z", "relu(z)"),
    _word("glu", "", "a, b", "a*sigmoid(b)"),
    _word("maxout", "max", "a, b", "max(a, b)"),
    _word("heaviside threshold unitstep binarystep indicator", "step", "z", "step(z)"),
    _word("sgn signum", "sign", "z", "sign(z)"),
    # other functions
    _word("tg", "tan", "z", "tan(z)"),
    _word("cot cotan ctg", "", "z", "cos(z)/sin(z)"),
    _word("sec", "", "z", "1/cos(z)"),
    _word("csc cosec", "", "z", "1/sin(z)"),
    _word("sine", "sin", "z", "sin(z)"),
    _word("cosine", "cos", "z", "cos(z)"),
    _word("sinc", "", "z", "sin(z)/z"),
    _word("asinh arcsinh arsinh", "", "z", "log(z + sqrt(z^2 + 1))"),
    _word("acosh arccosh arcosh", "", "z", "log(z + sqrt(z^2 - 1))"),
    _word("atanh arctanh artanh", "", "z", "log((1 + z)/(1 - z))/2"),
    _word("arctan", "atan", "z", "atan(z)"),
    _word("asin arcsin acos arccos erf erfc lgamma floor ceil round trunc int argmax argmin sort dropout", "", "z"),
    _word("atan2 arctan2 mod fmod rem", "", "a, b"),
    _word("exponential", "exp", "z", "exp(z)"),
    _word("exp2", "", "z", "2^z"),
    _word("expm1", "", "z", "exp(z) - 1"),
    _word("logarithm", "log", "z", "log(z)"),
    _word("ld lb", "log2", "z", "log2(z)"),
    _word("lg", "", "z"),
    _word("log1p", "", "z", "log(1 + z)"),
    _word("squareroot root", "sqrt", "z", "sqrt(z)"),
    _word("rsqrt", "", "z", "1/sqrt(z)"),
    _word("cbrt", "", "z", "sign(z)*abs(z)^(1/3)"),
    _word("square sq sqr", "", "z", "z^2"),
    _word("cube", "", "z", "z^3"),
    _word("pow power", "", "a, b", "a^b"),
    _word("reciprocal inv", "", "z", "1/z"),
    _word("neg negative", "", "z", "-z"),
    _word("add plus", "", "a, b", "a + b"),
    _word("sub subtract minus", "", "a, b", "a - b"),
    _word("mul multiply times prod product", "", "a, b", "a*b"),
    _word("div divide", "", "a, b", "a/b"),
    _word("avg average", "mean", "a, b", "mean(a, b)"),
    _word("dot matmul inner", "", "w1, w2, x1, x2", "w1*x1 + w2*x2"),
    _word("norm hypot", "", "a, b", "sqrt(a^2 + b^2)"),
    _word("clip clamp", "", "z, a, b", "min(max(z, a), b)"),
    _word("maximum", "max", "a, b", "max(a, b)"),
    _word("minimum", "min", "a, b", "min(a, b)"),
    _word("fabs absolute magnitude modulus", "abs", "z", "abs(z)"),
    _word("if where cond ifelse iif select ternary piecewise", "", "z, a, b", "step(z)*a + (1 - step(z))*b"),
    # costs
    _word(
        "mse mseloss meansquareerror l2loss l2 quadratic",
        "mean_squared_error",
        "y, a",
        "(a - y)^2",
    ),
    _word("meansquarederror", "mean_squared_error", "y, a", "(a - y)^2"),
    _word("squarederror squareerror sse sumofsquares sumsquarederror", "squared_error", "y, a", "(a - y)^2"),
    _word("halfsquarederror halfmse", "half_squared_error", "y, a", "(a - y)^2/2"),
    _word(
        "mae maeloss meanabsoluteerror l1 l1loss absoluteerror",
        "",
        "y, a",
        "abs(a - y)",
        "abs({a} - {t})",
        averaged=True,
    ),
    _word(
        "huber huberloss smoothl1 smoothl1loss",
        "",
        "y, a",
        "min(abs(a - y), 1)*(abs(a - y) - min(abs(a - y), 1)/2)",
        "min(abs({a} - {t}), 1)*(abs({a} - {t}) - min(abs({a} - {t}), 1)/2)",
        averaged=True,
    ),
    _word("hinge hingeloss svm", "", "y, a", "max(0, 1 - y*a)", "max(0, 1 - {t}*{a})", averaged=True),
    _word(
        "binarycrossentropy binarycrossentropyloss bceloss logloss logisticloss",
        "binary_cross_entropy bce",
        "y, a",
        "bce(y, a)",
    ),
    _word("bce", "binary_cross_entropy"),
    _word(
        "bcewithlogits bcewithlogitsloss sigmoidcrossentropy sigmoidcrossentropywithlogits bcelogits "
        "binarycrossentropywithlogits binarycrossentropylogits",
        "binary_cross_entropy_logits bce_logits",
        "y, z",
        "bce_logits(y, z)",
        beside="activation: sigmoid in the last layer",
    ),
    _word(
        "crossentropy crossentropyloss ce celoss xent categoricalcrossentropy sparsecategoricalcrossentropy "
        "softmaxcrossentropy nll nllloss negativeloglikelihood",
        "cross_entropy",
        "y1, y2, p1, p2",
        "-(y1*log(p1) + y2*log(p2))",
        beside="activation: softmax in the last layer",
    ),
    _word("kl kldiv kldivloss kldivergence", "", "p, q", "p*log(p/q)", "{t}*log({t}/{a})"),
    # keys of a scenario, of a network and of a layer
    _word("lr eta η alpha α rate stepsize", "learning_rate"),
    _word("epochs epoch steps maxiterations maxiter niter numepochs nepochs", "iterations"),
    _word("examples samples dataset trainingdata trainingset", "data"),
    _word("description about", "summary"),
    _word("variables weight weights params", "weights parameters"),
    _word("cost objective error criterion lossfunction costfunction", "cost loss"),
    _word("loss", "cost"),
    _word("formulas nodes graph", "equations"),
    _word("units size width outputsize", "neurons"),
    _word("bias", "biases"),
    _word("activationfunction nonlinearity act", "activation"),
    _word("batchsize minibatch", "batch size"),
    _word("frozen fixed", "freeze"),
    _word("name", "title"),
    _word("features", "inputs"),
    _word("labels outputs y", "targets"),
    _word("model net nn", "network"),
    _word("optim optimiser solver updaterule", "optimizer"),
    _word("momentum mu", "beta", without=_UPDATE),
    _word("nesterov betas beta1 beta2 rho adam sgd rmsprop adagrad", "", without=_UPDATE),
    _word("eps", "epsilon"),
    _word("lines", "update"),
    _word("weightdecay decay regularization regularizer l2reg lambda λ", "weight_decay"),
    _word(
        "scheduler lrscheduler schedule",
        "",
        without="leave it out, and write the learning rate as an expression of k: learning_rate: 0.5/(1 + 0.1*k)",
    ),
    _word("shuffle", "", without="write it beside the batch: {size: 2, shuffle: 7}, with a seed"),
    _word(
        "seed randomseed randomstate", "shuffle", without="write it beside the recipe for weights: {init: he, seed: 7}"
    ),
    _word("metrics callbacks device dtype validation testdata verbose", "", without=_NO_SUCH),
    # choices
    _word("glorot glorotuniform xavieruniform", "xavier"),
    _word("kaiming henormal kaimingnormal", "he"),
    _word("gaussian", "normal"),
    _word("zero", "zeros"),
)


def _plain(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "").replace(" ", "")


_BY_WORD = MappingProxyType({word: other for other in reversed(OTHER_WORDS) for word in other.words})


def other_word(word: str) -> OtherWord | None:
    """What the table has for a word, however it is put together: `BCELoss`, `bce_loss`, `bce-loss`."""
    return _BY_WORD.get(_plain(word))


def called_here(word: str, known: Container[str]) -> str | None:
    """Which of the known words means the same, if the table says so."""
    other = other_word(word)
    return next((here for here in other.here if here in known), None) if other is not None else None


def spelled_like(word: str, names: Iterable[str]) -> str | None:
    """The name that the word most probably is a misspelling of: by a few letters, and never by another number."""
    for near in difflib.get_close_matches(word, names, n=3):
        numbers = _digits(word), _digits(near)
        is_slip = _edits(word, near) <= max(1, len(word) // 3) or (len(word) > 2 and near.startswith(word))
        is_another_index = numbers[0] != numbers[1] and len(numbers[0]) == len(numbers[1])
        if is_slip and not is_another_index:
            return near
    return None


def _digits(word: str) -> str:
    return "".join(character for character in word if character.isdigit())


def _edits(word: str, other: str) -> int:
    """How many letters have to be put in, left out, changed or swapped with the next to make one word the other."""
    above: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, start=1):
        above, before, row = row, above, [i]
        for j, wanted in enumerate(other, start=1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != wanted)))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == wanted:
                row[j] = min(row[j], before[j - 2] + 1)
    return row[-1]
