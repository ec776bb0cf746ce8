"""National IDs are nowhere in clear: a house is used through every door, and all that it keeps and says is scanned."""

import http.server
import re
import threading
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import httpx
import orjson
import pytest
import pytest_asyncio

from shared.arabic import ascii_digits
from tests import houses
from tests.houses import Client, Town

pytestmark = pytest.mark.asyncio(loop_scope="module")
IDS = {
    "single": "1023456781", "batch": "1034567899", "check": "1045678909", "amend": "1056789017",
    "arabic": "1067890127", "spaced": "2078901234", "resident": "2089012344", "wrong": "1090123454",
    "note": "1101234563", "address": "1112345671", "source_ref": "1123456780", "household": "1134567898",
    "name": "1145678908", "phone": "1156789016", "key": "1167890126", "call": "1178901235",
    "path": "1189012345", "query": "1190123453", "reason": "1201234562",
}  # fmt: skip
ARABIC, PERSIAN = "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"


class Sink(http.server.BaseHTTPRequestHandler):
    """Takes traces as a collector does, and keeps them."""

    taken: list[bytes]

    def do_POST(self) -> None:
        self.taken.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing to say."""


@pytest.fixture(scope="module")
def traces() -> Iterator[list[bytes]]:
    """What the house sends to its collector of traces."""
    Sink.taken = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sink) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIJILL_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_address[1]}/v1/traces")
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
        patch.setenv("SIJILL_LOG_LEVEL", "DEBUG")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Sink.taken
        server.shutdown()
        thread.join()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(traces: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with houses.town(tmp_path_factory.mktemp("house")) as running:
        yield running


def spellings(number: str) -> dict[str, bytes]:
    """What the number looks like in clear, written in each way that would give it away."""
    found = {"in clear": number, "reversed": number[::-1]}
    for name, digits in (("Arabic-Indic", ARABIC), ("Persian", PERSIAN)):
        other = number.translate(str.maketrans("0123456789", digits))
        found |= {name: other, f"{name} in JSON": orjson_escaped(other), f"{name} in a URL": quote(other)}
    written = {name: text.encode() for name, text in found.items()}
    written |= {"UTF-16": number.encode("utf-16-le"), "hex": number.encode().hex().encode()}
    for shift in range(3):
        coded = b64encode(b"\0" * shift + number.encode())
        written[f"base64, shifted {shift}"] = coded[(0, 2, 3)[shift] : (-4, -3, -1)[shift] - 1]
    return written


def orjson_escaped(text: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


def scan(places: dict[str, bytes], numbers: dict[str, str]) -> list[str]:
    """Where which of the numbers is found, in which spelling."""
    return [
        f"{name} in {place}, {spelling}"
        for name, number in numbers.items()
        for spelling, written in spellings(number).items()
        for place, content in places.items()
        if written in content or (spelling == "hex" and written in content.lower())
    ]


async def tables(town: Town) -> dict[str, bytes]:
    """Every table of the database as text and, column by column, the bytes that it keeps as such."""
    connection = await asyncpg.connect(town.house.admin_url)
    try:
        names = await connection.fetch(
            "SELECT format('%I.%I', n.nspname, c.relname) AS name,"
            " coalesce((SELECT array_agg(a.attname) FROM pg_attribute AS a WHERE a.attrelid = c.oid"
            " AND a.atttypid = 'bytea'::regtype AND NOT a.attisdropped), '{}') AS raw"
            " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm')"
            " AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname <> 'information_schema'"
        )
        found = {}
        for each in names:
            rows = await connection.fetch(f"SELECT t::text AS row FROM {each['name']} AS t")
            found[each["name"]] = "\n".join(row["row"] for row in rows).encode()
            for column in each["raw"]:
                values = await connection.fetch(f'SELECT "{column}" AS value FROM {each["name"]}')
                found[f"{each['name']}.{column}"] = b"\n".join(row["value"] or b"" for row in values)
        return found
    finally:
        await connection.close()


def files(directory: Path) -> dict[str, bytes]:
    """All files of the house, those of the database's cluster included."""
    places = [directory]
    pointer = directory / "postgres" / "location"
    if pointer.exists():
        places.append(Path(pointer.read_text("utf-8").strip()))
    return {str(path): path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()}


def form(source_ref: str, national_id: str | None = None, **applicant: Any) -> dict[str, Any]:
    person = {"source_ref": source_ref, "name": f"نورة {source_ref} التجريبية", **applicant}
    if national_id is not None:
        person["national_id"] = national_id
    period = {"start": "2026-12-01", "end": "2026-12-31"}
    return {"applicant": person, "aid_type": "FOOD_BASKET", "period": period}


