"""The life of a task, from queued to delivered."""
