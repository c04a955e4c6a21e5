"""Survey: one cheap look over everything before the run, so that no surrogate is the name of anyone in it (law 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.domain.client import Client
from pipeline.names import fold
from pipeline.surrogates import NameLists

_WORD = re.compile(r"[^\W\d_]{2,}")


def names_in_texts(texts: Iterable[str], names: NameLists) -> frozenset[str]:
    """The surrogate names, folded, that occur as a word in any of the texts.

    Memory is bounded by the name lists, whatever the number of texts.
    """
    candidates = names.all()
    seen: set[str] = set()
    for text in texts:
        seen.update(candidates.intersection(map(fold, set(_WORD.findall(text)))))
        if len(seen) == len(candidates):
            break
    return frozenset(seen)


def names_of_clients(clients: Iterable[Client]) -> frozenset[str]:
    """Every word of every client's names, folded."""
    return frozenset(fold(w) for client in clients for w in _WORD.findall(f"{client.full_name} {client.known_as}"))
