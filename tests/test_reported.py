"""Reported speech: the third person where the rules are certain of the grammar, and nothing where they are not."""

from __future__ import annotations

import pytest

from pipeline.reported import report


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('"I was only waiting," he says.', "He says that he was only waiting."),
        ('"I\'ve a lad," she says. "I like him."', "She says that she has a lad. She adds that she likes him."),
        ('Quote from them: "I\'ve had fourteen addresses."', "They say that they have had fourteen addresses."),
        ('Her quote, approved in March: "I went in and came out younger."', "She says that she went in and came out younger."),
        ('"I got my lad back," says Fern.', "Fern says that she got her lad back."),
        ('"My sister found me," he told us.', "He says that his sister found him."),
        ('"We couldn\'t heat our home," she said.', "She says that they couldn't heat their home."),
    ],
)
def test_first_person_becomes_third(said, told):
    assert report(said, {"Fern": "she"}) == told


@pytest.mark.parametrize(
    "said",
    [
        '"You got me home," he says.',
        '"Will I manage?" she asked.',
        '"I put it away," she says.',
        '"I cook and clean for them," she says.',
        '"I got my lad back," says Robin.',
        '"That is a different water," he says.',
        '"Nobody came." The rent was paid.',
        "She had no words.",
    ],
)
def test_what_the_rules_are_not_sure_of_is_left_out(said):
    assert report(said) == ""


def test_nothing_in_marks_is_left_in_marks():
    assert not set("\"“”") & set(report('"I said \'no\' to him. I won," she says.'))
