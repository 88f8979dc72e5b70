"""The built-in renderer: honest camera moves over a photo, drawn on the processor."""
