"""What the register itself says after the load: coverage as the coordinator sees it, duplicates as the auditor does."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.cli.client import Api
from services.cli.demo.doors import COUNTRY, Doors
from services.cli.demo.score import Pair

GOVERNORATES = 2
REPORT = Path("report")
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Figures:
    """coverage: of the country, by governorate. findings: all open ones. csv, json: where the report is."""

    coverage: Mapping[str, Any]
    counts: Mapping[str, Any]
    findings: list[Mapping[str, Any]]
    csv: Path
    json: Path

    def pairs(self, certainty: str | None = None) -> set[Pair]:
        """The two requests of each finding, of all certainties or of one."""
        return {
            frozenset((each["later"]["request"], each["earlier"]["request"]))
            for each in self.findings
            if certainty in (None, each["certainty"])
        }


async def collect(doors: Doors, data_dir: Path) -> Figures:
    """Ask both, and save the auditor's report below the data directory."""
    coverage = await doors.coordinator.get("/v1/coverage/overlap", zone=COUNTRY, level=GOVERNORATES)
    report = await _report(doors.auditor)
    folder = data_dir / REPORT
    folder.mkdir(parents=True, exist_ok=True)
    csv_file, json_file = folder / "duplicates.csv", folder / "duplicates.json"
    text = await doors.auditor.text("/v1/reports/duplicates", "text/csv", format="csv", state="open", bom="true")
    csv_file.write_bytes(text.encode("utf-8"))
    json_file.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")
    return Figures(coverage, report["counts"]["total"], report["findings"], csv_file, json_file)


async def _report(auditor: Api) -> dict[str, Any]:
    """The report with all its pages in one."""
    whole: dict[str, Any] = await auditor.get("/v1/reports/duplicates", state="open", limit=_PAGE)
    following = whole["next"]
    while following:
        page = await auditor.get("/v1/reports/duplicates", state="open", limit=_PAGE, cursor=following)
        whole["findings"] += page["findings"]
        following = page["next"]
    return whole | {"next": None}
