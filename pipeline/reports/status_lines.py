"""How things stand, in lines for a terminal: champions, last wave, data, what is due."""

from collections.abc import Collection, Sequence

from pipeline.foundation.contracts.hand_overs.claims_report import ClaimsReport, SealedClaim
from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.hand_overs.monitoring_report import MonitoringReport
from pipeline.foundation.contracts.hand_overs.validation_report import ValidationReport
from pipeline.reports.formatting import number


def tell_champion(model: str, found: MonitoringReport | None) -> str:
    """Return who scores, since when, and how it did on the latest outcomes."""
    if found is None:
        return f"champion     {model}: nothing is on file of it yet; make score or make repro asks"
    since = (
        f"since the data of {found.champion_since}, {found.age_days} days of data ago"
        if found.champion_since
        else "since when is not on file"
    )
    return (
        f"champion     {model}: {found.champion.name} {found.champion.version}, {since}; AUC "
        f"{number(found.auc.value)} on {found.positives:,} outcomes after {found.outcomes_as_of_date}"
    )


def tell_claim(last: SealedClaim | None, claims: ClaimsReport | None) -> str:
    """Return the last sealed wave, what it claims, and whether that came true."""
    if last is None:
        return "last wave    none was sealed"
    claimed = f"claims {_figure(last.take_ups)} take-ups" if last.take_ups else "without a claim"
    outcomes = {} if claims is None else {one.wave: one for one in claims.waves}
    outcome = outcomes.get(last.wave)
    if outcome is None:
        measured = "not measured yet"
    else:
        held = "which agrees" if outcome.is_held else "which does not agree"
        measured = f"measured {_figure(outcome.measured)}, {held}"
    return f"last wave    {last.wave}: {last.treated_customers:,} contacted, {claimed}, {measured}"


def tell_data(
    validation: ValidationReport | None, funnel: FunnelReport | None, last: SealedClaim | None
) -> str:
    """Return how far the data reach, which day was decided for, and how far that is from sending."""
    if validation is None:
        return "data         none were validated"
    reach = f"cover to {validation.coverage.end}" if validation.coverage else "have no dates"
    decided = f"; {funnel.wave} is decided for {funnel.as_of_date}" if funnel else ""
    days = (funnel.as_of_date - last.as_of_date).days if funnel and last else None
    since = f", {days} days after the last wave" if days is not None else ""
    return f"data         {validation.verdict}, {reach}{decided}{since}"


def tell_due(
    reports: Sequence[MonitoringReport],
    retrained: Collection[str],
    funnel: FunnelReport | None,
    last: SealedClaim | None,
) -> list[str]:
    """Return what somebody has to do, why, and the command that does it.

    Args:
        reports: of every champion.
        retrained: models that a run may train.
        funnel: the decided wave.
        last: the last sealed one.
    """
    found = [
        f"retraining of {one.model}: {reason} {_retraining(one.model in retrained)}"
        for one in reports
        for reason in one.reasons()
    ]
    if funnel is None:
        found.append("a first wave: make monthly")
    elif last is None or last.wave != funnel.wave:
        found.append(f"{funnel.wave} is decided and not sealed: make seal when it is sent")
    return [f"due          {one}" for one in found or ["nothing until new data come: make monthly"]]


def _retraining(is_trained: bool) -> str:
    if is_trained:
        return "The next make monthly trains it"
    return "It is frozen: name it in retraining.models of params.yaml, and make monthly trains it"


def _figure(figure: Figure | None) -> str:
    if figure is None or figure.value is None or figure.low is None or figure.high is None:
        return "an unknown number of"
    return f"{figure.value:,.0f} ({figure.low:,.0f} to {figure.high:,.0f})"
