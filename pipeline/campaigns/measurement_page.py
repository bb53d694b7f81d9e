"""The measurement as a page to read: what came back, what it means, and the figures behind."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.campaigns.matching import FINDINGS
from pipeline.campaigns.wave_policies import POLICIES

_OUTCOMES = {
    "take_up": ("Took the offer up, in 100", 100.0),
    "revenue_cents": ("Revenue per customer", 0.01),
    "profit_cents": ("Profit per customer, net of contact cost", 0.01),
}
NO_RESPONSES = (
    "No responses have come back yet, so nothing is measured. "
    "`data/responses/README.md` says what to put there."
)
NO_WAVES = "No wave has been sealed as sent yet; `make seal` does it."


def write_page(report: Mapping[str, Any]) -> str:
    """Return the report as Markdown."""
    lines = ["# What the campaigns caused", "", *_paragraphs(report["in_words"])]
    if report["responses"]["rows"]:
        lines += _describe_responses(report["responses"])
    for wave, found in report["waves"].items():
        lines += _describe_wave(wave, found)
    return "\n".join(lines).rstrip() + "\n"


def _describe_responses(responses: Mapping[str, Any]) -> list[str]:
    rows = [
        (
            name,
            f"{found['rows']:,}",
            f"{found['orders']:,}",
            f"{found['counted']:,}",
            FINDINGS[name],
        )
        for name, found in responses["findings"].items()
    ]
    said = (
        f"{responses['rows']:,} rows came back, {responses['counted']:,} of them count. Of "
        f"{responses['orders']:,} orders, {responses['orders_counted']:,} count for a running offer "
        "of their own customer, by one rule in every arm; the findings say why the others do not."
    )
    odd = "`data/measurement/unmatched.parquet` holds every row with a finding."
    return [
        "## Responses",
        "",
        *_paragraphs([said, odd if rows else "Nothing is odd about them."]),
        *_table(("finding", "rows", "of them orders", "counted all the same", "meaning"), rows),
    ]


def _describe_wave(wave: str, found: Mapping[str, Any]) -> list[str]:
    lines = [f"## Wave {wave}", ""]
    if "conclusion" not in found:
        arms = ", ".join(f"{arm} {customers:,}" for arm, customers in found["arms"].items())
        return [*lines, *_paragraphs([f"Sent as of {found['as_of_date']}: {arms}."])]
    return [
        *lines,
        *(f"- {sentence}" for sentence in _sentences(found)),
        "",
        *_effect_table(found["effects"]),
        *_truth(found.get("truth")),
        *_claim_tables(found.get("claim")),
        "### Policies valued on this wave",
        "",
        *_policy_table(found["policies"]["policies"]),
        "### By campaign",
        "",
        *_campaign_table(found["by_campaign"]),
        "### By decile of propensity, 1 the likeliest",
        "",
        *_decile_table(found["deciles"]),
        "### Ranking by estimated effect",
        "",
        *_describe_rankings(found["rankings"]),
        "### By arm, which is the cell in the code",
        "",
        *_arm_table(found["arms"]),
        *(line for column, parts in found["breakdown"].items() for line in _cut(column, parts)),
    ]


def _sentences(found: Mapping[str, Any]) -> list[str]:
    return [
        *found["conclusion"]["sentences"],
        *found["claim_in_words"],
        found["policies"]["in_words"],
        *found["notes"],
    ]


def _claim_tables(claim: Mapping[str, Any] | None) -> list[str]:
    """Return the calibration of claimed against measured effects."""
    if claim is None:
        return []
    heads = ("customers", "claimed, in 100", "measured")
    cuts = {"channel": claim["by_channel"], "decile of claimed effect": claim["by_decile"]}
    return [
        line
        for name, parts in cuts.items()
        for line in (
            f"### Claimed and measured effect by {name}",
            "",
            *_table(
                (name, *heads),
                [
                    (
                        part["value"],
                        f"{part['customers']:,}",
                        _with_interval(part["claimed"], 100),
                        _with_interval(part["measured"], 100),
                    )
                    for part in parts
                ],
            ),
        )
    ]


def _policy_table(policies: Mapping[str, Mapping[str, Any]]) -> list[str]:
    heads = (
        "policy",
        "contacted, in 100",
        "doubly robust",
        "self-normalised",
        "inverse propensity",
    )
    rows = [
        (
            POLICIES[name],
            _number(found["contacted_share"], 100),
            *(
                _with_interval(found["incremental_cents"][each], 0.01)
                for each in ("dr", "snips", "ips")
            ),
        )
        for name, found in policies.items()
    ]
    note = "Profit per offered customer over no contact, net of contact cost, with 95% intervals."
    return [*_paragraphs([note]), *_table(heads, rows)]


def _effect_table(effects: Sequence[Mapping[str, Any]]) -> list[str]:
    heads = ("outcome", "against", "with", "without", "difference", "plain difference", "ratio")
    rows = []
    for effect in effects:
        name, times = _OUTCOMES[effect["outcome"]]
        best = effect["adjusted" if effect["is_adjusted"] else "raw"]
        rows.append(
            (
                name,
                effect["control"],
                _number(best["treated"], times),
                _number(best["control"], times),
                _with_interval(best["difference"], times),
                _with_interval(effect["raw"]["difference"], times),
                _with_interval(best["ratio"], 1),
            )
        )
    note = (
        "Intervals are of 95% confidence. With and without are compared at equal campaign "
        "and propensity where that makes the interval narrower, the plain difference is that of the arms as drawn. "
        "Against the universal control the difference includes what earlier waves did."
    )
    return [*_table(heads, rows), *_paragraphs([note])]


def _truth(truth: Mapping[str, Any] | None) -> list[str]:
    if truth is None:
        return []
    said = [
        f"The truth of the simulated company, {_OUTCOMES[outcome][0].lower()}: "
        f"{_number(found['value'], _OUTCOMES[outcome][1])}, "
        f"{'inside' if found['is_covered'] else 'outside'} the interval."
        for outcome, found in truth.items()
    ]
    return _paragraphs(said)


def _describe_rankings(rankings: Mapping[str, Any]) -> list[str]:
    names = {
        "propensity": "propensity",
        "estimated_effect": "estimated effect",
        "gain": "gain of the estimated effect",
    }
    rows = [
        (said, _with_interval(rankings[name], 100))
        for name, said in names.items()
        if name in rankings
    ]
    table = _table(("ranked by", "Qini coefficient, responses caused per 100 treated"), rows)
    return [*_paragraphs([rankings["in_words"]]), *table]


def _campaign_table(campaigns: Mapping[str, Mapping[str, Any]]) -> list[str]:
    heads = ("campaign", "treated", "controls", "with, in 100", "without", "difference")
    rows = [
        (
            name,
            f"{effect['treated_customers']:,}",
            f"{effect['control_customers']:,}",
            _number(effect["raw"]["treated"], 100),
            _number(effect["raw"]["control"], 100),
            _with_interval(effect["raw"]["difference"], 100),
        )
        for name, effect in campaigns.items()
    ]
    return _table(heads, rows)


def _decile_table(deciles: Sequence[Mapping[str, Any]]) -> list[str]:
    heads = ("decile", "predicted, in 100", "with contact", "lift", "without contact", "difference")
    rows = [
        (
            str(decile["decile"]),
            _number(decile["propensity"], 100),
            _with_interval(decile["treated"], 100),
            _number(decile["lift"], 1),
            _with_interval(decile["control"], 100),
            _with_interval(decile["uplift"], 100),
        )
        for decile in deciles
    ]
    return _table(heads, rows)


_SHARES = ("opened", "clicked", "redeemed", "take_up", "unsubscribed")


def _arm_table(arms: Mapping[str, Mapping[str, Any]]) -> list[str]:
    heads = ("arm", "customers", *(f"{name}, in 100" for name in _SHARES), "revenue")
    rows = [
        (
            arm,
            f"{found['customers']:,}",
            *(_number(found[name]["value"], 100) for name in _SHARES),
            _number(found["revenue_cents"], 0.01),
        )
        for arm, found in arms.items()
    ]
    return _table(heads, rows)


def _cut(column: str, parts: Sequence[Mapping[str, Any]]) -> list[str]:
    heads = (column, "treated", *(f"{name}, in 100" for name in _SHARES), "without contact")
    rows = [
        (
            part["value"],
            f"{part['customers']:,}",
            *(_number(part[name]["value"], 100) for name in _SHARES),
            _with_interval(part["control_take_up"], 100),
        )
        for part in parts
    ]
    return [f"### The treated by {column}", "", *_table(heads, rows)] if rows else []


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    written = [f"| {' | '.join(row)} |" for row in rows]
    if not written:
        return []
    return [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *written, ""]


def _paragraphs(sentences: Iterable[str]) -> list[str]:
    return [line for sentence in sentences for line in (sentence, "")]


def _number(value: float | None, times: float) -> str:
    return "–" if value is None else f"{value * times:,.2f}"


def _with_interval(interval: Mapping[str, float | None], times: float) -> str:
    if interval["value"] is None:
        return "–"
    low, high = _number(interval["low"], times), _number(interval["high"], times)
    return f"{_number(interval['value'], times)} ({low} to {high})"
