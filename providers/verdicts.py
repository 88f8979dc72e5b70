"""What people are told when a service says no: the honest kinds, in words every service shares."""

from core.words import say

OURS = say("The bot's own account with this service has a problem; its owners are told.")
WORDS = say(
    "The service does not accept these words: its content rules forbid them. Write it another way."
)
PICTURE = say(
    "The service does not accept this photo: its content rules forbid it. Take another one."
)
SOUND = say(
    "The service does not accept this sound: its content rules forbid it. Take another one."
)
CONTENT = say(
    "The service does not accept this photo or these words: its content rules forbid them. "
    "Change them and try again."
)
RESULT = say(
    "The service made the video and then withheld it: its content rules forbid what came out. "
    "Another photo or other words may help."
)
COPYRIGHT = say(
    "The service sees somebody's protected work in this photo or these words. Change them and "
    "try again."
)
PERSON = say(
    "The service makes no video of this person: it has rules about real people. Take another "
    "photo."
)
NOBODY = say(
    "The service finds no person in this photo whom it could use. Take one that shows a face "
    "clearly."
)
UNFIT_PICTURE = say("The service cannot use this photo ({code}). Take another one.")
UNFIT = say("The service refused this video ({code}). Change the photo, the words or the options.")
FAILED = say("The service failed to make this video.")
