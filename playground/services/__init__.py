"""Emulated video services, written from what is known of the real ones; they know nothing of the bot."""
