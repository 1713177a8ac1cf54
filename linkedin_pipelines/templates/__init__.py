"""Configuration that a new home begins with, as files: part of the package, so that a wheel brings them along."""

from __future__ import annotations

from pathlib import Path

TEMPLATES = Path(__file__).parent
HOME_FILES = ("dagster.yaml", "workspace.yaml", "accounts.example.yaml")
"""What `linkedin-pipelines init` copies into a home, unless it is there already."""
