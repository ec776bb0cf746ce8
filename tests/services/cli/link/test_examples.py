"""The mapping that the documentation shows is one that works."""

import re
from pathlib import Path

from services.dedup.batch.inputs import read_inputs
from services.dedup.batch.mapped import Spec

ROOT = Path(__file__).parents[4]
FEBRL = (
    "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth,"
    " soc_sec_id\nrec-1-org, ann, lee, 6, high street, the mill, north end, 4011, wa, 19081209, 1000001\n"
)


def test_the_mapping_of_febrl_uses_every_column(tmp_path: Path) -> None:
    path = tmp_path / "dataset1.csv"
    path.write_text(FEBRL, encoding="utf-8")
    found = read_inputs([path], ROOT / "examples/febrl.mapping.json")
    assert found.layouts[0].unread == ()
    assert set(found.fields) == {"record_id", "given_name", "family_name", "district", "region", "birth_date",
                                 "national_id"}  # fmt: skip
    assert found.specs == (Spec("street_number", "number", 2.0), Spec("street", "text"), Spec("building", "text"),
                           Spec("postcode", "exact"))  # fmt: skip


def test_every_way_to_map_a_column_that_is_documented_is_one(tmp_path: Path) -> None:
    page = (ROOT / "docs/linkage.md").read_text(encoding="utf-8")
    written = re.findall(r'\| `("[^`]+": [^`]+)` \|', page)
    assert len(written) == 6
    mapping, people = tmp_path / "map.json", tmp_path / "people.csv"
    mapping.write_text('{"columns": {' + ", ".join(written) + "}}", encoding="utf-8")
    people.write_text(
        "surname,postcode,address_1,street_number,arrived,remarks\na,1,b,2,2024-01-01,x\n", encoding="utf-8"
    )
    found = read_inputs([people], mapping)
    assert [spec.kind for spec in found.specs] == ["exact", "text", "number", "date"]
    assert (list(found.fields), found.layouts[0].unread) == (["family_name"], ())
