"""A Telegram of your own, to try the bot and to test it without an account."""
