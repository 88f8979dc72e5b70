"""Reply markup: inline keyboards are checked and echoed, everything else only shown."""

from playground.telegram.errors import bad
from playground.telegram.links import normalized
from playground.telegram.request import Request
from playground.telegram.state import Json

MAX_CALLBACK_DATA = 64
ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
}
SHOWN = {
    "keyboard": {"one_time_keyboard", "resize_keyboard", "is_persistent", "selective"},
    "remove_keyboard": {"selective"},
    "force_reply": {"selective"},
}


def reply_markup(req: Request) -> tuple[Json, Json]:
    """The markup that stays on the message, and the one only the person gets to see."""
    value = req.json("reply_markup", "reply keyboard markup")
    if value is None or value == {}:
        return {}, {}
    if not isinstance(value, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in value:
        rows = _rows(value["inline_keyboard"], "inline_keyboard")
        kept = [[_inline_button(button) for button in row] for row in rows if row]
        return ({"inline_keyboard": kept} if kept else {}), {}
    for name in SHOWN:
        if name in value:
            if name == "keyboard":
                _rows(value[name], name)
            return {}, value
    return {}, {}


def inline_markup(req: Request) -> Json:
    """For edits, where only an inline keyboard is possible."""
    inline, shown = reply_markup(req)
    if shown:
        raise bad("inline keyboard expected")
    return inline


def _rows(value: object, name: str) -> list[list[Json]]:
    if not isinstance(value, list):
        raise bad(f'field "{name}" must be of type Array')
    for row in value:
        if not isinstance(row, list):
            raise bad("can't parse keyboard button row: expected an Array")
        if name == "inline_keyboard" and not all(isinstance(button, dict) for button in row):
            raise bad("can't parse inline keyboard button: expected an Object")
    return value


def _inline_button(button: Json) -> Json:
    if not str(button.get("text") or ""):
        raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not ACTIONS & button.keys():
        raise bad("text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= MAX_CALLBACK_DATA:
        raise bad("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is None:
        return button
    good = normalized(str(url))
    if good is None:
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return button | {"url": good}
