"""What a treatment causes, from rows of treatments and outcomes: no customer, no channel.

In: `rows.TreatmentRows` (observed) and `randomised.randomised_rows` (drawn). The way:

    compare_arms      nuisance models, overlap, trimming           comparison, nuisance
    balance           covariates before and after weighting        balance
    relative_effect   doubly robust, by any part of the rows       doubly_robust
    refutations       placebos that the estimate can fail          refutations
    learn_effects     levels, shrinkage, bias, all evidence        learning, finer_levels, shrinking

Out: `effect_model.EffectModel`. Its unit is the share by which a contact changes the odds:

    model = EffectModel.from_json(...)
    predicted = model.predict("email", strata)       # names by level, and traits, one row a unit
    predicted.effect(probability)                    # change of the probability
    predicted.interval(probability, confidence)      # its limits
    predicted.origin                                 # "randomised", "observational", "assumed"

`probability` is that of the outcome as things are, without the contact in question.

The stage `effects` writes `data/effects/effects.parquet` with it (contract EFFECTS): one row for
every scored candidate × channel, with `share`, `effect`, `effect_low`, `effect_high` (the interval
at `decide.effect.interval`), `effect_error` and `effect_origin`; `decide` joins it to what it
weighs by (model, category, customer_id, channel), and needs nothing else of this room.
"""
