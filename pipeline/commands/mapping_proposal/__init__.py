"""What `make init` proposes of a folder of files or a database: which is which table, and how it is read.

Everything proposed carries a confidence between 0 and 1; what is below `WRITTEN_FROM`, and what no
table can tell, becomes a question and is not written.
"""
