import re
import traceback
from pathlib import Path

import pytest

from bot import settings
from bot.settings import Settings
from core.errors import SettingsError

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SECRET = "the-secret-nobody-may-see"
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / ".env.example"


@pytest.fixture
def load(monkeypatch):
    """Load the settings from an environment that has a token, and what the test adds."""

    def load(**variables):
        for name, value in {"TELEGRAM_BOT_TOKEN": TOKEN, **variables}.items():
            monkeypatch.setenv(name, value)
        return settings.load()

    return load


@pytest.fixture
def complaint(load):
    """What the settings say of an environment that will not do."""

    def complaint(**variables):
        with pytest.raises(SettingsError) as error:
            load(**variables)
        return str(error.value)

    return complaint


def test_a_token_is_all_that_is_needed(load):
    found = load().model_dump(exclude={"telegram_bot_token"})

    assert found == {
        "telegram_api_url": "https://api.telegram.org",
        "telegram_local_mode": False,
        "admin_ids": frozenset(),
        "database_url": "sqlite:///data/firstframe.db",
        "data_dir": Path("data"),
        "default_model": "auto",
        "access": None,
        "daily_credits": 60,
        "daily_budget": 3000,
        "keep_inputs_hours": 24,
        "keep_results_days": 7,
        "limits": {},
        "prices": {},
        "webhook_url": None,
        "webhook_secret": None,
        "listen": "127.0.0.1:8080",
        "public_url": None,
        "secret_key": None,
        "owners_chat": None,
        "allow_private_hosts": False,
    }


def test_without_a_token_it_is_the_token_that_is_named():
    with pytest.raises(SettingsError) as error:
        settings.load()

    assert str(error.value) == "TELEGRAM_BOT_TOKEN: is not set"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("TELEGRAM_BOT_TOKEN", "", "must look like 123456:ABC... (BotFather gives it)"),
        ("TELEGRAM_BOT_TOKEN", "12:short", "must look like 123456:ABC... (BotFather gives it)"),
        ("TELEGRAM_BOT_TOKEN", f"bot{TOKEN}", "must look like 123456:ABC... (BotFather gives it)"),
        ("ADMIN_IDS", "1,@tom", "must be Telegram user numbers, separated by commas"),
        ("ADMIN_IDS", "-1001", "must be Telegram user numbers, separated by commas"),
        ("LIMITS", "local.running", "must look like name=number,name=number"),
        ("LIMITS", "local.running=two", "must look like name=number,name=number"),
        ("PRICES", "local/camera", "must look like name=number,name=number"),
        ("PRICES", "local/camera=2;x=3", "must look like name=number,name=number"),
        ("LISTEN", "8080", "must look like 127.0.0.1:8080"),
        ("LISTEN", "127.0.0.1:http", "must look like 127.0.0.1:8080"),
        ("TELEGRAM_API_URL", "api.telegram.org", "must be an http(s) address"),
        ("TELEGRAM_API_URL", "ftp://api.telegram.org", "must be an http(s) address"),
        ("WEBHOOK_URL", "bot.example.org/hook", "must be an http(s) address"),
        ("DATABASE_URL", "postgresql://db/bot", "must be sqlite:///path/to/file.db"),
        ("DATABASE_URL", "sqlite:///", "must be sqlite:///path/to/file.db"),
        ("ACCESS", "some", "Input should be 'open' or 'closed'"),
        ("DAILY_CREDITS", "-1", "Input should be greater than or equal to 0"),
        ("DAILY_BUDGET", "-1", "Input should be greater than or equal to 0"),
        ("KEEP_INPUTS_HOURS", "0", "Input should be greater than or equal to 0.01"),
        ("KEEP_RESULTS_DAYS", "-7", "Input should be greater than or equal to 0.01"),
    ],
)
def test_a_mistake_is_told_with_the_name_of_its_variable(complaint, name, value, message):
    assert complaint(**{name: value}) == f"{name}: {message}"


