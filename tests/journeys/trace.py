"""A trace of everything that changes in the bot's database, also of what is changed back."""

import sqlite3
from contextlib import closing

from storage.tables import metadata

TRACED = (
    "accounts", "tasks", "ledger", "drafts", "audit", "overrides", "broadcasts", "blocked_words",
)  # fmt: skip
# What changes without anybody's doing.
QUIET = {
    "accounts": {"name", "username", "language", "reachable", "created", "seen", "id"},
    "tasks": {"status_message", "rank", "due", "claimed", "run", "started"},
    "drafts": {"due", "question", "updated"},
}


def lay(path):
    """From now on the database writes down what changes: a line for each new row or column."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE trace (line TEXT)")
        for name in TRACED:
            for statement in _triggers(metadata.tables[name]):
                database.execute(statement)


def read(path):
    with closing(sqlite3.connect(path)) as database:
        return [line for (line,) in database.execute("SELECT line FROM trace ORDER BY rowid")]


def _triggers(table):
    name, (key,) = table.name, table.primary_key.columns
    shown = [one.name for one in table.columns if one.name not in QUIET.get(name, ())]

    def trigger(event, *lines):
        body = " ".join(f"INSERT INTO trace {line};" for line in lines)
        return f"CREATE TRIGGER trace_{name}_{event} AFTER {event} ON {name} BEGIN {body} END"

    def changed(column, before):
        value = f"'{name} ' || NEW.{key.name} || ' {column}=' || coalesce(NEW.{column}, '') || ' '"
        return f"SELECT {value} WHERE {before} IS NOT NEW.{column}"

    whole = " || ".join(f"'{one}=' || coalesce(NEW.{one}, '') || ' '" for one in shown)
    added = [f"SELECT '{name} ' || {whole}"]
    if name == "accounts":  # everybody who writes gets one
        usual = {"allowed": 0, "banned": 0, "quiet": 0, "note": "''", "choices": "'{}'"}
        added = [changed(one, usual.get(one, "NULL")) for one in shown]
    yield trigger("insert", *added)
    yield trigger("update", *(changed(one, f"OLD.{one}") for one in shown))
    yield trigger("delete", f"SELECT '{name} ' || OLD.{key.name} || ' gone'")
