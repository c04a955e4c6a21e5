"""What the labels of forms, tables and exports look like, and which of them introduce a case reference or a client."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.domain.story import BlockKind
from pipeline.files.fragments import Fragment

_LABEL_WORDS = frozenset(
    """
        action actions address adviser advocate age agency alias appointment area assessment author balance bank
        benefits born carer case caseworker category children client closed completed concerns condition consent
        contact council cc date decision details diagnosis disability district dob doctor due duration email e-mail
        emergency employer employment end ethnic ethnicity event family fax field file finish first followup
        follow-up form forename forenames from full funder gender given goal gp guardian health home hospital hours
        household housing id income initials insurance interviewer job key kin known language last lives location
        manager marital meeting member method minutes mob mobile mode mother name names nationality need needs next
        ni nhs nino no note notes number occupation office officer opened organisation origin outcome outcomes
        partner patient permission person phone place postcode present priority project quote reason received record
        ref reference referral referred region relationship religion report reviewed review risk role safe school
        score service session sex sign signature signed site social source staff start status subject summary
        surname support tel telephone tenancy time title to town type update user value venue visit volunteer ward
        when where who worker written year young youth su yp
    """.split()
)
_REFERENCE_LABEL = re.compile(
    r"(?:our|case|client|file|su|service\s*user|record)?\s*[-_]?\s*(?:ref(?:erence)?|id|no|number)(?:\s*(?:no|number|id))?", re.I
)
_BARE_NUMBERS = frozenset({"no", "number", "id"})
_CLIENT_LABELS = frozenset(
    (
        *("client", "client name", "name", "full name", "service user", "su", "su name"),
        *("participant", "beneficiary", "young person", "person", "member"),
    )
)
_LABEL_LINE = re.compile(r"^[ \t]*([A-Za-z][A-Za-z0-9 .'/&()-]{0,38}?)[ \t]*(:|\|)[ \t]*(\S.*)$")


def normal(label: str) -> str:
    """A label as it is compared: lower case, single spaces, no colon at its end, CamelCase taken apart."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label)
    return re.sub(r"[\s_]+", " ", apart).strip(" :.*\t").lower()


def is_label(text: str) -> bool:
    """Whether a short text reads as the label of a form: it has a word that forms use, and no sentence."""
    words = re.findall(r"[a-z][a-z-]*", normal(text))
    return 0 < len(words) <= 6 and len(text) <= 48 and any(word in _LABEL_WORDS for word in words)


def is_case_reference(label: str) -> bool:
    """Whether a label introduces the case reference itself ("Case ref", "Our ref", "Client no."), not somebody else's."""
    plain = normal(label).replace(".", "")
    return plain not in _BARE_NUMBERS and bool(_REFERENCE_LABEL.fullmatch(plain))


def is_client_name(label: str) -> bool:
    """Whether a column's header says that its cells name the client."""
    return normal(label) in _CLIENT_LABELS


def split_line(line: str) -> tuple[str, int, int] | None:
    """For a line ``LABEL: value`` or ``LABEL | value``: the label and the value's span in the line."""
    match = _LABEL_LINE.match(line)
    if match is None:
        return None
    label, mark, value = match.group(1).strip(), match.group(2), match.group(3)
    if mark == ":" and not is_label(label):
        return None
    if value.startswith("//") or (mark == "|" and "|" in value):
        return None
    start = match.start(3)
    return label, start, start + len(value.rstrip())


def column_share(cells: Sequence[str]) -> float:
    """The share of a column's (or row's) filled cells that read as labels."""
    filled = [cell for cell in cells if cell.strip()]
    return sum(is_label(cell) for cell in filled) / len(filled) if filled else 0.0


_STATED = re.compile(
    r"(?:\b(?P<whose>[\w']{1,30})[ \t])?(?:\b(?:case|client|file)[ \t])?"
    r"\b(?:ref(?:erence)?|case)\b\.?[ \t]*(?:no\.?|number)?[ \t]*(?P<mark>[:#]?)[ \t]*"
    r"(?P<value>[A-Z]{1,6}[/-]?\d[A-Z0-9/-]{1,20}|[A-Z]{2,6}(?:[/-][A-Z0-9]{1,8}){1,4})(?![\w/])",
    re.I,
)
_OURS = frozenset({"case", "our", "client", "file", "", "dob", "and", "re", "su"})
_OTHERS = frozenset(
    {"your", "crime", "court", "claim", "office", "rent", "tenancy", "police", "hearing", "bank", "account", "their"}
)
_REFERENCE_VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_. -]{1,24}")
_TELLING = frozenset({BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.FIELD, BlockKind.FURNITURE})


def stated_reference(fragments: Iterable[Fragment]) -> str | None:
    """The one case reference that fields, properties or ``Ref:`` lines state; ``None`` when none or several do."""
    in_fields: dict[str, str] = {}
    in_lines: dict[str, str] = {}
    for fragment in fragments:
        value = fragment.text.strip()
        is_reference = _REFERENCE_VALUE.fullmatch(value) and any(char.isdigit() for char in value)
        if fragment.label and is_case_reference(fragment.label) and is_reference:
            in_fields.setdefault(value.casefold(), value)
        elif fragment.kind in _TELLING:
            in_lines.update((found.casefold(), found) for found in _in_line(fragment.text[:20_000]))
    if in_fields:
        # Other numbers are called references too (an order's, a letter's); only one of the same shape is a rival.
        shapes = {_shape(value) for value in in_fields.values()}
        in_fields.update((key, value) for key, value in in_lines.items() if _shape(value) in shapes and key not in in_fields)
        return next(iter(in_fields.values())) if len(in_fields) == 1 else None
    return next(iter(in_lines.values())) if len(in_lines) == 1 else None


def _in_line(text: str) -> Iterator[str]:
    for match in _STATED.finditer(text):
        whose, value = (match["whose"] or "").lower(), match["value"]
        # Without a colon only the shape of a file reference will do: "ref WOH/25/0310", not "ref 70031882".
        shaped = bool(match["mark"]) or "/" in value
        theirs = whose in _OTHERS or (whose not in _OURS and not whose.isdigit() and "/" not in value)
        if shaped and not theirs and any(char.isdigit() for char in value):
            yield value


def _shape(value: str) -> str:
    return re.sub(r"[A-Za-z]+", "A", re.sub(r"\d", "9", value))
