"""The sentences of the families in further languages: one file a language, named by its code."""