async def stores(town: Town, charity: Client) -> list[httpx.Response]:
    """The right doors for an ID: single, batch, check, amendment; in any digits."""
    spaced = f"{IDS['spaced'][0]} {IDS['spaced'][1:4]} {IDS['spaced'][4:7]} {IDS['spaced'][7:]}"
    arabic = IDS["arabic"].translate(str.maketrans("0123456789", ARABIC))
    answers = [
        await post(town, charity, form(f"S-{place}", number))
        for place, number in enumerate((IDS["single"], arabic, spaced, IDS["resident"]))
    ]
    lines = orjson.dumps(form("B-1", IDS["batch"])) + b"\n" + orjson.dumps(form("B-2", wrong()))
    as_lines = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "b"}
    answers.append(await town.call(charity, "POST", "/v1/aid-requests:batch", content=lines, headers=as_lines))
    answers.append(await town.call(charity, "POST", "/v1/overlap-checks", json=form("C-1", IDS["check"])))
    path, changed = answers[0].headers["location"], form("S-0", IDS["amend"])["applicant"]
    answers.append(await town.call(charity, "PATCH", path, json={"applicant": changed}, headers={"If-Match": "*"}))
    answers.append(await post(town, charity, form("K-1"), key=IDS["key"]))
    assert [answer.status_code for answer in answers] == [201] * 4 + [200, 200, 200, 201], [a.text for a in answers]
    return answers


def wrong() -> str:
    return IDS["wrong"][:-1] + str((int(IDS["wrong"][-1]) + 1) % 10)


async def refuses(town: Town, charity: Client) -> list[httpx.Response]:
    """The wrong places for an ID; each is told to be one."""
    typed = [
        form("W-1") | {"note": f"هويتها {IDS['note']}"},
        form("W-2", address={"text": f"حي {IDS['address']}"}),
        form(IDS["source_ref"]),
        form("W-4", household={"ref": IDS["household"]}),
        form("W-5", name=f"نورة {IDS['name'].translate(str.maketrans('0123456789', ARABIC))}"),
        form("W-6", phones=[IDS["phone"]]),
    ]
    answers = [await post(town, charity, each) for each in typed]
    for answer in answers:
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "national_id_in_text"), answer.text
    answers.append(await post(town, charity, form("W-7", wrong())))
    own = (await town.call(charity, "GET", "/v1/aid-requests")).json()["items"][0]["id"]
    answers.append(await town.call(charity, "POST", f"/v1/aid-requests/{own}/cancellation",
                                   json={"reason": f"مكرر {IDS['reason']}"}, headers={"If-Match": "*"}))  # fmt: skip
    answers.append(await town.call(charity, "GET", "/v1/aid-requests", params={"cursor": IDS["query"]}))
    answers.append(await town.call(charity, "GET", "/v1/charities", headers={"X-Request-Id": IDS["call"]}))
    answers.append(await town.call(charity, "GET", f"/v1/aid-requests/{IDS['path']}"))
    assert [answer.status_code for answer in answers[6:]] == [422, 422, 422, 200, 422], [a.text for a in answers[6:]]
    return answers


async def post(town: Town, charity: Client, body: dict[str, Any], key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": key or body["applicant"]["source_ref"]}
    return await town.call(charity, "POST", "/v1/aid-requests", json=body, headers=headers)


async def force_errors(town: Town) -> None:
    """Statements with personal data fail in the database, which writes to its own log."""
    connection = await asyncpg.connect(town.house.admin_url)
    try:
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute("UPDATE registry.registration SET name = NULL, name_latin = NULL")
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute("SELECT 1 / length($1::text) - 1 / (length($1::text) - 10)", IDS["single"])
    finally:
        await connection.close()
    assert "ERROR" in town.database_log()


async def test_no_id_is_in_clear_in_tables_files_logs_traces_answers_or_metrics(
    town: Town, traces: list[bytes]
) -> None:
    charity = await town.new_charity("all doors")
    answers = await stores(town, charity) + await refuses(town, charity)
    await force_errors(town)
    await town.settled()
    await houses.until(lambda: heard_of(traces, b"/v1/aid-requests/**********"))

    places = {f"table {name}": content for name, content in (await tables(town)).items()}
    places |= {
        f"answer {number}": str(answer.headers).encode() + answer.content for number, answer in enumerate(answers)
    }
    places |= {f"traces {number}": content for number, content in enumerate(list(traces))}
    for name, url in town.house.urls.items():
        places[f"metrics of {name}"] = (await town.http.get(f"{url}/metrics")).content
    places |= files(town.house.data_dir)

    assert sum(name.endswith(".log") for name in places) >= len(town.house.pids)
    assert len(re.findall(rb"\(", places["table registry.registration"])) >= 6
    found = scan(places, IDS | {"wrong": wrong()})
    assert found == [], "\n".join(found)


async def heard_of(traces: list[bytes], path: bytes) -> bool:
    return any(path in each for each in traces)


async def test_the_scan_finds_an_id_however_it_is_written(town: Town) -> None:
    """The positive control: planted in the database, in each spelling, it is found in a table and on the disk."""
    planted = "1212345678"
    connection = await asyncpg.connect(town.house.admin_url)
    try:
        await connection.execute("CREATE TABLE planted (line text, raw bytea)")
        for written in spellings(planted).values():
            await connection.execute("INSERT INTO planted VALUES ($1, $2)", "x", b"before " + written + b" after")
        await connection.execute("INSERT INTO planted VALUES ($1)", planted)
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()

    found = scan(await tables(town), {"planted": planted})
    on_disk = scan(files(town.house.data_dir), {"planted": planted})

    assert {place.rpartition(", ")[2] for place in found} == {name.rpartition(", ")[2] for name in spellings(planted)}
    assert "planted in public.planted, in clear" in found
    assert any(place.endswith("in clear") for place in on_disk)
    assert ascii_digits(PERSIAN) == ascii_digits(ARABIC) == "0123456789"