@pytest.mark.parametrize("secret", [{}, {"WEBHOOK_SECRET": ""}])
def test_a_webhook_without_a_secret_is_refused(complaint, secret):
    found = complaint(WEBHOOK_URL="https://bot.example.org/hook", **secret)

    assert found == "WEBHOOK_SECRET: is not set; WEBHOOK_URL needs it"


def test_several_mistakes_are_told_at_once(complaint):
    found = complaint(ADMIN_IDS="tom", LISTEN="8080", DAILY_CREDITS="-1")

    assert [line.partition(":")[0] for line in found.split("; ")] == [
        "ADMIN_IDS",
        "DAILY_CREDITS",
        "LISTEN",
    ]


@pytest.mark.parametrize(
    "variables",
    [
        {"TELEGRAM_BOT_TOKEN": SECRET},
        {"DATABASE_URL": f"postgresql://bot:{SECRET}@db/bot"},
        {"WEBHOOK_URL": "https://x.org", "WEBHOOK_SECRET": SECRET, "LISTEN": "8080"},
        {"WEBHOOK_URL": f"wss://bot:{SECRET}@x.org"},
    ],
)
def test_no_error_repeats_a_secret(load, variables):
    with pytest.raises(SettingsError) as error:
        load(**variables)

    told = "".join(traceback.format_exception(error.value))
    assert "Error: " in told
    assert SECRET not in told
    assert TOKEN not in told


def test_settings_print_without_their_secrets(load):
    found = repr(load(WEBHOOK_URL="https://x.org", WEBHOOK_SECRET=SECRET))

    assert "x.org" in found
    assert TOKEN not in found
    assert SECRET not in found


def test_owners_are_numbers_with_commas_and_any_spaces(load):
    assert load(ADMIN_IDS=" 7, 42 ,").admin_ids == {7, 42}


def test_limits_and_prices_are_read_by_name(load):
    found = load(LIMITS="dashscope.running=5, volcengine.rps=0.5", PRICES="local/camera=2")

    assert found.limits == {"dashscope.running": 5, "volcengine.rps": 0.5}
    assert found.prices == {"local/camera": 2}


@pytest.mark.parametrize("value", ["0.0.0.0:80", "localhost:8080", "[::1]:8080"])
def test_the_server_may_listen_on_names_and_on_both_kinds_of_addresses(load, value):
    assert load(LISTEN=value).listen == value


def test_a_slash_at_the_end_of_an_address_does_not_count(load):
    found = load(
        TELEGRAM_API_URL="http://127.0.0.1:8081/",
        WEBHOOK_URL="https://x.org/hook/",
        WEBHOOK_SECRET="s",
    )

    assert found.telegram_api_url == "http://127.0.0.1:8081"
    assert found.webhook_url == "https://x.org/hook"


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:///data/bot.db", "data/bot.db"), ("sqlite:////var/lib/bot.db", "/var/lib/bot.db")],
)
def test_the_database_lies_where_its_address_says(load, url, path):
    assert load(DATABASE_URL=url).database_path == Path(path)


def test_a_dotenv_file_in_the_folder_is_read(tmp_path):
    (tmp_path / ".env").write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}\nADMIN_IDS=7,42\n")

    found = settings.load()

    assert found.telegram_bot_token.get_secret_value() == TOKEN
    assert found.admin_ids == {7, 42}


def test_the_environment_beats_the_dotenv_file(load, tmp_path):
    (tmp_path / ".env").write_text("DAILY_CREDITS=1\nDAILY_BUDGET=2\n")

    found = load(DAILY_CREDITS="3")

    assert (found.daily_credits, found.daily_budget) == (3, 2)


def test_a_mistake_in_the_dotenv_file_is_told_by_its_variable(complaint, tmp_path):
    (tmp_path / ".env").write_text("LISTEN=everywhere\n")

    assert complaint() == "LISTEN: must look like 127.0.0.1:8080"


def test_variables_of_others_in_the_dotenv_file_do_no_harm(load, tmp_path):
    (tmp_path / ".env").write_text("DASHSCOPE_API_KEY=sk-1\nDAILY_CREDITS=5\n")

    assert load().daily_credits == 5


