"""The `firstframe` command; every part imports what it needs only when it is called."""

import os
import sys

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="firstframe")
def main() -> None:
    """A Telegram bot that turns a photo and a caption into a video."""


@main.command()
def run() -> None:
    """Start the bot; settings come from the environment or `.env`."""
    from bot.__main__ import main as run_bot  # noqa: PLC0415

    run_bot()


@main.command()
@click.option("--out", default="out", show_default=True, help="Folder for the videos.")
def demo(out: str) -> None:
    """Show the main job with an emulated Telegram, without any account."""
    _become("playground.demo", "--out", out)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8081, show_default=True, help="0 takes any free port.")
@click.option("--token", default="", help="Token of the bot that is there from the start.")
@click.option("--services", is_flag=True, help="Emulate the video services as well.")
def playground(host: str, port: int, token: str, *, services: bool) -> None:
    """Run the emulated Telegram, and with `--services` emulated video services, without the bot."""
    more = ["--services"] if services else []
    _become("playground", "--host", host, "--port", str(port), "--token", token, *more)


@main.command()
def doctor() -> None:
    """Check settings, token, database, disk, codecs and clock; say what is on and what is off."""
    from bot.doctor import examine  # noqa: PLC0415

    sys.exit(examine())


@main.command()
@click.argument("backup")
def restore(backup: str) -> None:
    """Put a backup (a file, or a name under DATA_DIR/backups) in the database's place."""
    from bot.restore import restore as put_back  # noqa: PLC0415

    sys.exit(put_back(backup))


def _become(module: str, *arguments: str) -> None:
    """Let another program take this process over: the playground is a neighbour, not a part."""
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606
