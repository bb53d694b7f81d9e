"""The arms of a wave's experiment: who is contacted, and who is left alone to compare with.

A customer without an offer is in no arm. An arm is what was drawn, whatever was sent in the end.
"""

TREATED = "treated"
CAMPAIGN_CONTROL = "campaign_control"
UNIVERSAL_CONTROL = "universal_control"

CONTROLS = (CAMPAIGN_CONTROL, UNIVERSAL_CONTROL)
ARMS = (TREATED, *CONTROLS)
OFFERED_ARMS = (TREATED, CAMPAIGN_CONTROL)
"""The arms of whoever has an offer: the universal control is withheld before one is drawn."""
