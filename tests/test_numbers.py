"""How are numbers read from text and written for reading, for JSON and in full?"""

from __future__ import annotations

import json
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.oracle import same

from tui_backprop.charset import Charset
from tui_backprop.numbers import MINUS, NumberError, all_digits, for_json, four_digits, full, read_number, within

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3.0),
        ("-0.5", -0.5),
        ("+2", 2.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("-.5", -0.5),
        ("1e-3", 0.001),
        ("1E+3", 1000.0),
        ("0", 0.0),
        ("-0", -0.0),
        ("0.10", 0.1),
        ("0e9", 0.0),
        ("1e-999", 0.0),
        ("\N{MINUS SIGN}2", -2.0),
        ("1e\N{MINUS SIGN}3", 0.001),
        ("100000000000000000000000", 1e23),
    ],
)
def test_a_decimal_is_read(text: str, value: float) -> None:
    assert same(read_number(text), value)


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        ("", "missing", "0.5"),
        ("010", "leading zero", "octal"),
        ("-00.5", "leading zero", "octal"),
        ("0x1F", "not a decimal", "other number systems"),
        ("-0b1", "not a decimal", "other number systems"),
        ("1_000", "underscore", "without"),
        ("1:30", "not a decimal", "times of day"),
        ("2024-01-31", "not a decimal", "dates"),
        (".nan", "not a finite number", "0.5"),
        ("NaN", "not a finite number", "0.5"),
        ("-.inf", "not a finite number", "0.5"),
        ("infinity", "not a finite number", "0.5"),
        ("1e309", "too large", "smaller"),
        ("-1e309", "too large", "smaller"),
        ("yes", "not a number", "1 or 0"),
        ("off", "not a number", "1 or 0"),
        ("y", "not a number", "1 or 0"),
        ("null", "not a number", "1 or 0"),
        ("~", "not a number", "1 or 0"),
        ("0,5", "comma", "0.5"),
        ("1e", "not a number", "1e-3"),
        ("1.2.3", "not a number", "1e-3"),
        (".", "not a number", "1e-3"),
        ("--1", "not a number", "1e-3"),
        ("1 2", "not a number", "1e-3"),
        ("½", "not a number", "1e-3"),
        ("٣", "not a number", "1e-3"),
        ("1\n", "not a number", "1e-3"),
        ("w", "not a number", "1e-3"),
    ],
)
def test_what_is_no_decimal_is_refused_with_the_reason(text: str, message: str, help: str) -> None:
    with pytest.raises(NumberError) as caught:
        read_number(text)
    assert message in caught.value.message
    assert help in caught.value.help


@given(st.text(alphabet="0123456789+-.eE_xX:,\N{MINUS SIGN} nafi", max_size=8))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    try:
        value = read_number(text)
    except NumberError:
        return
    assert math.isfinite(value)
    assert value == float(text.replace("\N{MINUS SIGN}", "-"))


@given(FINITE)
def test_full_text_reads_back_as_the_same_number(value: float) -> None:
    assert same(read_number(full(value)), value)
    assert same(read_number(all_digits(value)), value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (3.0, "3"),
        (-0.5, "-0.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e22, "1e+22"),
        (1e-7, "1e-07"),
        (5e-324, "5e-324"),
        (0.0, "0"),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
    ],
)
def test_full_text(value: float, written: str) -> None:
    assert full(value) == written


@given(st.floats())
def test_json_holds_any_number(value: float) -> None:
    read = json.loads(json.dumps(for_json(value), allow_nan=False))
    words = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
    assert same(words[read] if isinstance(read, str) else read, value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        # short exact numbers as they are
        (0.0, "0"),
        (-0.0, "0"),
        (3.0, "3"),
        (0.5, "0.5"),
        (-0.5, "−0.5"),
        (2.808, "2.808"),
        (0.0001, "0.0001"),
        (-1200.0, "−1200"),
        (123456.0, "123456"),
        (0.25, "0.25"),
        (100.0, "100"),
        # four digits of the others
        (1 / 3, "0.3333"),
        (-2.4918248, "−2.492"),
        (0.401312339887548, "0.4013"),
        (0.9130152523999526, "0.9130"),
        (12.34567, "12.35"),
        (1234.567, "1235"),
        (123456.7, "123457"),
        (0.00012345678, "0.0001235"),
        (2.00004, "2.000"),
        (0.99999, "1.000"),
        (9999.6, "10000"),
        # the last bits are noise
        (1.7999999999999998, "1.8"),
        (0.30000000000000004, "0.3"),
        (2.0000000000000004, "2"),
        # small and large ones
        (1e-5, "1e−5"),
        (0.000099999, "0.0001000"),
        (1.23456e-5, "1.235e−5"),
        (1.8e-7, "1.8e−7"),
        (1.8000000000000002e-7, "1.8e−7"),
        (1.80004e-7, "1.800e−7"),
        (-2.5e9, "−2.5e9"),
        (1.235e-10, "1.235e−10"),
        (1e6, "1e6"),
        (-1234567.0, "−1.235e6"),
        (999999.9, "1.000e6"),
        (1.5e300, "1.5e300"),
        (5e-324, "4.941e−324"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "NaN"),
    ],
)
def test_four_digits(value: float, written: str) -> None:
    assert four_digits(value) == written


@given(st.floats(-1.79e308, 1.79e308))
def test_four_digits_are_right_to_four_digits_and_short(value: float) -> None:
    written = four_digits(value)
    read = float(written.replace(MINUS, "-"))
    assert abs(read - value) <= 0.0005001 * abs(value) or abs(value) < 1e-307
    assert len(written) <= len("−1.235e−215")
    assert "-" not in written


@given(st.floats())
def test_the_ascii_form_has_only_ascii(value: float) -> None:
    for written in (four_digits(value, "ascii"), all_digits(value, "ascii")):
        assert written.isascii()


@pytest.mark.parametrize(
    ("value", "in_eight_cells"),
    [
        (-0.4012, "−0.4012"),
        (0.0021614, "0.002161"),
        (-0.0021614, "−0.00216"),
        (-0.00021614, "−2.16e−4"),
        (0.00021614, "0.000216"),
        (-1.2346e-15, "−1.2e−15"),
        (-1.2346e-105, "−1e−105"),
        (-123456.7, "−123457"),
    ],
)
def test_a_number_is_written_with_fewer_digits_where_cells_are_few(value: float, in_eight_cells: str) -> None:
    assert within(value, 8) == in_eight_cells
    assert within(value, 20) == four_digits(value)


@given(
    st.floats(-1e308, 1e308) | st.sampled_from([math.nan, math.inf, -math.inf]),
    st.sampled_from([7, 8, 10]),
    st.sampled_from(["unicode", "ascii"]),
)
def test_a_number_in_few_cells_is_the_number_to_the_digits_that_are_left(
    value: float, cells: int, charset: Charset
) -> None:
    written = within(value, cells, charset)
    assert len(written) <= cells or not math.isfinite(value)
    if math.isfinite(value) and value:
        digits = len(re.sub(r"e.*|\D", "", written).lstrip("0"))
        read = float(written.replace(MINUS, "-"))
        assert abs(read - value) <= abs(value) * 10.0 ** (1 - min(digits, 4))
