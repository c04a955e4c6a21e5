"""The policy and the organisation as files that a manager edits: understood whole, or refused with the line."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from pipeline.domain.finding import Category, Role
from pipeline.domain.permission import Purpose
from pipeline.domain.policy import LimitName, Treatment
from pipeline.errors import PolicyError
from pipeline.policy.cues import find_cues
from pipeline.policy.policies import load_organisation, load_policy

TEMPLATE = Path(__file__).parents[2] / "policy_templates" / "policy.toml"
ORGANISATION = TEMPLATE.with_name("organisation.toml")
TEXT = TEMPLATE.read_text(encoding="utf-8")
LIMITS = TEMPLATE.with_name("limits.toml").read_text(encoding="utf-8")


@pytest.fixture
def edited(tmp_path: Path):
    def edit(old: str, new: str, text: str = TEXT) -> tuple[Path, int]:
        """The template, or its limits, with its first ``old`` replaced, and the line where that stands."""
        assert old in text
        path = tmp_path / "policy.toml"
        path.write_text(TEXT, encoding="utf-8", newline="\n")
        edited = path.with_name("limits.toml") if text is LIMITS else path
        edited.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")
        return path, text[: text.index(old)].count("\n") + 1

    return edit


def test_the_template_is_a_whole_policy() -> None:
    policy = load_policy(TEMPLATE)
    assert (policy.version, policy.approved_on, policy.review_by) == ("1.0", date(2025, 8, 20), date(2027, 8, 20))
    assert (policy.sign_off, policy.surrogate_scope) == (frozenset(), "story")
    assert policy.thresholds.small_number == policy.thresholds.rounding == 5
    assert (policy.thresholds.redetect_score, policy.thresholds.vignettes) == (0.9, 40)
    assert set(policy.clauses) == {f"P{n}" for n in range(1, 31)}
    assert {limit.name for limit in policy.limits} == set(LimitName)


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("category", list(Category))
def test_every_category_has_a_rule_for_every_purpose_that_lets_nothing_through(category: Category, purpose: Purpose) -> None:
    policy = load_policy(TEMPLATE)
    for role in (None, *Role):
        rule = policy.rule_for(category, role if category is Category.PERSON else None, "ANYTHING")
        assert rule is not None
        assert rule.treatment(purpose) in (Treatment.SUBSTITUTE, Treatment.GENERALISE, Treatment.REMOVE)


@pytest.mark.parametrize(
    ("category", "role", "kind", "treatments"),
    [
        (Category.PERSON, Role.SERVICE_USER, "", "substitute substitute substitute"),
        (Category.PERSON, Role.RELATIVE, "", "generalise generalise generalise"),
        (Category.PERSON, Role.STAFF, "", "generalise generalise generalise"),
        (Category.PERSON, Role.OTHER, "", "substitute generalise substitute"),
        (Category.ORGANISATION, None, "OWN", "keep keep keep"),
        (Category.ORGANISATION, None, "", "generalise generalise generalise"),
        (Category.DATE, None, "BIRTH", "remove remove remove"),
        (Category.DATE, None, "", "generalise generalise generalise"),
        (Category.POSTCODE, None, "", "remove remove remove"),
        (Category.ID_NUMBER, None, "NHS_NUMBER", "remove remove remove"),
        (Category.INDIRECT, None, "RELIGION", "generalise generalise generalise"),
    ],
)
def test_a_detail_meets_its_narrowest_rule(category: Category, role: Role | None, kind: str, treatments: str) -> None:
    rule = load_policy(TEMPLATE).rule_for(category, role, kind)
    assert rule is not None
    assert " ".join(rule.treatment(purpose) for purpose in Purpose) == treatments


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('publicity = "substitute"', 'publicity = "blur"', "publicity is not one of: keep, substitute"),
        ('category = "LOCATION"', 'category = "PLACE"', "category is not one of"),
        ('role = "relative"', 'role = "cousin"', "role is not one of"),
        ('category = "DATE"\nkind', 'category = "DATE"\nrole = "staff"\nkind', "only for the category PERSON"),
        ('kind = "BIRTH"', 'kind = "birth"', "kind must be a word in capitals"),
        ('training = "remove"', 'trianing = "remove"', "trianing is not a key"),
        ('clause = "P13"', 'clause = "P99"', "clause names a clause that"),
        ('id = "email"', 'id = "phone"', "repeats another rule"),
        ('category = "EMAIL"', 'category = "PHONE"', "repeats another rule"),
        ('publicity = "remove"', "publicity = 3", "publicity must be a piece of text"),
        ("approved_on = 2025-08-20", 'approved_on = "last spring"', "approved_on must be a date"),
        ("review_by = 2027-08-20", "review_by = 2025-08-19", "review_by is before approved_on"),
        ("review_by = 2027-08-20", "review_on = 2027-08-20", "review_on is not a key"),
        ("sign_off = []", 'sign_off = ["fundraising"]', "sign_off holds a purpose"),
        ('surrogate_scope = "story"', 'surrogate_scope = "world"', "surrogate_scope is not one of: story, organisation"),
        ("small_number = 5", "small_number = 0", "small_number must be a whole number"),
        ("small_number = 5", "small_number = true", "small_number must be a whole number"),
        ("redetect_score = 0.9", "redetect_score = 1.5", "redetect_score must be a number"),
        ('name = "danger"', 'name = "peril"', "name is not one of"),
        ('name = "abuse"', 'name = "danger"', "repeats a limit"),
        ("P18 = ", "clause18 = ", "clause18 is not a clause number"),
        ("[thresholds]", "[threshold]", "not one of: policy, thresholds"),
        ('version = "1.0"', 'version = ""', "version must be a piece of text"),
    ],
)
def test_what_cannot_be_understood_is_named_with_its_line(edited, old: str, new: str, says: str) -> None:
    text, name = (TEXT, "policy.toml") if old in TEXT else (LIMITS, "limits.toml")
    path, line = edited(old, new, text)
    line += new.split("\n").index('role = "staff"') if "\n" in new else 0
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    assert says in caught.value.message
    assert caught.value.message.startswith(f"{name}, line {line}: ")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("cue", ["(open", "[a-", "*x", "(?<=a+)b", "a|", "x*", ""])
def test_a_cue_that_is_broken_or_matches_everything_is_named_with_its_own_line(edited, cue: str) -> None:
    old = next(line.strip() for line in LIMITS.split("\n") if "noose" in line)
    path, line = edited(old, f"'{cue}',", LIMITS)
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    message = caught.value.message
    found = re.match(r"limits\.toml, line (\d+): limit\.cues ", message)
    assert found
    assert int(found[1]) == line or (not cue and "list of texts" in message)


def test_a_missing_limit_or_an_empty_one_is_no_policy(edited) -> None:
    start = LIMITS.index('[[limit]]\nname = "terrorism"')
    end = LIMITS.index('[[limit]]\nname = "legal-restriction"')
    path, _ = edited(LIMITS[start:end], "", LIMITS)
    with pytest.raises(PolicyError, match="no \\[\\[limit\\]\\] named terrorism"):
        load_policy(path)
    body = LIMITS[start:end]
    path, _ = edited(body, body[: body.index("cues")] + "cues = []\n\n", LIMITS)
    with pytest.raises(PolicyError, match="cues is empty"):
        load_policy(path)


def test_a_purpose_that_a_rule_does_not_name_is_withheld(edited) -> None:
    path, _ = edited('publicity = "remove"\n', "")
    policy = load_policy(path)
    assert policy.rule_for(Category.POSTCODE, None, "").treatment(Purpose.PUBLICITY) is Treatment.WITHHOLD  # type: ignore[union-attr]


@pytest.mark.parametrize("table", ["policy", "thresholds", "cues", "clauses"])
def test_a_missing_table_is_named(edited, table: str) -> None:
    start = TEXT.index(f"[{table}]\n")
    after = TEXT.find("\n[", start + 1)
    path, _ = edited(TEXT[start:after], "")
    with pytest.raises(PolicyError, match=f"\\[{table}\\]|clause"):
        load_policy(path)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"[policy\nversion = 1", "line 1: this is not TOML"),
        (b"[policy]\nversion = '\xff'", "not written in UTF-8"),
        (b"version = 3", "line 1: this stands outside"),
        (b"", "line 1: the table [clauses] is missing"),
    ],
)
def test_a_file_that_is_no_policy_at_all(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(data)
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    assert says in caught.value.message


def test_a_policy_that_is_not_there_and_windows_line_ends(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(tmp_path / "policy.toml")
    path = tmp_path / "policy.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode("utf-8"))
    assert load_policy(path) == load_policy(TEMPLATE)


# --- cues for outcomes and for the organisation's own business


@pytest.mark.parametrize(
    "text",
    [
        "She got a job at a garden centre in May.",
        "PIP awarded, £77 a week.",
        "Arrears cleared and the tenancy is secure.",
        "He has been dry for 90 days.",
        "Loneliness score 9 -> 4",
        "Moved into a ground-floor flat.",
        "The boiler was replaced the same week.",
        "Attendance is up to 94 per cent.",
        "She volunteers at the lunch club now.",
    ],
)
def test_an_outcome_is_seen(text: str) -> None:
    assert list(find_cues(text, load_policy(TEMPLATE).outcome_cues))


@pytest.mark.parametrize(
    "text",
    [
        "Tel out, no reply.",
        "LVM. Will try again Thursday.",
        "Referred by the surgery. Lives alone, two cats.",
        "Rent is £410 a month.",
    ],
)
def test_a_bare_contact_shows_no_outcome(text: str) -> None:
    assert not list(find_cues(text, load_policy(TEMPLATE).outcome_cues))


@pytest.mark.parametrize(
    "text",
    [
        "Btw we're 12k down on the county contract, keep quiet.",
        "The tender for the advice service goes in on Friday.",
        "Two of our staff are being made redundant in March.",
        "Our reserves are low this year.",
        "The restructure has not been announced.",
        "We may lose the grant from the council.",
        "Pay freeze for everyone until April.",
    ],
)
def test_the_organisations_own_business_is_seen(text: str) -> None:
    assert list(find_cues(text, load_policy(TEMPLATE).organisation_confidential))


@pytest.mark.parametrize(
    "text",
    [
        "He was made redundant when the mill closed.",
        "She is £12 a week better off.",
        "His reserve of patience is remarkable.",
        "The council agreed to recall the account.",
        "She won a contract as a cleaner.",
        "A grant of £500 paid for the cooker.",
    ],
)
def test_the_clients_own_affairs_are_not_taken_for_ours(text: str) -> None:
    assert not list(find_cues(text, load_policy(TEMPLATE).organisation_confidential))


# --- the organisation


def organisation(tmp_path: Path, old: str = "(Name of Organisation)", new: str = "Harbour Lane Project") -> Path:
    text = ORGANISATION.read_text(encoding="utf-8").replace("(Name of Organisation)", "Harbour Lane Project")
    path = tmp_path / "organisation.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_an_organisation_is_read(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"x")
    path = organisation(tmp_path, 'logo = ""', 'logo = "logo.png"')
    ours = load_organisation(path)
    assert (ours.name, ours.year_end, ours.logo) == ("Harbour Lane Project", (3, 31), tmp_path / "logo.png")
    assert (ours.also_known_as, ours.staff, ours.website) == ((), (), "")


def test_the_template_with_its_placeholder_is_refused() -> None:
    with pytest.raises(PolicyError, match=r"line 5: organisation.name still says \(Name of Organisation\)"):
        load_organisation(ORGANISATION)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('year_end = "03-31"', 'year_end = "31-03"', "line 12: organisation.year_end must be"),
        ('year_end = "03-31"', 'year_end = "02-30"', "year_end must be"),
        ("services = []", 'services = "Housing"', "line 7: organisation.services must be a list"),
        ('logo = ""', 'logo = "missing.png"', "line 13: organisation.logo names a picture that is not there"),
        ('website = ""', 'web_site = ""', "line 11: organisation.web_site is not a key"),
        ("[organisation]", "[organization]", "not one of: organisation"),
        ('name = "Harbour Lane Project"', "name = 5", "name must be a piece of text"),
    ],
)
def test_an_organisation_file_is_refused_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_organisation(organisation(tmp_path, old, new))
    assert says in caught.value.message


def test_targets_and_the_length_of_a_story_are_read(tmp_path):
    ours = tmp_path / "organisation.toml"
    ours.write_text('[organisation]\nname = "Hartsby"\n\n[targets]\n"Everyone" = 300\n"Tenancy kept" = 60\n', encoding="utf-8")
    assert load_organisation(ours).targets == (("Everyone", 300), ("Tenancy kept", 60))
    assert load_policy(TEMPLATE).publicity_words == 600
    shorter = tmp_path / "policy.toml"
    shorter.write_text(TEMPLATE.read_text(encoding="utf-8").replace("words = 600", "words = 150"), encoding="utf-8")
    assert load_policy(shorter).publicity_words == 150
