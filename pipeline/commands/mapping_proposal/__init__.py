"""What `make init` proposes of a folder of files: which is which table, and how it is read.

Everything proposed carries a confidence between 0 and 1; what is below `WRITTEN_FROM`, and what no
file can tell, becomes a question and is not written.
"""
