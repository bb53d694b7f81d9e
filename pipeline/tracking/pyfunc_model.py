"""A saved model as MLflow serves it: feature columns in, score and propensity out.

MLflow runs this file to load a model, with the project's code of that time beside it.
"""

from pipeline.tracking.served_model import load_served, predict
from pipeline.tracking.store import serve

serve(load_served, predict)
