"""The status server: health, readiness, metrics and a read API over HTTP.

What belongs here: HTTP, and asking Dagster's web server over HTTP. What does not: Dagster itself, which this process
never loads, and queries: everything it tells comes from `services.reporting`.
"""
