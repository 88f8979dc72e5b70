"""A language is one file: put there, it is offered, picked and spoken, and no code changes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.translations import languages, own_name

ROOT = Path(__file__).parents[2]
GERMAN = """
msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Nothing was charged."
msgstr "Es wurde nichts berechnet."

msgid "{count} effect"
msgid_plural "{count} effects"
msgstr[0] "{count} Effekt"
msgstr[1] "{count} Effekte"
"""
ASK = """
import json
from bot.translations import languages, own_name, pick, translate
from core.words import say, say_many
print(json.dumps({
    "offered": {code: own_name(code) for code in languages()},
    "picked": [pick("de"), pick("de-AT"), pick("fr")],
    "said": [
        translate(say("Nothing was charged."), "de"),
        translate(say_many("{count} effect", "{count} effects", count=2), "de"),
        translate(say("Not translated yet."), "de"),
    ],
}))
"""


@pytest.fixture
def bot_with_german(tmp_path):
    """A copy of the bot's texts, with one file more."""
    (tmp_path / "bot").mkdir()
    for name in ("__init__.py", "translations.py", "locale"):
        source, target = ROOT / "bot" / name, tmp_path / "bot" / name
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    texts = tmp_path / "bot" / "locale" / "de" / "LC_MESSAGES"
    texts.mkdir(parents=True)
    (texts / "firstframe.po").write_text(GERMAN, encoding="utf-8")
    return tmp_path


def test_a_language_is_one_file(bot_with_german):
    paths = os.pathsep.join([str(bot_with_german), str(ROOT)])
    found = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**os.environ, "PYTHONPATH": paths},
        cwd=bot_with_german,
        capture_output=True,
        check=True,
    )

    assert json.loads(found.stdout) == {
        "offered": {"en": "English", "de": "Deutsch", "zh": "中文"},
        "picked": ["de", "de", "en"],
        "said": ["Es wurde nichts berechnet.", "2 Effekte", "Not translated yet."],
    }


def test_every_language_has_a_name_of_its_own():
    names = [own_name(code) for code in languages()]

    assert len(set(names)) == len(names) >= 2
