"""Queries of the read API and of the metrics, and the rows that the status server keeps."""
