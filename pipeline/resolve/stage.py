"""The stage itself: every finding gets an entity, one entity for each person, place or thing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.domain.client import Client
from pipeline.domain.finding import Category, Entity, Finding, Gender, Resolution, Role
from pipeline.domain.story import Story
from pipeline.names import fold, tokens
from pipeline.resolve.mention import parse
from pipeline.resolve.people import Person, gather
from pipeline.resolve.register import ClientIndex, Lexicon, client_pairs, gender_of, plain_ref
from pipeline.resolve.roles import judge, with_gender


@dataclass(slots=True)
class _Named:
    """A person on the way to an entity."""

    person: Person
    role: Role
    relation: str
    gender: Gender
    client: Client | None = None
    subject: bool = False


def resolve(story: Story, findings: tuple[Finding, ...], subject: Client | None, clients: ClientIndex) -> Resolution:
    """Findings with their entity set, and the entities in order of first mention.

    ``subject`` is the client whose story this is, if the stories register or the file says so.
    """
    persons = [finding for finding in findings if finding.category is Category.PERSON]
    mentions = [parse(finding.start, finding.end, story.text, clients.lexicon) for finding in persons]
    mentions = [with_gender(mention, story, clients.lexicon) for mention in mentions]
    people = [_named(person, story, clients) for person in gather(mentions, story.text, clients.lexicon, clients.genders)]
    subject = subject or clients.client_of(story.stated_ref)
    _choose_subject(people, subject, clients.lexicon)
    owner = {mention.start: named for named in people for mention in named.person.mentions}
    return _number(story, findings, owner)


def _named(person: Person, story: Story, clients: ClientIndex) -> _Named:
    reading = judge(person, story, clients.lexicon)
    named = _Named(person, reading.role, reading.relation, reading.gender)
    pairs = {(first, last) for first in [*person.firsts, *person.nicks] for last in person.lasts}
    matches = {client.case_ref: client for pair in pairs for client in clients.by_name.get(pair, ())}
    if len(matches) == 1:
        named.client = next(iter(matches.values()))
        if not reading.weight:
            named.role = Role.SERVICE_USER
    if pairs & clients.staff and not matches:
        named.role = Role.STAFF if reading.role is not Role.SERVICE_USER else reading.role
    only_initials = not (person.firsts or person.lasts or person.singles)
    if only_initials and not reading.weight and len(person.initials[0] if person.initials else "") > 1:
        named.role = Role.STAFF
    if named.client and named.gender is Gender.UNKNOWN:
        named.gender = gender_of(named.client.gender)
    return named


def _choose_subject(people: list[_Named], subject: Client | None, lexicon: Lexicon) -> None:
    if subject is not None:
        scored = [(_likeness(named, subject, lexicon), -at) for at, named in enumerate(people)]
        best = max(scored, default=(0, 0))
        chosen = people[-best[1]] if best[0] > 0 else None
        if chosen is not None:
            _join_parts(people, chosen, subject, lexicon)
            chosen.client = subject
            told = gender_of(subject.gender)
            chosen.gender = told if told is not Gender.UNKNOWN else chosen.gender
    else:
        users = [named for named in people if named.role is Role.SERVICE_USER]
        chosen = users[0] if len(users) == 1 else None
    if chosen is not None:
        chosen.subject, chosen.role, chosen.relation = True, Role.SERVICE_USER, ""


def _join_parts(people: list[_Named], chosen: _Named, subject: Client, lexicon: Lexicon) -> None:
    """ "Desmond" and "Mr Reading" are one person when the client is Desmond Reading and nobody else fits."""
    if chosen.person.firsts and chosen.person.lasts:
        return
    told = gender_of(subject.gender)
    for other in list(people):
        if other is chosen or other.person.family or other.client is not None or (other.person.firsts and other.person.lasts):
            continue
        if other.role is Role.RELATIVE or (told is not Gender.UNKNOWN and other.gender not in (Gender.UNKNOWN, told)):
            continue
        if _likeness(other, subject, lexicon) >= 30:
            chosen.person.mentions.extend(other.person.mentions)
            people.remove(other)


def _likeness(named: _Named, subject: Client, lexicon: Lexicon) -> int:
    person = named.person
    if named.client is not None:
        return 100 if plain_ref(named.client.case_ref) == plain_ref(subject.case_ref) else 0
    if person.family:
        return 0
    pairs = client_pairs(subject)
    full = [token.fold for token in tokens(subject.full_name)]
    firsts = {pair[0] for pair in pairs} | ({fold(subject.known_as)} if subject.known_as else set()) | set(full[:1])
    for first in list(firsts):
        firsts |= lexicon.short_for.get(first, frozenset())
    lasts = {pair[1] for pair in pairs} or set(full[-1:])
    said_first = {*person.firsts, *person.nicks, *person.singles}
    first_fits = bool(said_first & firsts)
    last_fits = bool({*person.lasts, *person.singles} & lasts)
    if person.lasts and not (set(person.lasts) & lasts or any(len(one) == 1 for one in person.lasts)):
        return 0
    if said_first and not first_fits and not (last_fits and not person.firsts):
        return 0
    initials = any(one == f"{first[0]}{last[0]}" for one in person.initials for first in firsts for last in lasts)
    fits = 40 * first_fits + 30 * last_fits + 10 * initials
    return fits + (named.role is Role.SERVICE_USER) if fits else 0


def _number(story: Story, findings: tuple[Finding, ...], owner: dict[int, _Named]) -> Resolution:
    ids: dict[object, str] = {}
    groups: dict[str, tuple[Category, _Named | None, dict[str, None]]] = {}
    numbered = []
    for finding in findings:
        surface = story.text[finding.start : finding.end]
        named = owner.get(finding.start) if finding.category is Category.PERSON else None
        key = id(named) if named is not None else (finding.category, _same(surface))
        entity_id = ids.setdefault(key, f"e{len(ids) + 1}")
        groups.setdefault(entity_id, (finding.category, named, {}))[2][surface] = None
        numbered.append(replace(finding, entity=entity_id))
    return Resolution(tuple(numbered), tuple(_entity(entity_id, *group) for entity_id, group in groups.items()))


def _same(surface: str) -> str:
    words = "".join(mark for mark in fold(surface) if mark.isalnum())
    return words.removeprefix("the") if len(words) > 6 else words or surface


def _entity(entity_id: str, category: Category, named: _Named | None, surfaces: dict[str, None]) -> Entity:
    ordered = tuple(sorted(surfaces, key=lambda surface: (-len(surface), surface)))
    if named is None:
        return Entity(entity_id, category, ordered)
    return Entity(
        entity_id=entity_id,
        category=category,
        surfaces=ordered,
        role=named.role,
        gender=named.gender,
        relation=named.relation,
        subject=named.subject,
        case_ref=named.client.case_ref if named.client else None,
    )
