"""National IDs: what is taken, what is refused, and that a refusal never repeats the number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import IdKind, InvalidNationalId, holds_national_id, luhn_holds, masked, new_id, parse_national_id


def _completed(nine: str) -> str:
    return next(nine + str(digit) for digit in range(10) if luhn_holds(nine + str(digit)))


nine_digits = st.builds(
    lambda first, rest: first + rest, st.sampled_from("12"), st.text("0123456789", min_size=8, max_size=8)
)


def test_a_citizens_number_and_a_residents_number_are_told_apart() -> None:
    assert parse_national_id("1000000008") == ("1000000008", IdKind.NATIONAL_ID)
    assert parse_national_id("2000081907")[1] is IdKind.IQAMA


def test_arabic_digits_spaces_and_hyphens_are_read() -> None:
    assert parse_national_id(" ١٠٠٠-٠٠٠٠ ٠٨ ")[0] == "1000000008"


def test_a_border_number_has_no_check_digit_to_fail() -> None:
    assert parse_national_id("3000000001")[1] is IdKind.BORDER_NUMBER


def test_a_moroccan_card_number_is_read_in_capitals() -> None:
    assert parse_national_id("ab12345") == ("AB12345", IdKind.CIN)


@pytest.mark.parametrize(
    "text", ["", "100000000", "10000000080", "7000000003", "1000000009", "2222222222", "AB012345", "ABC1234"]
)
def test_what_is_no_id_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(InvalidNationalId) as refusal:
        parse_national_id(text)
    assert not text or text not in str(refusal.value)


@given(nine_digits, st.integers(1, 9), st.integers(0, 9))
def test_every_single_wrong_digit_is_noticed(nine: str, place: int, digit: int) -> None:
    right = _completed(nine)
    wrong = right[:place] + str(digit) + right[place + 1 :]
    assert luhn_holds(wrong) == (wrong == right)


@pytest.mark.parametrize(
    "text",
    ["1000000008", "هويتها ١٠٠٠٠٠٠٠٠٨ تجريبية", "ID1000000008x", "شقة 12 1000000008", "1 000 000 008", "1000-000-008",
     "1000 0000 08"],
)  # fmt: skip
def test_an_id_within_a_text_is_seen_however_it_is_written(text: str) -> None:
    assert holds_national_id(text)
    assert masked(text).count("*") == 10
    assert "8" not in masked(text)


@pytest.mark.parametrize(
    "text",
    ["", "حي تجريبي", "1000000007", "10000000080", "0500000016", "+1000000008", "966500000001", "2026-10-01 12:30",
     "2026-000123", "3000000001", "0199a000-1000-7000-8000-001000000008", "a" * 20 + "1000000008" + "b" * 4],
)  # fmt: skip
def test_other_numbers_within_a_text_are_let_through(text: str) -> None:
    assert not holds_national_id(text)
    assert masked(text) == text


def test_new_ids_grow_with_time() -> None:
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == 1000
