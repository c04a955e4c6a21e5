"""The names that surrogates must not be are found in texts and in the client list."""

from __future__ import annotations

from pipeline.domain.client import Client
from pipeline.names import fold
from pipeline.surrogates import NameLists
from pipeline.survey import names_in_texts, names_of_clients

NAMES = NameLists(("Leanne", "Thelma"), ("Keith",), ("Robin",))


def test_a_name_anywhere_in_the_corpus_is_found_whatever_its_case():
    assert names_in_texts(["saw LEANNE today", "a robin sang"], NAMES) == {"leanne", "robin"}


def test_a_part_of_a_longer_word_is_not_a_name():
    assert names_in_texts(["Keithley Road"], NAMES) == frozenset()


def test_every_word_of_every_client_name_counts():
    clients = [Client("C1", 2, "Mary-Jane O'Neill", "Keith"), Client("C2", 3, "Zoë Smith")]
    assert {"mary", "jane", "keith", "zoe"} <= names_of_clients(clients)
    assert fold("Zoë") == "zoe"
