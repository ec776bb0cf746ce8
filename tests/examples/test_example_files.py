"""The example files hold what their README says: the doubles, the look-alikes and the mistakes."""

import csv
import json
import re
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from services.cli.simulate import load_policies
from shared.arabic import ascii_digits
from shared.calendar import Calendar, ImpossibleDate, parse_day
from shared.ids import InvalidNationalId, parse_national_id

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
POLICIES = load_policies()
EXPECTED = json.loads((EXAMPLES / "expected.json").read_text(encoding="utf-8"))
MAPPING = json.loads((EXAMPLES / "jeddah-food.mapping.json").read_text(encoding="utf-8"))
BIR, WOMEN, FOOD = "jeddah-bir.csv", "jeddah-women.csv", "jeddah-food.csv"
Key = tuple[str, str]


@dataclass(frozen=True)
class Kept:
    """What the tests need of one row; `starts` and `ends` as written, turned round to YYYY-MM-DD."""

    national_id: str
    birth: str
    zone: str
    aid_word: str
    starts: str
    ends: str
    amount: str
    calendar: Calendar


COLUMNS = {
    BIR: (
        "رقم المستفيد", "رقم الهوية", "تاريخ الميلاد هـ", "رمز الحي",
        "نوع المساعدة", "من تاريخ هـ", "إلى تاريخ هـ", "المبلغ",
    ),
    WOMEN: ("File No", "National ID", "Date of Birth", "Zone Code", "Aid Type", "From", "To", "Amount"),
    FOOD: ("كود", "سجل مدني", "م. الميلاد", "كود الحارة", "البند", "يبدأ", "ينتهي", ""),
}  # fmt: skip
READ_AS = {BIR: ("utf-8-sig", ","), WOMEN: ("utf-8", ","), FOOD: ("cp1256", ";")}


def iso(text: str) -> str:
    """`12/03/1979`, `١٤٠٥/٠٧/٠١` or an ISO date as YYYY-MM-DD; a year alone as its 1 Rajab."""
    bare = ascii_digits(text).replace("/", "-")
    if found := re.fullmatch(r"(\d\d)-(\d\d)-(\d{4})", bare):
        return "-".join(reversed(found.groups()))
    return f"{bare}-07-01" if re.fullmatch(r"\d{4}", bare) else bare


def rows_of(name: str) -> dict[Key, Kept]:
    encoding, delimiter = READ_AS[name]
    ref, *rest = COLUMNS[name]
    with (EXAMPLES / name).open(encoding=encoding, newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=delimiter))
    calendar = Calendar.HIJRI if name == BIR else Calendar.GREGORIAN
    kept = {}
    for row in rows:
        number, birth, zone, aid_word, starts, ends, amount = (row.get(column, "") for column in rest)
        number = ascii_digits(number)
        kept[name, row[ref]] = Kept(
            number, iso(birth), zone, aid_word, iso(starts), iso(ends), ascii_digits(amount), calendar
        )
    assert len(kept) == len(rows), "a reference is used twice"
    return kept


ROWS = {key: kept for name in COLUMNS for key, kept in rows_of(name).items()}
MISTAKES = {(m["file"], m["ref"]): m["field"] for m in EXPECTED["mistakes"]}


def aid_types() -> dict[str, str]:
    """Every word for an aid type that the files may use -> its code."""
    path = ROOT / "services/registry/aid/data/aid_types.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        types = list(csv.DictReader(lines))
    words = {row[name]: row["code"] for row in types for name in ("name_ar", "name_en")}
    return words | dict(MAPPING["words"]["aid_type"])


def days(kept: Kept) -> tuple[date, date]:
    return parse_day(kept.starts, kept.calendar), parse_day(kept.ends, kept.calendar)


def same_help_at_one_time(one: Kept, other: Kept) -> bool:
    types = aid_types()
    a, b = types[one.aid_word], types[other.aid_word]
    policy = POLICIES[b]
    (a_start, a_end), (b_start, b_end) = days(one), days(other)
    apart = (max(a_start, b_start) - min(a_end, b_end)).days
    return policy.concurrency == "forbidden" and a in {b, *policy.conflicts_with} and apart <= policy.cool_down_days


