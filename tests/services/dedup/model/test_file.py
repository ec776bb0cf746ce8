"""A model file that could mislead is refused, with what to do; one that is sound comes back as it was written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.dedup.model import ModelUnusable, load_model
from services.dedup.model.start import START

Stored = dict[str, Any]
Spoil = Callable[[Stored], Any]


def spoilt(tmp_path: Path, spoil: Spoil) -> Path:
    """The shipped model with one thing wrong."""
    stored = json.loads(load_model().dump())
    spoil(stored)
    path = tmp_path / "model.json"
    path.write_text(json.dumps(stored), encoding="utf-8")
    return path


def test_what_is_written_is_read_and_written_the_same(tmp_path: Path) -> None:
    path = spoilt(tmp_path, lambda stored: None)
    assert load_model(path) == load_model()
    assert load_model(path).dump() == load_model().dump()


@pytest.mark.parametrize("field", sorted(START))
def test_a_model_without_a_field_is_refused(field: str, tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match=f"lacks the field {field}.*sijill train"):
        load_model(spoilt(tmp_path, lambda stored: stored["levels"].pop(field)))


@pytest.mark.parametrize(("field", "level"), [(field, level) for field, levels in START.items() for level in levels])
def test_a_model_without_a_level_is_refused(field: str, level: str, tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match=f"lacks levels of {field}: {level}"):
        load_model(spoilt(tmp_path, lambda stored: stored["levels"][field].pop(level)))


@pytest.mark.parametrize(("spoil", "said"), [
    (lambda s: s.pop("layout"), "does not say its layout"),
    (lambda s: s.update(layout=99), "layout 99, this program reads 1"),
    (lambda s: s.pop("prior"), "lacks prior"),
    (lambda s: s.update(mood="good"), "does not know: mood"),
    (lambda s: s.update(prior=0.0), "prior is 0.0; it must lie between 0 and 1"),
    (lambda s: s.update(prior="much"), "prior is much: no chance"),
    (lambda s: s.update(lower=0.95), "lower 0.95 must be below its upper 0.8"),
    (lambda s: s.update(population=0), "population is 0"),
    (lambda s: s.update(learned_on="yesterday"), "learned_on is no date"),
    (lambda s: s.update(data=3), "data should be a text"),
    (lambda s: s["levels"]["id"]["exact"].update(m=1.4), "m of id exact is 1.4: no chance"),
    (lambda s: s["levels"]["id"]["exact"].update(u=-0.1), "u of id exact is -0.1: no chance"),
    (lambda s: s["levels"]["id"]["exact"].update(m=None), "m of id exact is None"),
    (lambda s: s["levels"]["id"]["exact"].update(m=0.2), "chances m of id add up to"),
    (lambda s: s["levels"]["id"]["exact"].pop("k"), "id exact should have the chances m, k and u"),
    (lambda s: s["levels"]["gender"].update(other={"m": 0, "k": 0, "u": 0}), "levels of gender that nothing shows"),
    (lambda s: s["levels"].update(mood={"good": {"m": 0.2, "k": 1, "u": 1}}), "chances m of mood add up to"),
    (lambda s: s["levels"].update(mood={}), "field mood has no levels"),
    (lambda s: s["rare"].pop("phone"), "rare lacks phone"),
    (lambda s: s["rare"].update(id=0), "rare id is 0"),
    (lambda s: s["common"].update(id="many"), "common id is many"),
    (lambda s: s["frequencies"]["given"].update(x=2), "a share among the frequencies of given is 2"),
    (lambda s: s["frequencies"].update(given=[]), "frequencies of given should be an object"),
])  # fmt: skip
def test_a_model_that_could_mislead_is_refused_with_what_to_do(spoil: Spoil, said: str, tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable) as refused:
        load_model(spoilt(tmp_path, spoil))
    assert said in str(refused.value)


@pytest.mark.parametrize("text", ["", "not json", "[]", "3"])
def test_what_is_no_model_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelUnusable, match="this is no model"):
        load_model(path)


def test_a_model_may_know_columns_that_a_mapping_compares(tmp_path: Path) -> None:
    mood = {"same": {"m": 0.9, "k": 0.5, "u": 0.1}, "differ": {"m": 0.1, "k": 0.5, "u": 0.9}}
    model = load_model(spoilt(tmp_path, lambda stored: stored["levels"].update(mood=mood)))
    assert model.levels["mood"]["same"].m == 0.9
