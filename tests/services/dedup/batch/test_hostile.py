"""Files that would make a linkage quadratic, or fill memory: the work stays in proportion to the records.

Work is counted in pairs compared. The bounds are far below the square of the file, and above what the keys allow: each
of a record's keys brings it together with no more than a few dozen others.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from services.dedup.batch.link import Linked, link
from services.dedup.batch.mapped import Spec, mapped_columns
from services.dedup.batch.mapped_keys import wide_keys
from services.dedup.batch.normalise import normalise_columns
from services.dedup.model import load_model

DAY = date(2026, 11, 22)
PAIRS_A_RECORD = 500
SIZE = 20_000
SIZES = [SIZE, pytest.param(1_000_000, marks=pytest.mark.long)]


def linked(size: int, **typed: Sequence[str | None]) -> Linked:
    columns = {field: pa.chunked_array([pa.array(values, pa.string())]) for field, values in typed.items()}
    records = normalise_columns(columns, np.zeros(size, dtype=np.int32))
    return link(records, load_model(), None, False, DAY, lambda _what, _done: None)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("blank", [None, "", "   ", "لا يوجد", "\u200c\u0640"])
def test_empty_names_meet_nobody(size: int, blank: str | None) -> None:
    found = linked(size, full_name=[blank] * size)
    assert found.candidates == 0
    assert len(np.unique(found.clusters)) == size


@pytest.mark.parametrize("size", SIZES)
def test_one_name_repeated_is_no_quadratic_block(size: int) -> None:
    found = linked(size, full_name=["محمد أحمد علي الحربي"] * size)
    assert found.candidates <= PAIRS_A_RECORD * size


def test_one_person_repeated_in_every_field_is_no_quadratic_block() -> None:
    typed = {"full_name": "محمد أحمد علي الحربي", "national_id": "1000000008", "phone": "0510000000",
             "birth_date": "1990-01-01", "gender": "ذكر", "region": "1", "governorate": "2", "district": "3",
             "address_text": "شارع الأمير سلطان حي السلامة", "household_id_source": "7"}  # fmt: skip
    found = linked(SIZE, **{field: [text] * SIZE for field, text in typed.items()})
    assert found.candidates <= PAIRS_A_RECORD * SIZE


def test_a_default_that_a_whole_file_shares_links_nobody() -> None:
    names = [f"اسم{'ابتثجحخدذر'[n % 10]}{'سشصضطظعغفق'[n // 10 % 10]} بن {n}" for n in range(2_000)]
    found = linked(2_000, full_name=names, phone=["0510000000"] * 2_000, birth_date=["1990-01-01"] * 2_000)
    assert found.candidates <= PAIRS_A_RECORD * 2_000


def test_names_of_ten_thousand_letters_are_cut_and_compared() -> None:
    long = "محمد أحمد " * 1_000
    found = linked(400, full_name=[long + str(n % 7) for n in range(400)])
    assert found.candidates <= PAIRS_A_RECORD * 400


def test_letters_of_no_script_and_marks_alone_are_no_names() -> None:
    odd = ["\0", "😀😀", "12345", "....", "\u202e\u202d", "ً ٌ ٍ", "—", "中文 名字"]
    found = linked(800, full_name=[odd[n % 8] for n in range(800)])
    assert found.candidates <= PAIRS_A_RECORD * 800


def test_a_mapped_column_with_one_value_brings_nobody_together() -> None:
    column = pa.chunked_array([["the same street everywhere"] * SIZE])
    found = mapped_columns({"street": column}, [Spec("street", "text")])
    assert not list(wide_keys(found, {"given": np.zeros(SIZE, dtype=np.int32)}))