def test_every_variable_of_the_example_is_a_setting():
    names = re.findall(r"^#?([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)

    code = "".join(path.read_text() for path in (ROOT / "providers").rglob("*.py"))
    ours = {name for name in names if name.lower() in Settings.model_fields}
    of_providers = {name for name in names if f'"{name}"' in code}
    assert len(names) > 10
    assert set(names) - ours == of_providers


@pytest.mark.parametrize(
    ("access", "paid", "closed"),
    [
        (None, False, False),
        (None, True, True),
        ("open", True, False),
        ("open", False, False),
        ("closed", False, True),
        ("closed", True, True),
    ],
)
def test_a_paid_key_closes_the_bot_unless_the_owners_say_otherwise(load, access, paid, closed):
    found = load(**{"ACCESS": access} if access else {})

    assert found.policy(paid=paid).closed is closed


def test_the_policy_takes_over_owners_credits_and_prices(load):
    found = load(ADMIN_IDS="7", DAILY_CREDITS="5", DAILY_BUDGET="50", PRICES="local/camera=2")

    policy = found.policy(paid=False)

    assert policy.owners == {7}
    assert (policy.daily_credits, policy.daily_budget) == (5, 50)
    assert policy.prices == {"local/camera": 2}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("KEEP_RESULTS_DAYS", "1e12", "Input should be less than or equal to 36500"),
        ("DAILY_CREDITS", "9" * 30, "Input should be less than or equal to 1000000"),
        ("DAILY_BUDGET", "1000001", "Input should be less than or equal to 1000000"),
        ("KEEP_INPUTS_HOURS", "1e15", "Input should be less than or equal to 876000"),
        ("ADMIN_IDS", "\u00b2", "must be Telegram user numbers, separated by commas"),
        ("LIMITS", "local.running=-1", "must not be negative"),
        ("LIMITS", "local.running=nan", "must not be negative"),
        ("PRICES", "local/camera=-2", "must not be negative"),
        ("PRICES", "local/camera=inf", "must not be negative"),
        ("LISTEN", "127.0.0.1:99999", "must have a port up to 65535"),
        ("WEBHOOK_SECRET", "two words", "must be 1 to 256 letters, digits, _ and -"),
    ],
)
def test_a_value_that_could_only_fail_later_is_refused_at_once(complaint, name, value, message):
    assert complaint(**{name: value}) == f"{name}: {message}"


def test_every_key_token_and_session_is_a_secret_and_nothing_else_is():
    variables = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "WEBHOOK_SECRET": "webhook-secret",
        "SECRET_KEY": "signs-links",
        "DASHSCOPE_API_KEY": "sk-first, sk-second-one",
        "VOLC_ACCESSKEY": "AKLTone",
        "VOLC_SECRETKEY": "c2VjcmV0==",
        "DREAMINA_SESSIONID": "0123456789abcdef",
        "TOKENOPS_BASE_URL": "https://api.example.org/v1",
        "DREAMINA_DRAFT_STYLE": "gen_video",
        "SOME_KEY": "ab",
    }

    found = settings.secrets(variables)

    assert set(found) == {
        TOKEN, "webhook-secret", "signs-links", "sk-first", "sk-second-one", "AKLTone",
        "c2VjcmV0==", "0123456789abcdef",
    }  # fmt: skip
    assert found == sorted(found, key=len, reverse=True)  # a part must not spoil the whole


def test_the_variables_of_every_provider_that_hold_secrets_are_known_by_their_names():
    code = "".join(path.read_text() for path in (ROOT / "providers").rglob("*.py"))
    lists = re.findall(r'kit\.keys\("(\w+)"\)', code)
    held = {name for name in lists if not name.endswith("_REQ_KEYS")} | {"DREAMINA_SESSIONID"}

    assert len(held) >= 4
    assert settings.secrets(dict.fromkeys(held, "a-secret-value")) == ["a-secret-value"]
    assert all(settings.secrets({name: "a-secret-value"}) for name in held)
