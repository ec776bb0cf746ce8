"""The page about the charts: one file, readable in Arabic and in English, that asks for nothing from elsewhere."""

from collections.abc import Iterable
from datetime import datetime

from services.cli.link.report.texts import Text, both, filled
from shared.calendar import hijri

Section = tuple[Text, str]
"""A title and its HTML."""

_STYLE = """
:root{--ink:#1d2730;--soft:#5b6b7a;--line:#dfe4e8}
body{font:16px/1.65 "Segoe UI",Tahoma,"Noto Sans Arabic","Noto Naskh Arabic",system-ui,sans-serif;color:var(--ink);
max-width:56rem;margin:0 auto;padding:1rem 1.25rem 4rem}
header{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:baseline;border-bottom:3px solid #1a7f5a}
h1{margin:.5rem 0;font-size:1.7rem}h2{margin:2.5rem 0 .5rem;font-size:1.25rem}h3{font-size:1rem;margin:1.5rem 0 .25rem}
header p{margin:0;color:var(--soft)}button{font:inherit;margin-inline-start:auto;padding:.1rem .9rem;cursor:pointer}
:root:not(.both)[lang=ar] span[lang=en],:root:not(.both)[lang=en] span[lang=ar]{display:none}
.both span[lang=en]::before{content:"· "}.both button{display:none}
table{border-collapse:collapse;margin:.5rem 0 1rem}th,td{padding:.2rem .7rem;border-bottom:1px solid var(--line)}
th{text-align:start;font-weight:400}thead th{color:var(--soft);vertical-align:bottom}td{text-align:start}
td.n,thead th:not(:first-child){text-align:right}td.n{font-variant-numeric:tabular-nums;white-space:nowrap}
table.bars{width:100%;table-layout:fixed}table.bars th{width:38%;padding-inline-start:0}

table.bars .n,table.bars thead th:nth-child(n+3){width:5.2rem}table.bars thead th:first-child{width:38%}
table.bars th,table.bars td{border-bottom-color:#f0f2f4}
section{overflow-x:auto}svg{display:block;width:100%;height:auto}svg.bar{height:1rem}
svg text{font:12px system-ui,sans-serif;fill:var(--soft)}.grid{stroke:#e8ecef}.mark{stroke:#1d2730;stroke-dasharray:3 3}
.zero{stroke:#9aa7b2;vector-effect:non-scaling-stroke}:root[dir=rtl] .grows{transform:scaleX(-1)}
figure{margin:1rem 0 1.5rem}figcaption{font-weight:600}.axis{margin:0;color:var(--soft);font-size:.85rem}
.axis{direction:ltr;text-align:left}.axis.end{text-align:right}
.key{margin-inline-end:1.5rem;font-size:.9rem}.key i{display:inline-block;width:1.6rem;
margin-inline-end:.4rem;vertical-align:middle}.note{color:var(--soft);font-size:.92rem;margin:.25rem 0}
details{margin:.5rem 0;border:1px solid var(--line);border-radius:.4rem;padding:.3rem .8rem}summary{cursor:pointer}
@media print{button{display:none}details{border:0}}
@media(max-width:40rem){table.bars th{width:44%}
table.bars .n,table.bars thead th:nth-child(n+3){width:3.5rem}th,td{padding:.2rem .35rem}}
"""
_SCRIPT = """
(function () {
  const page = document.documentElement, names = {ar: "English", en: "العربية"};
  function show(language) {
    page.lang = language;
    page.dir = language === "ar" ? "rtl" : "ltr";
    button.textContent = names[language];
    button.lang = language === "ar" ? "en" : "ar";
  }
  const button = document.querySelector("button"), asked = location.hash.slice(1);
  page.classList.remove("both");
  show(asked in names ? asked : navigator.language.startsWith("ar") ? "ar" : "en");
  button.addEventListener("click", () => show(page.lang === "ar" ? "en" : "ar"));
})();
"""
_TITLE = Text("تقرير الربط", "Linkage report")
_MADE = Text("أعد في {0} هـ الموافق {1} م", "Made on {1} ({0} Hijri)")
_MADE_GREGORIAN = Text("أعد في {} م", "Made on {}")


def page(sections: Iterable[Section], made_at: datetime) -> str:
    """The whole document. Without its script it shows both languages side by side."""
    body = "".join(f"<section><h2>{both(title)}</h2>{content}</section>" for title, content in sections if content)
    return (
        '<!doctype html><html lang="ar" dir="rtl" class="both"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_TITLE.ar} · {_TITLE.en}</title><style>{_STYLE}</style></head><body>"
        f'<header><h1>{both(_TITLE)}</h1><p>{_made(made_at)}</p><button type="button"></button></header>'
        f"<main>{body}</main><script>{_SCRIPT}</script></body></html>\n"
    )


def _made(made_at: datetime) -> str:
    day = made_at.date()
    in_hijri = hijri(day)
    return filled(_MADE, in_hijri, day.isoformat()) if in_hijri else filled(_MADE_GREGORIAN, day.isoformat())


def note(text: Text, *values: str) -> str:
    return f'<p class="note">{filled(text, *values)}</p>'