def pairs(kind: str) -> list[Any]:
    return [
        pytest.param([(row["file"], row["ref"]) for row in case["rows"]], id=f"{kind}-{case['case']}-{number}")
        for number, case in enumerate(EXPECTED[kind])
    ]


@pytest.mark.parametrize("name", [BIR, WOMEN, FOOD])
def test_a_file_has_sixty_rows(name: str) -> None:
    assert sum(file == name for file, _ in ROWS) == 60


@pytest.mark.parametrize("keys", [*pairs("caught"), *pairs("alike")])
def test_the_rows_of_a_case_exist_and_are_of_two_charities(keys: list[Key]) -> None:
    assert all(key in ROWS for key in keys)
    assert len({file for file, _ in keys}) == 2


@pytest.mark.parametrize("keys", pairs("caught"))
def test_a_double_to_be_caught_is_the_same_help_at_one_time(keys: list[Key]) -> None:
    assert same_help_at_one_time(*(ROWS[key] for key in keys))


def test_ids_are_shared_by_rows_of_one_planned_case_only() -> None:
    planned = {
        frozenset((row["file"], row["ref"]) for row in case["rows"])
        for kind in ("caught", "alike")
        for case in EXPECTED[kind]
    }
    shared = {
        frozenset((a, b))
        for a, b in combinations(ROWS, 2)
        if ROWS[a].national_id and ROWS[a].national_id == ROWS[b].national_id
    }
    within_one_household = {frozenset(k) for k in shared if len({file for file, _ in k}) == 1}

    assert len(shared) >= 8
    assert within_one_household == set()
    # the wife of case 14 and the son of case 15 each have a second row in the charity that knows the house
    assert len(shared - planned) == 2


@pytest.mark.parametrize(("key", "field"), MISTAKES.items(), ids=lambda value: str(value[-1]))
def test_a_planned_mistake_is_one(key: Key, field: str) -> None:
    row = ROWS[key]
    match field:
        case "applicant.national_id":
            with pytest.raises(InvalidNationalId):
                parse_national_id(row.national_id)
        case "applicant.birth_date":
            with pytest.raises(ImpossibleDate):
                parse_day(row.birth, row.calendar)
        case "period":
            starts, ends = days(row)
            assert ends < starts
        case "applicant.address.zone":
            assert row.zone not in zone_codes()
        case "amount":
            assert float(row.amount) < 0
        case "aid_type":
            assert row.aid_word not in aid_types()
        case _:
            pytest.fail(f"no check for {field}")


def test_every_other_row_is_right_in_every_field() -> None:
    zones, types = zone_codes(), aid_types()
    for key, row in ROWS.items():
        if key in MISTAKES:
            continue
        if row.national_id:
            parse_national_id(row.national_id)
            assert row.national_id[:2] in {"19", "29"}
        if row.birth:
            parse_day(row.birth, row.calendar)
        starts, ends = days(row)
        assert starts <= ends
        assert row.zone in zones | {""}
        assert row.aid_word in types


def test_the_readme_names_every_row_of_every_case() -> None:
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    cases = [row for kind in ("caught", "alike") for case in EXPECTED[kind] for row in case["rows"]]

    assert [row for row in [*cases, *EXPECTED["mistakes"]] if f"`{row['ref']}`" not in readme] == []


def test_the_mapping_names_every_column_of_its_file() -> None:
    with (EXAMPLES / FOOD).open(encoding=MAPPING["encoding"], newline="") as lines:
        heading = next(csv.reader(lines, delimiter=MAPPING["delimiter"]))

    assert list(MAPPING["columns"]) == heading


def zone_codes() -> set[str]:
    with (ROOT / "services/registry/zones/data/zones.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"] for row in csv.DictReader(lines)}
