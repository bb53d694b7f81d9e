"""What stages hand over to each other as JSON: one frozen, closed model for each document.

Tables have contracts in `outputs.py`; everything smaller has one here. A stage reads and writes a
document through `pipeline.io.documents`, and never picks a key out of a dictionary.
"""
