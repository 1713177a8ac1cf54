"""Readers of the files that a member owns: one file format a module, nothing of the database.

Each reader is a generator over an open file. It yields what the rows say (`domain.records`), a `RefusedRow` for each
row that cannot be taken, and raises `RefusedFileError` where the file as a whole cannot be trusted. None holds more
than a few thousand rows at a time.
"""

IMPORTER_VERSION = 2
"""Raised whenever a reader would understand a file differently, so that files imported before may be imported again."""
