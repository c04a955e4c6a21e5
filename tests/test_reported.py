"""Reported speech: the third person where the rules are certain of the grammar, and nothing where they are not."""

from __future__ import annotations

import pytest

from pipeline.reported import Speaker, report


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('"I was only waiting," he says.', "He says that he was only waiting."),
        ('"I\'ve a lad," she says. "I like him."', "She says that she has a lad. She adds that she likes him."),
        ('Quote from them: "I\'ve had fourteen addresses."', "They say that they have had fourteen addresses."),
        ('Her quote, approved in March: "I went in and came out younger."', "She says that she went in and came out younger."),
        ('"I feel like me again," she said.', "She says that she feels like herself again."),
        ('Client A wrote to say "I needed a bed and some trust."', "Client A says that she needed a bed and some trust."),
        ('"I got my lad back," says Fern.', "Fern says that she got her lad back."),
        ('"My sister found me," he told us.', "He says that his sister found him."),
        ('"We couldn\'t heat our home," she said.', "She says that they couldn't heat their home."),
        ('"You got me home and you stayed with me," he says.', "He says that we got him home and we stayed with him."),
        ('"I open my post and I don\'t shake," she said.', "She says that she opens her post and she doesn't shake."),
        ('"You don\'t get over it," he says.', "He says that you don't get over it."),
        (
            '"It was a cold house," he says. "That\'s a different house now. I read it twice because I could."',
            "He says that it was a cold house. "
            "He adds that it is a different house now, and that he read it twice because he could.",
        ),
        (
            '"I\'d been called names," says Fern. "Robin looked at me."',
            "Fern says that she’d been called names. She adds that Robin looked at her.",
        ),
        ('His mum rang to say "I\'ve got my lad back".', "His mum says that she has got her lad back."),
        ('He asked me to pass on his words: "I was one letter away."', "He says that he was one letter away."),
        ('It was enough, they said, "but only just".', "It was enough, they said, but only just."),
    ],
)
def test_first_person_becomes_third(said, told):
    assert report(said, {"Fern": "she", "Robin": "they", "Client A": "she"}) == told


@pytest.mark.parametrize(
    "said",
    [
        '"You were kind and I thank you," he says.',
        '"You\'ve been lovely," she says.',
        '"Is it any wonder?" she says. "Go on."',
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
    assert not set('"“”') & set(report("\"I said 'no' to him. I won,\" she says."))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('Said: "I came with a bag and a bump."', "Fern says that she came with a bag and a bump."),
        ('"First time I\'ve sat down in a year."', "Fern says that it is the first time she has sat down in a year."),
        ('"This is the first one I\'ll learn by heart, sorry, by memory."', ""),
        ('"I\'ve had six. This is the one I\'ll learn by heart, sorry, by memory."',
         "Fern says that she has had six. She adds that it is the one she’ll learn by heart."),
    ],
)  # fmt: skip
def test_who_speaks_may_be_known_from_elsewhere(said, told):
    assert report(said, unsaid=Speaker("Fern", "she")) == told
    assert report(said) == ""
