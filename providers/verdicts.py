"""What people are told when a service says no: the honest kinds, in words every service shares."""

from core.words import say

OURS = say(
    "The bot's own account with this service has a problem; its owners are told. "
    "Nothing was charged."
)
WORDS = say(
    "The service does not accept these words: its content rules forbid them. "
    "Write it another way. Nothing was charged."
)
PICTURE = say(
    "The service does not accept this picture: its content rules forbid it. "
    "Take another one. Nothing was charged."
)
SOUND = say(
    "The service does not accept this sound: its content rules forbid it. "
    "Take another one. Nothing was charged."
)
CONTENT = say(
    "The service does not accept this picture or these words: its content rules forbid them. "
    "Change them and try again. Nothing was charged."
)
RESULT = say(
    "The service made the video and then withheld it: its content rules forbid what came out. "
    "Another picture or other words may help. Nothing was charged."
)
COPYRIGHT = say(
    "The service sees somebody's protected work in this picture or these words. "
    "Change them and try again. Nothing was charged."
)
PERSON = say(
    "The service makes no video of this person: it has rules about real people. "
    "Take another picture. Nothing was charged."
)
NOBODY = say(
    "The service finds no person in this picture whom it could use. "
    "Take one that shows a face clearly. Nothing was charged."
)
UNFIT_PICTURE = say(
    "The service cannot use this picture ({code}). Take another one. Nothing was charged."
)
UNFIT = say(
    "The service refused this order ({code}). Change the picture, the words or the options. "
    "Nothing was charged."
)
FAILED = say("The service failed to make this video. Nothing was charged.")
