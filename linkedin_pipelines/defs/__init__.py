"""Dagster objects only: each asks a service, and tells in metadata what the service answered.

Everything in this package is found by itself; `linkedin_pipelines.definitions` only names the folder.
"""
