"""Who works here, what they signed and whether they were trained; and who may use a command (P10, P29)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pipeline.domain.duties import Worker
from pipeline.duties.access import due_on
from pipeline.errors import AccessRefused, UsageError
from pipeline.policy.access import ANYBODY, EVERYBODY, Access
from pipeline.records.duties import Register
from pipeline.records.store.entries import Entry

MANAGER = "manager"
"""The role that registers staff and decides; the first who is registered has it."""
_KINDS = ("staff-added", "staff-signed", "staff-trained", "staff-left", "staff-roles")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command may not be used: a code for the audit trail, and words for whoever is at work."""

    code: str
    message: str
    remedy: str

    def error(self) -> AccessRefused:
        """The error that says so."""
        return AccessRefused(self.message, self.remedy)


def workers(register: Register) -> tuple[Worker, ...]:
    """Everybody who was ever registered, in that order."""
    people: dict[int, Worker] = {}
    for entry in register.entries(*_KINDS):
        _take_in(entry, people)
    return tuple(people.values())


def add_worker(register: Register, name: str, login: str, roles: Sequence[str], access: Access) -> Worker:
    """Register somebody.

    Raises ``UsageError`` for an unknown role, a name or login that is taken, and a first who is no manager.
    """
    known = workers(register)
    _check_roles(roles, access)
    if any(_same(name, one.name) or (_same(login, one.login) and one.left_on is None) for one in known):
        raise UsageError("somebody of that name or login is registered", "See storysafe staff list.")
    if not known and MANAGER not in roles:
        raise UsageError(f"the first who is registered is a {MANAGER}: nobody else could register anybody after that")
    entry = register.add("staff-added", {"name": name.strip(), "login": login.strip(), "roles": sorted(set(roles))})
    return Worker(entry.number, name.strip(), login.strip(), tuple(sorted(set(roles))))


def sign(register: Register, name: str, version: str, on: date, by: int) -> None:
    """Record that somebody signed the statement of a policy version; ``by`` is the number of who records it."""
    worker = named(register, name)
    register.add("staff-signed", {"number": worker.number, "version": version, "on": on.isoformat(), "by": by})


def train(register: Register, name: str, on: date, by: int) -> None:
    """Record that somebody was trained."""
    register.add("staff-trained", {"number": named(register, name).number, "on": on.isoformat(), "by": by})


def set_roles(register: Register, name: str, roles: Sequence[str], access: Access, on: date) -> None:
    """Give somebody other roles; raises ``UsageError`` when no manager would be left."""
    worker = named(register, name)
    _check_roles(roles, access)
    if MANAGER not in roles:
        _keep_a_manager(register, worker, on)
    register.add("staff-roles", {"number": worker.number, "roles": sorted(set(roles))})


def leave(register: Register, name: str, on: date) -> None:
    """Record that somebody leaves: from that day on they may use nothing."""
    worker = named(register, name)
    _keep_a_manager(register, worker, on)
    register.add("staff-left", {"number": worker.number, "on": on.isoformat()})


def named(register: Register, name: str) -> Worker:
    """The one of that name; raises ``UsageError``."""
    for worker in workers(register):
        if _same(worker.name, name):
            return worker
    raise UsageError("nobody of that name is registered", "See storysafe staff list.")


def manager_named(register: Register, name: str, refused: str) -> str:
    """The name of a manager; where staff are registered it has to be one of them.

    Raises ``UsageError`` for nobody's name, ``AccessRefused`` with the words ``refused`` for somebody who is no manager.
    """
    if not workers(register):
        return name.strip()
    worker = named(register, name)
    if MANAGER not in worker.roles or not worker.at_work(date.today()):
        raise AccessRefused(refused, "Name one who is registered.")
    return worker.name


def at_work(people: Iterable[Worker], login: str) -> Worker | None:
    """Whoever uses the computer by that login, the one registered last."""
    return next((one for one in reversed(tuple(people)) if _same(one.login, login)), None)


