"""`sijill simulate`: registrations of invented people as a sheet, and who they truly are as another."""

import csv
from pathlib import Path
from typing import Any

from rich.console import Console

from services.cli.simulate import HEAVY, USUAL, labelled_registrations

HEADINGS = ("record_id", "charity_id", "source_ref", "full_name", "full_name_latin", "national_id", "birth_date",
             "gender", "phone", "region", "governorate", "district", "household_id_source", "household_role",
             "address_text")  # fmt: skip
_NOISE = {"usual": USUAL, "heavy": HEAVY}
_PARTS = {"year": 4, "month": 7, "day": 10}  # letters of YYYY-MM-DD


def simulate(records: int, out: Path, noise: str, seed: int, console: Console) -> int:
    """The exit status. Memory does not grow with the number of records."""
    truth = out.with_name(f"{out.stem}.truth{out.suffix}")
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", newline="", encoding="utf-8") as sheet, truth.open("w", newline="", encoding="utf-8") as answers:
        typed, people = csv.writer(sheet), csv.writer(answers)
        typed.writerow(HEADINGS)
        people.writerow(("record_id", "person_id"))
        for number, each in enumerate(labelled_registrations(records, seed, _NOISE[noise]), start=1):
            typed.writerow((number, each.charity, *row(each.applicant)))
            people.writerow((number, each.truth_person))
    console.print(f"{records:,} registrations: {out}; the truth: {truth}", soft_wrap=True, highlight=False)
    return 0


def row(applicant: dict[str, Any]) -> tuple[str | None, ...]:
    """The cells after `record_id` and `charity_id`."""
    address, household = applicant["address"], applicant["household"]
    return (
        applicant["source_ref"], applicant["name"], applicant["name_latin"], applicant["national_id"],
        _birth(applicant["birth_date"]), applicant["gender"], "; ".join(applicant["phones"]),
        *_zone(address["zone"]), household["ref"], household["role"], address["text"],
    )  # fmt: skip


def _birth(birth: dict[str, str] | None) -> str | None:
    return birth["value"][: _PARTS[birth["precision"]]] if birth else None


def _zone(code: str | None) -> tuple[str | None, str | None, str | None]:
    """Region, governorate and district: SA-02-02-04294 lies in SA-02-02, and that in SA-02."""
    if code is None:
        return None, None, None
    parts = code.split("-")
    above = ["-".join(parts[:size]) if len(parts) >= size else None for size in (2, 3, 4)]
    return above[0], above[1], above[2]
