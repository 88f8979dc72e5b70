"""`firstframe restore`: a backup takes the place of the database while no bot runs."""

from pathlib import Path

import click

from bot import settings as settings_module
from bot.handlers.backup import FOLDER
from core.errors import SettingsError, StorageError
from jobs.dispatcher import lock
from storage import backups


def restore(backup: str) -> str | int:
    """Put a file, or a name in the folder of backups, back; gives 0, or what is wrong."""
    try:
        config = settings_module.load()
        file = Path(backup)
        if not file.exists():
            file = config.data_dir / FOLDER / file.name
        config.database_path.parent.mkdir(parents=True, exist_ok=True)
        with lock(config.database_path):
            before = backups.restore(file, config.database_path)
    except (SettingsError, StorageError, OSError) as error:
        return f"firstframe: {error}"
    click.echo(f"{file} is the database now.")
    if before:
        click.echo(f"What was there before lies in {before}.")
    return 0
