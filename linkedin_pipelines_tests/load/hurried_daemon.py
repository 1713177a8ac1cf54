"""Dagster's daemon, looking twice a second whether a sensor is due, where the usual one looks every five seconds."""

from __future__ import annotations

from dagster._daemon import cli, sensor


def main() -> None:
    """Dagster's own command."""
    sensor.MIN_INTERVAL_LOOP_TIME = 0.5  # type: ignore[assignment]  # Dagster has a whole number there, and rests so long
    cli.main()


if __name__ == "__main__":
    main()
