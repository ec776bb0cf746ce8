"""`sijill simulate`: registrations of invented people as a sheet, and who they truly are as another."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console

from services.cli.simulate import HEAVY, USUAL, LabelledRegistration, labelled_registrations
from services.cli.whole import Unwritable, whole

HEADINGS = ("record_id", "charity_id", "source_ref", "full_name", "full_name_latin", "national_id", "birth_date",
             "gender", "phone", "region", "governorate", "district", "household_id_source", "household_role",
             "address_text")  # fmt: skip
_NOISE = {"usual": USUAL, "heavy": HEAVY}
INTERRUPTED = 130
_PARTS = {"year": 4, "month": 7, "day": 10}  # letters of YYYY-MM-DD


def simulate(records: int, out: Path, noise: str, seed: int, console: Console) -> int:
    """The exit status: 0; 1 where nothing can be written, INTERRUPTED when it was broken off: then there is no file."""
    truth = out.with_name(f"{out.stem}.truth{out.suffix}")
    try:
        with whole(out) as sheet, whole(truth) as answers:
            _write(sheet, answers, labelled_registrations(records, seed, _NOISE[noise]))
    except Unwritable as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        console.print("interrupted; nothing was written", style="red")
        return INTERRUPTED
    console.print(f"{records:,} registrations: {out}; the truth: {truth}", soft_wrap=True, highlight=False)
    return 0


def _write(sheet_at: Path, truth_at: Path, registrations: Iterable[LabelledRegistration]) -> None:
    """Memory does not grow with the number of registrations."""
    with (
        sheet_at.open("w", newline="", encoding="utf-8") as sheet,
        truth_at.open("w", newline="", encoding="utf-8") as answers,
    ):
        typed, people = csv.writer(sheet), csv.writer(answers)
        typed.writerow(HEADINGS)
        people.writerow(("record_id", "person_id"))
        for number, each in enumerate(registrations, start=1):
            typed.writerow((number, each.charity, *row(each.applicant)))
            people.writerow((number, each.truth_person))


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
