"""National IDs: what is taken, what is refused, and that a refusal never repeats the number."""

import re

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
     "1000 0000 08", "10000 00008", "1000 00 0008", "1.000.000.008", "10000/00008", "10000_00008", "1,000,000,008",
     "1 0 0 0 0 0 0 0 0 8", "10000\u200d00008", "1\u200b0\u200b0\u200b0\u200b0\u200b0\u200b0\u200b0\u200b0\u200b8",
     "10000\u00a000008", "10000 - 00008", "１００００００００８", "١٠٠٠٠/٠٠٠٠٨", "+1000000008", "00 1000000008",
     "+966 1000000008", "0500000001 1000000008", "+966500000001 1000000008", "+966 50 000 0001 1000000008",
     "1000000008-1", "2026-10-01 1000000008"],
)  # fmt: skip
def test_an_id_within_a_text_is_seen_however_it_is_written(text: str) -> None:
    assert holds_national_id(text)
    assert masked(text).count("*") == 10
    assert not holds_national_id(masked(text))


@pytest.mark.parametrize(
    "text",
    ["", "حي تجريبي", "1000000007", "10000000080", "0500000016", "966500000001", "2026-10-01 12:30", "2026-000123",
     "2026-10-0014", "1448/000004", "20/10/2012 - 31/12/2026", "2012-10-10 18", "2026-10-01/2026-12-31",
     "3000000001", "0199a000-1000-7000-8000-001000000008", "a" * 20 + "1000000008" + "b" * 4],
)  # fmt: skip
def test_other_numbers_within_a_text_are_let_through(text: str) -> None:
    assert not holds_national_id(text)
    assert masked(text) == text


@given(nine_digits.map(_completed), st.lists(st.sampled_from(" -./_\u200d\u00a0"), min_size=9, max_size=9), st.data())
def test_no_grouping_of_its_digits_hides_an_id_but_that_of_a_date_or_of_a_number_of_a_year(
    number: str, separators: list[str], data: st.DataObject
) -> None:
    kept = [separator if data.draw(st.booleans()) else "" for separator in separators]
    text = "".join(digit + separator for digit, separator in zip(number, [*kept, ""], strict=True))
    if not re.match(r"(13|14|19|20)\d\d[-./]|\d{1,2}[-./]\d{1,2}[-./]", text):
        assert holds_national_id(text)


@pytest.mark.parametrize(
    "pattern",
    ["05{}", "050 {:.7}", "+9665{}", "+966 5{:.1} {:.3} {:.4}", "009665{}", "+966 (5{:.1}) {:.3} {:.4}", "+9661{}",
     "01{}", "+201{}0", "+20 1{}0", "+20 10 {:.4} {:.4}", "+212 6 {:.2} {:.2} {:.2} {:.2}", "+2126{}", "+8801{}0",
     "+1 2{:.2} {:.3} {:.4}", "2026-00{:.4}", "1448/00{:.4}"],
)  # fmt: skip
def test_a_telephone_or_file_number_is_never_taken_for_an_id(pattern: str) -> None:
    for number in range(200):
        eight = f"{number * 503_017 % 10**8:08}"
        text = pattern.format(*[eight] * 5)
        assert not holds_national_id(text), text


def test_new_ids_grow_with_time() -> None:
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == 1000
