"""answerCallbackQuery: once, and in time."""

from playground.telegram.errors import bad
from playground.telegram.request import Request
from playground.telegram.state import CallbackAnswer

MAX_ANSWER = 200
TOO_LATE = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(req: Request) -> bool:
    query = req.world.queries.get(req.text("callback_query_id"))
    now = req.world.clock.now()
    if query is None or query.bot is not req.bot or query.answer is not None:
        raise bad(TOO_LATE)
    if now > query.asked + req.world.callback_lifetime:
        raise bad(TOO_LATE)
    text = req.text("text")
    if len(text) > MAX_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    query.answer = CallbackAnswer(text, req.flag("show_alert"), req.text("url"))
    req.world.journal.add(
        "callback_answer",
        query_id=query.id,
        user_id=query.user.id,
        chat_id=query.message.chat.id,
        message_id=query.message.message_id,
        text=text,
        show_alert=query.answer.show_alert,
    )
    return True
