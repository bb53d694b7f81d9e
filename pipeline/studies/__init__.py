"""Questions about the way of working, answered on demand: one file a question.

A study is no stage: it decides nothing that a run needs, and takes minutes.
"""