def refusal(access: Access, people: Sequence[Worker], worker: Worker | None, actions: Sequence[str], on: date) -> Refusal | None:
    """Why a command may not be used by ``worker`` on a day, ``None`` when it may; ``people`` is everybody registered.

    ``actions`` are what the command does, such as "run publicity": all of them have to be covered.
    """
    if all(access.allows((ANYBODY,), action) for action in actions):
        return None
    if not people:
        return _nobody() if access.statements == "required" and actions[0] != "staff add" else None
    if worker is None:
        return Refusal("unregistered", "You are not registered to work with stories here.", _ASK_ADD)
    if not worker.at_work(on):
        return Refusal("left", "You are registered as somebody who has left.", _ASK_ADD)
    for action in actions:
        if not access.allows((EVERYBODY, *worker.roles), action):
            return _role(access, action)
    if actions[0].split()[0] == "staff" or access.statements == "off":
        return None  # a manager registers their own statement too
    return unsigned(access, worker, on)


def unsigned(access: Access, worker: Worker, on: date) -> Refusal | None:
    """Why somebody who is registered may not work yet: the statement of this version, or the training, is missing."""
    if not worker.signed(access.version, on):
        problem = f"You have not signed the confidentiality statement of policy version {access.version}."
        return Refusal("unsigned", problem, "Sign it, and ask a manager to record it: storysafe staff sign.")
    if not worker.trained(on):
        return Refusal("untrained", "You are not recorded as trained.", _ASK_TRAIN)
    day = training_until(access, worker, on)
    if day and day < on and access.training_overdue == "refuse":
        return Refusal("training-overdue", f"Your training counted until {day.isoformat()}.", _ASK_TRAIN)
    return None


def training_until(access: Access, worker: Worker, on: date) -> date | None:
    """The last day on which somebody's training counts; ``None`` when it counts for ever, or there was none by ``on``."""
    trained = worker.last_trained(on)
    return due_on(trained, access.training_months) if trained and access.training_months else None


def overdue(access: Access, people: Iterable[Worker], on: date) -> list[tuple[Worker, date]]:
    """Everybody at work whose training has run out by a day, with its last day (P29)."""
    ends = ((worker, training_until(access, worker, on)) for worker in people if worker.at_work(on))
    return [(worker, day) for worker, day in ends if day and day < on]


_ASK_TRAIN = "Ask a manager to record it: storysafe staff train."
_ASK_ADD = "Ask a manager to register you: storysafe staff add."


def _nobody() -> Refusal:
    words = "Nobody is registered, and the policy asks for everybody's signed statement."
    return Refusal("nobody", words, "Register a manager first: storysafe staff add NAME --login LOGIN --role manager.")


def _role(access: Access, action: str) -> Refusal:
    may = access.who_may(action)
    who = f"The roles that may: {', '.join(may)}." if may else "The policy gives it to no role: see [roles] there."
    return Refusal("role", f"Your role does not cover storysafe {action}.", who)


def _check_roles(roles: Sequence[str], access: Access) -> None:
    if not roles or not set(roles) <= set(access.roles):
        raise UsageError("a role that was named is not one of the policy's", f"It knows: {', '.join(access.roles)}.")


def _keep_a_manager(register: Register, leaving: Worker, on: date) -> None:
    others = (one for one in workers(register) if one.number != leaving.number and one.left_on is None)
    if MANAGER in leaving.roles and not any(MANAGER in one.roles for one in others):
        raise UsageError("they are the last manager: nobody could register anybody after that", "Register another one first.")


def _take_in(entry: Entry, people: dict[int, Worker]) -> None:
    body: Any = entry.body
    if entry.kind == "staff-added":
        people[entry.number] = Worker(entry.number, body["name"], body["login"], tuple(body["roles"]))
        return
    worker = people[body["number"]]
    if entry.kind == "staff-signed":
        worker = replace(worker, statements=(*worker.statements, (body["version"], date.fromisoformat(body["on"]))))
    elif entry.kind == "staff-trained":
        worker = replace(worker, trained_on=(*worker.trained_on, date.fromisoformat(body["on"])))
    elif entry.kind == "staff-roles":
        worker = replace(worker, roles=tuple(body["roles"]))
    else:
        worker = replace(worker, left_on=date.fromisoformat(body["on"]))
    people[worker.number] = worker


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
