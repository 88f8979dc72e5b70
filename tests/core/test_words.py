from core.errors import CreditError, FirstframeError, UncertainError, UserError
from core.words import Sentence, say


def test_a_sentence_reads_filled_in():
    assert str(say("{name} costs {cost:.1f}", name="One", cost=2)) == "One costs 2.0"


def test_a_sentence_keeps_its_template_for_translation():
    assert say("{count} left", count=3) == Sentence("{count} left", {"count": 3})


def test_braces_in_a_value_are_only_text():
    assert str(say("You wrote {words}", words="{count} {0}")) == "You wrote {count} {0}"


def test_a_sentence_within_a_sentence_is_read_and_kept_with_it():
    sentence = say("{model} is up", model=say("{name} (gateway)", name="One"))

    assert str(sentence) == "One (gateway) is up"
    assert Sentence.from_json(sentence.to_json()) == sentence


def test_an_error_for_people_reads_as_its_sentence_and_keeps_it():
    sentence = say("{free} left", free=3)

    error = CreditError(sentence)

    assert str(error) == "3 left"
    assert error.sentence is sentence


def test_only_errors_for_people_are_shown_to_people():
    assert issubclass(CreditError, UserError)
    assert issubclass(UncertainError, FirstframeError)
    assert not issubclass(UncertainError, UserError)
