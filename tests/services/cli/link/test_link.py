"""`sijill simulate`, `link`, `evaluate` and `names` as a person at a terminal uses them."""

import csv
import json
from pathlib import Path

import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from services.cli.main import app


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,500 simulated registrations, the truth beside them."""
    path = tmp_path_factory.mktemp("simulated") / "people.csv"
    run("simulate", "--records", "1500", "--out", str(path), "--seed", "3")
    return path


def run(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == status, result.output
    return result.output


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_gives_the_same_file(sheet: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.csv"
    run("simulate", "--records", "1500", "--out", str(again), "--seed", "3")
    assert again.read_bytes() == sheet.read_bytes()


def test_a_file_is_linked_and_judged(sheet: Path, tmp_path: Path) -> None:
    truth = sheet.with_name("people.truth.csv")
    said = run("link", str(sheet), "--out", str(tmp_path), "--truth", str(truth))
    assert "F1 0.9" in said
    clusters = rows(tmp_path / "clusters.csv")
    assert [row["record_id"] for row in clusters] == [row["record_id"] for row in rows(sheet)]
    assert "F1 0.9" in run("evaluate", "--clusters", str(tmp_path / "clusters.csv"), "--truth", str(truth))


def test_the_evidence_of_a_pair_and_the_prior_make_its_probability(sheet: Path, tmp_path: Path) -> None:
    run("link", str(sheet), "--out", str(tmp_path))
    model = json.loads((tmp_path / "model.json").read_bytes())
    pair = pyarrow.parquet.read_table(tmp_path / "pairs.parquet").to_pylist()[-1]
    bits = sum(value for name, value in pair.items() if name.startswith("bits_"))
    odds = 2**bits * model["prior"] / (1 - model["prior"])
    assert pair["probability"] == pytest.approx(odds / (1 + odds), rel=1e-3)


def test_a_model_learned_once_is_used_again(sheet: Path, tmp_path: Path) -> None:
    run("link", str(sheet), "--out", str(tmp_path / "first"))
    run("link", str(sheet), "--out", str(tmp_path / "second"), "--model", str(tmp_path / "first/model.json"))
    versions = [json.loads((tmp_path / each / "model.json").read_bytes())["version"] for each in ("first", "second")]
    assert versions[0] == versions[1]


def test_the_report_needs_nothing_from_elsewhere_and_quotes_nobody(sheet: Path, tmp_path: Path) -> None:
    run("link", str(sheet), "--out", str(tmp_path))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "http" not in page
    assert "<svg" in page
    typed = {row[column] for row in rows(sheet) for column in ("full_name", "national_id", "phone")} - {""}
    assert not [value for value in typed if value in page]


def test_arabic_headings_and_windows_encoding_are_read(tmp_path: Path) -> None:
    text = "رقم السجل;الاسم الرباعي;تاريخ الميلاد;الجوال\n" + "".join(
        f"{n};محمد أحمد سعد الحربي {'' if n % 2 else 'القحطاني'};198{n % 7}-03-1{n % 5};05012345{n // 2:02d}\n"
        for n in range(40)
    )
    path = tmp_path / "sheet.csv"
    path.write_bytes(text.encode("cp1256"))
    said = run("link", str(path), "--out", str(tmp_path / "out"))
    assert "الاسم الرباعي → full_name" in said
    assert len(rows(tmp_path / "out/clusters.csv")) == 40


def test_a_mapping_names_the_columns(tmp_path: Path) -> None:
    path, mapping = tmp_path / "in.csv", tmp_path / "map.json"
    families = ("Benali", "Idrissi", "Alami", "Tazi")
    path.write_text(
        "key,who,call,car\n"
        + "".join(f"{n},Salma {families[n % 4]},+21261200{n // 2:04d},{n // 2}-B\n" for n in range(60)),
        encoding="utf-8",
    )
    columns = {"key": "record_id", "who": "full_name", "call": "phone", "car": {"compare": "exact", "name": "plate"}}
    mapping.write_text(json.dumps({"columns": columns}), encoding="utf-8")
    said = run("link", str(path), "--out", str(tmp_path / "out"), "--map", str(mapping))
    assert "who → full_name" in said
    assert "car → plate: compared as exact" in said
    assert "bits_plate" in pyarrow.parquet.read_schema(tmp_path / "out/pairs.parquet").names


@pytest.mark.parametrize(("text", "said"), [
    ("record_id,colour\n1,red\n", "no column says anything of a person"),
    ("record_id,full_name\n", "it has no rows"),
    ("record_id,full_name\n1,Ali\n1,Omar\n", "1 record_ids stand for two records"),
    ("full_name,full_name\nAli,Ali\n", "two columns have one heading"),
    ("record_id,full_name\n1,Ali\n2,Zoubida\n", "nothing could be learned"),
])  # fmt: skip
def test_what_cannot_be_linked_is_told_plainly(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(text, encoding="utf-8")
    assert said in run("link", str(path), "--out", str(tmp_path / "out"), status=1)


def test_truth_of_other_records_is_refused(sheet: Path, tmp_path: Path) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("record_id,person_id\nnobody,1\n", encoding="utf-8")
    found = run("evaluate", "--clusters", str(sheet), "--truth", str(truth), status=1)
    assert "1 records of the truth" in found


def test_names_are_scored_one_by_one_and_by_the_file(tmp_path: Path) -> None:
    assert run("names", "محمد الحربي", "Mohammed Al-Harbi").startswith("0.9")
    pairs, out = tmp_path / "pairs.csv", tmp_path / "out.csv"
    pairs.write_text("a,b\nنورة سعد,Noura Saad\nنورة سعد,Khalid Omar\n", encoding="utf-8")
    run("names", "--pairs", str(pairs), "--out", str(out))
    scores = [float(row["score"]) for row in rows(out)]
    assert scores[0] > 0.5 > scores[1]
