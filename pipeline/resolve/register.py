"""What resolving needs to know beforehand: the client list and staff by name, and the words that name a role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.domain.client import Client
from pipeline.domain.finding import Gender, Role
from pipeline.names import fold, read_diminutives, read_list, read_words, tokens

_GENDERS = {"f": Gender.FEMALE, "m": Gender.MALE}


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The words around a name, from ``models/lists``; it is itself alone, so that what was read with it can be remembered.

    ``honorifics`` are titles with the gender they tell; ``kin`` are kin words with gender and relation; ``roles`` are
    phrases with role and relation; ``short_for`` maps a given name to the others its bearer may go by; ``given`` are
    given names, folded.
    """

    honorifics: Mapping[str, Gender]
    titles: frozenset[str]
    kin: Mapping[str, tuple[Gender, str]]
    roles: Mapping[str, tuple[Role, str]]
    short_for: Mapping[str, frozenset[str]]
    given: frozenset[str]

    @staticmethod
    def load(models: Path) -> Lexicon:
        """From ``models/lists``.  Raises ``ModelMissing``."""
        kin = (entry.split(maxsplit=2) for entry in read_list(models, "kin.txt"))
        roles = ([part.strip() for part in entry.split("|")] for entry in read_list(models, "roles.txt"))
        return Lexicon(
            honorifics={
                title: _GENDERS.get(gender, Gender.UNKNOWN)
                for title, gender in (entry.split() for entry in read_list(models, "honorifics.txt"))
            },
            titles=frozenset(read_list(models, "titles.txt")),
            kin={word: (_GENDERS.get(gender, Gender.UNKNOWN), relation) for word, gender, relation in kin},
            roles={phrase: (Role(role), relation) for phrase, role, relation in roles},
            short_for=read_diminutives(models),
            given=read_words(models, "given_names.txt") | read_words(models, "ordinary_words.txt"),
        )


@dataclass(frozen=True, slots=True)
class ClientIndex:
    """The client list by reference and by name, and the staff list by name; build once for a run."""

    lexicon: Lexicon
    by_ref: Mapping[str, Client]
    by_name: Mapping[tuple[str, str], tuple[Client, ...]]
    staff: frozenset[tuple[str, str]]
    genders: Mapping[tuple[str, str], Gender]

    @staticmethod
    def load(models: Path, clients: Sequence[Client] = (), staff: Sequence[str] = ()) -> ClientIndex:
        """Index the lists; ``models`` is the folder of the word lists.  Raises ``ModelMissing``."""
        by_name: dict[tuple[str, str], list[Client]] = {}
        for client in clients:
            for named in client_pairs(client):
                by_name.setdefault(named, []).append(client)
        named_alike = {named: tuple(dict.fromkeys(found)) for named, found in by_name.items()}
        return ClientIndex(
            lexicon=Lexicon.load(models),
            by_ref={plain_ref(client.case_ref): client for client in clients if client.case_ref},
            by_name=named_alike,
            genders={named: gender_of(found[0].gender) for named, found in named_alike.items() if len(found) == 1},
            staff=frozenset(pair for name in staff if (pair := first_and_last(name))),
        )

    def client_of(self, ref: str | None) -> Client | None:
        """The client of a reference, however it is punctuated."""
        return self.by_ref.get(plain_ref(ref)) if ref else None


def gender_of(cell: str) -> Gender:
    """The gender that a cell of the client list says; unknown for anything else than plain words for two."""
    word = cell.strip().lower()
    if word in ("f", "female", "woman", "girl"):
        return Gender.FEMALE
    return Gender.MALE if word in ("m", "male", "man", "boy") else Gender.UNKNOWN


def plain_ref(ref: str) -> str:
    """A reference without case and punctuation."""
    return "".join(mark for mark in ref.lower() if mark.isalnum())


def first_and_last(name: str) -> tuple[str, str] | None:
    """The folded first and last word of a name that has two."""
    words = [token.fold for token in tokens(name)]
    if len(words) < 2:
        return None
    if "," in name:
        head = [token.fold for token in tokens(name.split(",", 1)[0])]
        return (words[len(head)], head[-1]) if len(words) > len(head) >= 1 else None
    return words[0], words[-1]


def client_pairs(client: Client) -> set[tuple[str, str]]:
    """The (first, last) pairs by which a client may be named in full."""
    pairs = {pair for name in (client.full_name, client.known_as) if (pair := first_and_last(name))}
    full = first_and_last(client.full_name)
    if full and client.known_as and " " not in client.known_as.strip():
        pairs.add((fold(client.known_as.strip()), full[1]))
    return pairs
