"""Whether the names of a scenario fit together: every one defined, used, and free of circles; and which is the loss."""

from __future__ import annotations

from tui_backprop.errors import MOST_PROBLEMS, Place
from tui_backprop.scenario.csv_columns import column_called
from tui_backprop.scenario.draft import CONSTANT, EQUATION, INPUT, PARAMETER, Draft
from tui_backprop.scenario.fields import LANGUAGE_CONSTANTS, read_scalar
from tui_backprop.scenario.forward_order import find_cycles
from tui_backprop.scenario.look_alikes import difference, looks
from tui_backprop.scenario.nearest import listed, nearest, shown
from tui_backprop.scenario.tree import Node
from tui_backprop.scenario.words import inputs_told

MOST_EXAMPLE_NODES = 10**7

_MOST_SHOWN_OF_A_CYCLE = 12


def check_names(draft: Draft) -> bool:
    """Note names that nothing defines, parameters that nothing uses, and circles; whether there is no circle."""
    missing = _missing(draft) if draft.complete else []
    if draft.complete and draft.equations_read:
        _unused(draft, missing)
    return _cycles(draft)


def _missing(draft: Draft) -> list[str]:
    """Note the names that nothing defines, and return them."""
    missing: dict[str, None] = {}
    for _, name, place in draft.uses:
        if name in draft.definitions or name in LANGUAGE_CONSTANTS or name in draft.refused:
            continue
        missing[name] = None
        message = f"'{shown(name)}' is not defined"
        if draft.has_data:
            message += ", and the data does not give it"
        draft.report.add(place, message, lambda name=name: _missing_help(draft, name))  # type: ignore[misc]
    return list(missing)


def _missing_help(draft: Draft, name: str) -> str:
    alike = draft.names_by_looks.get(looks(name))
    if alike is not None:
        line = draft.definitions[alike].place.line
        return f"the '{shown(alike)}' in line {line} only looks like it: {difference(name, alike)}; write both alike"
    column = _column_help(draft, name)
    if column is not None:
        return column
    meant = _meant(draft, name)
    if len(meant) > 1:
        return f"write {'*'.join(meant)} to multiply"
    sections = "data (an input), parameters (a number to learn), constants or equations"
    return f"did you mean '{meant[0]}'?" if meant else f"define it under {sections}"


def _column_help(draft: Draft, name: str) -> str | None:
    """The help for a name that the table has, but not as an input."""
    table = draft.table
    if table is None:
        return None
    for column, words in draft.one_hot.items():
        if name == column or name.startswith(f"{column}_"):
            return f"one_hot makes inputs of the words of '{shown(column)}': use {inputs_told(column, words)}"
    if name in table.names:
        return f"column {table.names.index(name) + 1} of {table.file} has this name; add it to 'columns'"
    return column_called(table, name)


def _meant(draft: Draft, name: str) -> list[str]:
    """The defined names that are probably meant by one that is not: two where a sign is missing between them."""
    for end in range(1, len(name)):
        left, right = name[:end], name[end:]
        if left != right and left in draft.definitions and right in draft.definitions:
            return [left, right]
    alike = draft.names_by_looks.get(looks(name)) or nearest(name, draft.definitions)
    return [alike] if alike else []


def _unused(draft: Draft, missing: list[str]) -> None:
    """Note the parameters that nothing uses, but for those that are probably meant by a name that is missing."""
    used = {name for _, name, _ in draft.uses}
    # Past as many as are told it makes no difference, and comparing every name with every other one takes its time.
    used.update(name for word in missing[:MOST_PROBLEMS] for name in _meant(draft, word))
    if draft.network is not None:
        for layer in draft.network.layers:
            used.update(layer.biases, *layer.weights)
    for name in draft.names_of(PARAMETER):
        if name not in used:
            message = f"no equation uses the parameter '{shown(name)}'"
            draft.report.add(draft.definitions[name].place, message, "use it in an equation, or remove it")


def _cycles(draft: Draft) -> bool:
    cycles = find_cycles(draft.operands)
    places = {(equation, name): place for equation, name, place in draft.uses}
    for cycle in cycles:
        following = cycle[1] if len(cycle) > 1 else cycle[0]
        place = places.get((cycle[0], following), draft.definitions[cycle[0]].place)
        if len(cycle) == 1:
            message = f"'{shown(cycle[0])}' is computed from itself: {shown(cycle[0])} -> {shown(cycle[0])}"
        else:
            names = [shown(name) for name in (*cycle, cycle[0])]
            if len(names) > _MOST_SHOWN_OF_A_CYCLE:
                names[_MOST_SHOWN_OF_A_CYCLE // 2 : -_MOST_SHOWN_OF_A_CYCLE // 2] = ["…"]
            message = f"these equations need each other in a circle: {' -> '.join(names)}"
        draft.report.add(place, message, "compute one of them from something else")
    return not cycles


def find_loss(draft: Draft, node: Node | None, place: Place, acyclic: bool) -> str | None:
    """The node to differentiate: the one that is named, else the network's cost, else the only equation that no other
    one uses. The last activations of a network may be left unused.

    `place` is where the equations begin, for saying that there are several.
    """
    if node is not None:
        return _named_loss(draft, node)
    if not (draft.complete and draft.equations_read and acyclic):
        return None
    used = set().union(*draft.operands.values())
    network = draft.network
    if network is not None and network.cost and network.cost not in used:
        return network.cost
    neurons = network.layers[-1].activations if network is not None else ()
    unused = [name for name in draft.equations if name not in used and name not in neurons]
    if network is not None and not unused:
        message = "'network' has no 'cost', and no equation makes a loss of its activations"
        example = f"L: ({shown(neurons[0])} - 1)^2"
        draft.report.add(place, message, f"write targets and a cost, or under 'equations' a loss such as {example}")
    if len(unused) > 1 and not all(name in draft.definitions or name in LANGUAGE_CONSTANTS for name in used):
        # The misspelled name may be the one that would use them.
        return None
    if len(unused) > 1:
        message = f"several equations are not used by any other, so which is the loss? {listed(unused, 20)}"
        draft.report.add(place, message, f"say which one to differentiate: loss: {shown(unused[-1])}")
        return None
    return unused[0] if unused else None


def _named_loss(draft: Draft, node: Node) -> str | None:
    scalar = read_scalar(draft.report, node, "'loss'", "write the name of an equation")
    if scalar is None or scalar.text in draft.equations:
        return scalar.text if scalar else None
    name = scalar.text
    definition = draft.definitions.get(name)
    if definition is not None and definition.kind != EQUATION:
        draft.report.add(scalar.place, f"the loss '{shown(name)}' is {definition.kind}", "name an equation")
    elif definition is None and draft.complete and name not in draft.refused:
        names = draft.names_of(EQUATION)
        otherwise = f"the equations are {listed(names, 20)}"
        draft.report.add_unknown(scalar.place, f"the loss '{shown(name)}' is not an equation", name, names, otherwise)
    return None


def check_size(draft: Draft, place: Place) -> bool:
    """Whether a run is small enough to keep, with a problem noted where not: `place` is where the data is."""
    nodes = len(draft.names_of(CONSTANT, PARAMETER, INPUT, EQUATION))
    examples = draft.example_count or 1
    if nodes * examples > MOST_EXAMPLE_NODES:
        message = (
            f"{examples:,} examples × {nodes:,} nodes are {nodes * examples:,}; the limit is {MOST_EXAMPLE_NODES:,}"
        )
        draft.report.add(place, message, "use fewer examples, or a smaller network")
    return nodes * examples <= MOST_EXAMPLE_NODES
