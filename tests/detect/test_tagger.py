"""The tagger alone: whole words, whole documents, any text, the same answer every time."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import catalogue
from pipeline.detect.tagger import OVERLAP, WINDOW, Tagger, cut_windows, tokenise
from pipeline.errors import ModelMissing

NOTE = "Mrs Amina Warsame rang from 14 Pell Street, Ellerwick LD9 4QZ on 3/4/24. Her son Will will try again, tel 07700 900123."


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return Tagger.load(catalogue.models() / "tagger")


def found(tagger: Tagger, text: str) -> set[tuple[str, str]]:
    return {(text[span.start : span.end], span.category) for span in tagger.tag([text])[0]}


def test_people_places_dates_and_numbers_are_found(tagger: Tagger) -> None:
    spans = dict(found(tagger, NOTE))
    assert spans["Mrs Amina Warsame"] == "PERSON"
    assert spans["Ellerwick"] == "LOCATION"
    assert spans["LD9 4QZ"] == "POSTCODE"
    assert spans["3/4/24"] == "DATE"
    assert spans["07700 900123"] == "PHONE"


def test_a_name_that_is_a_word_is_judged_in_its_place(tagger: Tagger) -> None:
    at = [span.start for span in tagger.tag([NOTE])[0] if span.category == "PERSON"]
    assert NOTE.index("Will") in at
    assert NOTE.index("will try") not in at


@pytest.mark.parametrize("change", [str.lower, str.upper])
def test_letter_case_does_not_hide_a_name(tagger: Tagger, change) -> None:
    text = change("Seen today: Kwabena Ofori and his sister Abena, moved to Thornby in March.")
    shown = {surface.lower() for surface, category in found(tagger, text) if category == "PERSON"}
    assert {"kwabena ofori", "abena"} <= shown


def test_the_end_of_a_long_document_is_read(tagger: Tagger) -> None:
    text = "The boiler was mended and the arrears fell to £212. " * 200 + "Her worker was Mrs Siobhan Dalgleish."
    assert any("Dalgleish" in surface for surface, _ in found(tagger, text))


def test_drugs_benefits_and_weekdays_are_left_alone(tagger: Tagger) -> None:
    assert found(tagger, "On sertraline 50mg since the spring. PIP and UC in payment. Next seen on Tuesday at 2pm.") == set()


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n\n", "\x00\x01\x02", "🏠🎉", "\ud800", "a" * 30_000, "é" * 500, "اتصلت فاطمة من حلب", "." * 5_000]
)
def test_any_text_is_taken(tagger: Tagger, text: str) -> None:
    for span in tagger.tag([text])[0]:
        assert 0 <= span.start < span.end <= len(text)


def test_offsets_are_code_points_after_emoji_and_accents(tagger: Tagger) -> None:
    text = "👩‍👧 Zoé called 🏠 about Mrs Khan."
    assert {"Mrs Khan", "Zoé"} <= {surface for surface, _ in found(tagger, text)}


def test_an_accent_typed_apart_stays_with_its_letter(tagger: Tagger) -> None:
    text = "Seen with her sister Zoe\u0301 on Monday."
    assert "Zoe\u0301" in {surface for surface, _ in found(tagger, text)}


def test_a_text_is_tagged_the_same_whatever_its_neighbours(tagger: Tagger) -> None:
    alone = tagger.tag([NOTE])[0]
    assert tagger.tag(["Another note about Gurpreet.", NOTE, "x" * 400])[1] == alone


@given(st.text(max_size=300))
@settings(max_examples=40, deadline=None)
def test_tokens_stand_in_order_and_inside_the_text(text: str) -> None:
    tokens = tokenise(_tokenizer(), text)
    assert len(tokens.ids) == len(tokens.marks) == len(tokens.starts) == len(tokens.ends)
    assert np.all(tokens.starts[1:] >= tokens.ends[:-1])
    assert not len(tokens.ids) or 0 <= tokens.starts[0] <= tokens.ends[-1] <= len(text)


@given(st.integers(min_value=0, max_value=5_000), st.sets(st.integers(min_value=0, max_value=5_000)))
def test_windows_answer_once_for_every_token_and_see_its_neighbours(count: int, sentences: set[int]) -> None:
    windows = cut_windows(np.array([at in sentences for at in range(count)], dtype=np.bool_))
    assert [at for window in windows for at in range(window.start, window.stop)] == list(range(count))
    assert all(window.last - window.first <= WINDOW - 2 for window in windows)
    assert all(before.last - after.first == OVERLAP for before, after in pairwise(windows))


def test_windows_are_cut_where_a_sentence_begins() -> None:
    text = "The caseworker rang the landlord about the repairs. " * 60
    tokens = tokenise(_tokenizer(), text)
    cuts = [window.start for window in cut_windows(tokens.begins)]
    assert len(cuts) > 3
    assert all(text.startswith("The caseworker", int(tokens.starts[cut])) for cut in cuts)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        Tagger.load(tmp_path)


_cache: list = []


def _tokenizer():
    from tokenizers import Tokenizer

    if not _cache:
        _cache.append(Tokenizer.from_file(str(catalogue.models() / "tagger" / "tokenizer.json")))
    return _cache[0]
