"""Names that cannot be told apart on a screen: a Greek letter that is drawn as a Latin one, or one in two forms.

Only letters that most fonts draw alike count: α and a, ρ and p, ω and w are different names in every textbook.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοινυϲϹϳͿ"
_LATIN = "ABEZHIKMNOPTYXoivucCjJ"
_AS_LATIN = str.maketrans(_GREEK, _LATIN)


def looks(name: str) -> str:
    """The same text for all names that look alike."""
    if name.isascii():
        return name
    # The composition makes one of the two forms that θ and ϑ, φ and ϕ, ε and ϵ have.
    return unicodedata.normalize("NFKC", name.translate(_AS_LATIN)).translate(_AS_LATIN)


def difference(name: str, other: str) -> str:
    """The first letter of one name that is another letter in the other, in words: `ο is the Greek letter omicron`."""
    pairs: Iterable[tuple[str, str]] = zip(name, other, strict=False)
    mine, theirs = next(((mine, theirs) for mine, theirs in pairs if mine != theirs), (name[:1], other[:1]))
    letter = theirs if mine.isascii() else mine
    called = unicodedata.name(letter, "").removeprefix("GREEK ").replace("SMALL LETTER ", "")
    return f"{letter} is the Greek letter {called.replace('CAPITAL LETTER ', 'capital ').lower()}"
