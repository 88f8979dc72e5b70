"""Pixels and sound: reading, checking, fitting, converting and drawing, in child processes."""
