"""The measure in words for the review pack: kinds of detail and counts, never what a detail says."""

from __future__ import annotations

from pipeline.domain.risk import RiskAssessment

_GIVEN_UP = {"age": "age", "dates": "dates", "origin": "origin", "rare": "rare details"}


def risk_words(risk: RiskAssessment | None, before: RiskAssessment | None = None) -> list[tuple[str, str]]:
    """Rows of name and value; none for a story that was not told far enough to be measured.

    ``before`` is the measure of the story as it would usually have been told.
    """
    if risk is None:
        return []
    if risk.identified:
        return [("Recognisable", "By permission: the person is named. Others are told by their role.")]
    given = ", ".join(_GIVEN_UP[step.rpartition("-")[0]] for step in risk.given_up)
    rows = [
        ("Details left", ", ".join(kind.value for kind in risk.remaining) or "none"),
        ("Singling out", _singling_out(risk)),
        ("Linkability", _linkability(risk)),
        ("Inference", _inference(risk)),
    ]
    if given or risk.dropped:
        left_out = f"; {risk.dropped} sentence(s) left out" if risk.dropped else ""
        fewer = f"; told as usual, it would have fitted {before.crowd}" if before and before.crowd < risk.crowd else ""
        rows.append(("Told more broadly", (given or "nothing") + left_out + fewer))
    return rows


def _singling_out(risk: RiskAssessment) -> str:
    population = f"About {risk.population:,} of {risk.area:,} people where you work would fit; the policy asks for {risk.needed}."
    if not risk.listed:
        return f"{population} There is no client list to count in: weak evidence."
    words = (
        f"{risk.crowd} of {risk.listed} on the client list fit what is left, {risk.crowd_outcome} with the outcome counted in; "
        f"{risk.comparable} and {risk.comparable_outcome} share only what a story cannot be told without. {population}"
    )
    return f"{words} The list has too few comparable people for that number: weak evidence." if risk.weak else words


def _linkability(risk: RiskAssessment) -> str:
    words = f"{risk.shared} exact value(s) stand in another document about the same person."
    if risk.listed and risk.shared:
        words += f" Joined, they fit {risk.joined} on the client list."
    if risk.joins_named:
        words += " One of those names the person by permission: whoever holds both can tell who this is."
    return words


def _inference(risk: RiskAssessment) -> str:
    if not risk.alike:
        return "Those who fit differ in every column that the document does not tell."
    return f"Everybody who fits is the same in: {', '.join(risk.alike)}."
