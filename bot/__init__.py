"""Telegram: what people send, see and press; the one place where everything is wired."""
