"""Sealing and finding national IDs."""

import hashlib
from base64 import b64encode

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import NationalId
from shared.vault import Vault

VAULT = Vault(b64encode(bytes(32)).decode())
OTHER = Vault(b64encode(bytes(31) + b"\x01").decode())
ids = st.text("0123456789", min_size=10, max_size=10).map(NationalId)


@given(ids)
def test_what_is_sealed_opens_for_its_owner_only(national_id: NationalId) -> None:
    sealed = VAULT.seal(national_id, "charity/A-1")
    assert VAULT.open(sealed, "charity/A-1") == national_id
    assert national_id.encode() not in sealed
    with pytest.raises(InvalidTag):
        VAULT.open(sealed, "charity/A-2")


def test_the_same_id_is_sealed_differently_each_time_but_found_by_one_token() -> None:
    number = NationalId("1000000008")
    assert VAULT.seal(number, "x") != VAULT.seal(number, "x")
    assert VAULT.tokens(number) == VAULT.tokens(number)


def test_another_key_gives_other_tokens() -> None:
    number = NationalId("1000000008")
    assert VAULT.tokens(number).exact != OTHER.tokens(number).exact
    assert set(VAULT.tokens(number).near).isdisjoint(OTHER.tokens(number).near)


@given(ids, st.integers(0, 9), st.integers(0, 9))
def test_one_wrong_digit_leaves_a_near_token_in_common(number: NationalId, place: int, digit: int) -> None:
    typed = NationalId(number[:place] + str(digit) + number[place + 1 :])
    assert set(VAULT.tokens(number).near) & set(VAULT.tokens(typed).near)


@given(ids, st.integers(0, 8))
def test_two_swapped_neighbours_leave_a_near_token_in_common(number: NationalId, place: int) -> None:
    typed = NationalId(number[:place] + number[place + 1] + number[place] + number[place + 2 :])
    assert set(VAULT.tokens(number).near) & set(VAULT.tokens(typed).near)


def test_ids_that_differ_in_two_far_digits_share_no_near_token() -> None:
    one, other = VAULT.tokens(NationalId("1000000008")), VAULT.tokens(NationalId("1900000098"))
    assert set(one.near).isdisjoint(other.near)


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(b64encode(bytes(16)).decode())


def test_what_stands_for_a_form_is_keyed_so_that_trying_all_ids_finds_none() -> None:
    form = '{"national_id":"1000000008"}'
    assert VAULT.mark(form) == VAULT.mark(form)
    assert VAULT.mark(form) != OTHER.mark(form)
    assert VAULT.mark(form) != hashlib.sha256(form.encode()).hexdigest()
