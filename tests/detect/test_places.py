"""Towns abroad are found by name, in any case, and never inside another word."""

from __future__ import annotations

import pytest

from pipeline import catalogue
from pipeline.detect.places import Gazetteer

PLACES = Gazetteer.load(catalogue.models())


@pytest.mark.parametrize("text", ["born in Mogadishu.", "from mogadishu, she", "BORN IN MOGADISHU"])
def test_a_town_is_found_in_any_case(text: str):
    (span,) = PLACES.find(text)
    assert text[span.start : span.end].lower() == "mogadishu"


@pytest.mark.parametrize("text", ["the torontonian way", "a varnasher"])
def test_a_part_of_a_word_is_no_town(text: str):
    assert PLACES.find(text) == []


def test_a_name_of_several_words_may_run_over_a_line():
    (span,) = PLACES.find("flew to Buenos\nAires")
    assert span.end - span.start == len("Buenos Aires")
