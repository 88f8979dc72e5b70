"""One file per video service."""
