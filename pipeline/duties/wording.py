"""What the papers of the policy can say about the organisation and its policy, by the names that templates use."""

from __future__ import annotations

from datetime import date

from pipeline.documents.prose import spoken
from pipeline.domain.organisation import Organisation
from pipeline.domain.policy import Policy

NO_CONTACT = "our office"  # an organisation that prints no contact can still be asked


def house_words(organisation: Organisation, on: date | None) -> dict[str, str]:
    """The values that every paper has; ``on`` is the day it is written, ``None`` on a blank form."""
    return {
        "organisation": organisation.name,
        "contact": organisation.contact or organisation.website or NO_CONTACT,
        "website": organisation.website,
        "on": spoken(on) if on else "",
    }


_TERMS = {0: "whenever it changes", 12: "at least every year", 24: "at least every two years", 36: "at least every three years"}


def policy_words(policy: Policy, training_months: int) -> dict[str, str]:
    """The policy's version and days, as papers say them, and how long a training counts, 0 for ever (P29, P30)."""
    return {
        "training": _TERMS.get(training_months, f"at least every {training_months} months"),
        "version": policy.version,
        "approved_on": spoken(policy.approved_on),
        "review_by": spoken(policy.review_by),
    }
