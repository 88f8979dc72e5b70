"""Who may do what, as one table: every command and every button, for every sender in every place.

A row is what is written or pressed, one code for each sender in the private chat, in a group and in
the owners' chat, and what shows that it was done. The codes:

    D  done: all of the row's evidence is there
    R  refused in words, and nothing changed
    N  read as if there were no such video: whose it is stays unsaid
    H  told where to ask, and nothing changed
    A  asked to write as a person, not as the group, and nothing changed
    S  met with silence, and nothing changed
    -  cannot happen

Evidence is a pattern of what the bot says (labels of buttons stand in brackets), or with = of what
changes in the database; with ~ of what may change besides. `{braces}` name what the sender gets for
this row alone, the member's unless it says otherwise: {video} was delivered in this chat, {running} is
on its way, {failed}, {own} is the sender's, {hidden} an anonymous admin's; {shared} stands in a
group, {reported} was reported there; {draft} waits for an answer; {new} is an account nobody has
met, {out} a banned one, {rich} one with granted credits.
"""

from typing import NamedTuple

PLACES = {
    # A helper who was banned stands for everybody who is kept out; the owner is the bot's.
    "private": ("stranger", "member", "other", "support", "admin", "owner", "banned"),
    # The group's admin also writes as the group itself; the owner writes as a channel, and in one.
    "group": ("stranger", "member", "other", "group admin", "anonymous", "as channel",
              "in channel", "support", "admin", "owner", "banned"),
    # Here the owner runs the chat and writes as the chat itself, too.
    "owners": ("member", "anonymous", "support", "admin", "owner"),
}  # fmt: skip

COMMANDS = r"""
# private: str mem oth sup adm own ban
# group:   str mem oth gad ano chn post sup adm own ban
# owners:  mem ano sup adm own

/start                         | DDDDDDD | DDDDDDSDDDD | DDDDD | Send me a|In this group
/start job_{video}             | NDNNNDN | NDNNNNSNNDN | DNNND | Video {video}\n
/start words_{video}           | NDNNNNN | NDNNNNSNNNN | DNNNN | Video {video} has these words
/help                          | DDDDDDD | DDDDDDSDDDD | DDDDD | \[🎬 Models\]
/video                         | DDDDDDD | DDDDDDSDDDD | DDDDD | under a photo
/settings                      | DDDDDDD | RRRDDRSRRRR | RDRRD | \[Model
/models                        | DDDDDDD | DDDDDDSDDDD | DDDDD | local/camera
/effects                       | DDDDDDD | DDDDDDSDDDD | DDDDD | No model here
/lang                          | DDDDDDD | DDDDDDSDDDD | DDDDD | \[English\]
/privacy                       | DDDDDDD | DDDDDDSDDDD | DDDDD | What is kept
/balance                       | DDDDDDD | DDDDDDSDDDD | DDDDD | credits free
/jobs                          | DDDDDDD | DDDDDDSDDDD | DDDDD | You have no videos|Your newest
/job {video}                   | NDNNNDN | NDNNNNSNNDN | DNNND | Video {video}\n
/cancel {running}              | NDNDDDN | NDNNNNSDDDN | DNDDD | ideo {running}, =tasks {running} state=cancelled, ~ledger .*task={running} , ~audit .*by={me} action=cancel account={member} detail={running}
/cancel {hidden_running}       | NNNDDDN | NNNDDNSDDDN | NDDDD | ideo {hidden_running}, =tasks {hidden_running} state=cancelled, ~ledger .*task={hidden_running} , ~audit .*by={me} action=cancel .*detail={hidden_running}
/history                       | DDDDDDD | HHHHHHSHHHH | HHHHH | You have no videos|Your videos
/mydata                        | DDDDDDD | HHHHHHSHHHH | HHHHH | Everything I keep, =accounts {me} choices=.*exported
/deleteme                      | DDDDDDD | HHHHHHSHHHH | HHHHH | This deletes your name
/cap {tag}                     | HHHHHHH | RRRDDRSRDDR | RDRDD | This group has, =accounts {chat} member_cap={tag}

/admin                         | RRRDDDR | SSSSSSSHHHS | RADDD | on their way
/stats 1d                      | RRRDDDR | SSSSSSSHHHS | RADDD | 7d, 30d
/providers                     | RRRDDDR | SSSSSSSHHHS | RADDD | Services
/providers on local x{tag}     | RRRRDDR | SSSSSSSRHHS | RARDD | local is on, =audit .*by={me} action=set .*provider.local.*reason=x{tag} , ~overrides .*provider.local
/queue                         | RRRDDDR | SSSSSSSHHHS | RADDD | Lines of waiting
/task {failed}                 | RRRDDDR | SSSSSSSHHHS | RADDD | \[Retry\]
/retry {failed}                | RRRDDDR | SSSSSSSHHHS | RADDD | Order video {failed} anew
/uncertain                     | RRRDDDR | SSSSSSSHHHS | RADDD | is uncertain
/selftest                      | RRRDDDR | SSSSSSSHHHS | RADDD | Telegram answers
/users                         | RRRDDDR | SSSSSSSHHHS | RAHHH | Accounts:
/user {member}                 | RRRDDDR | SSSSSSSHHHS | RAHHH | Standing:
/audit                         | RRRDDDR | SSSSSSSHHHS | RAHHH | :\d\d \w+ \(\d+\)
/allow {new} x{tag}            | RRRRDDR | SSSSSSSRDDS | RARDD | may use, =audit .*by={me} action=allow account={new} , =accounts {new} allowed=1
/ban {new} 3d x{tag}           | RRRRDDR | SSSSSSSRDDS | RARDD | until, =audit .*by={me} action=ban account={new} , =accounts {new} banned=1
/unban {out} x{tag}            | RRRRDDR | SSSSSSSRDDS | RARDD | not kept out, =audit .*by={me} action=unban account={out} , =accounts {out} banned=0
/grant {new} 1 x{tag}          | RRRRDDR | SSSSSSSRDDS | RARDD | 1 credit granted, =ledger .*account={new} .*granted=1 , ~audit .*by={me} action=grant account={new}
/take {rich} 1 x{tag}          | RRRRDDR | SSSSSSSRDDS | RARDD | 1 credit taken, =ledger .*account={rich} .*granted=-1 , ~audit .*by={me} action=take account={rich}
/setquota {new} 5 x{tag}       | RRRRDDR | SSSSSSSRDDS | RARDD | 5 daily, =accounts {new} daily=5, ~audit .*by={me} action=quota account={new}
/block {word}                  | RRRRDDR | SSSSSSSRHHS | RARDD | Blocked:, =blocked_words word={word} , ~audit .*by={me} action=block .*detail={word}
/unblock {old_word}            | RRRRDDR | SSSSSSSRHHS | RARDD | Not blocked, =blocked_words {old_word} gone, ~audit .*by={me} action=unblock .*detail={old_word}
/blocked                       | RRRRDDR | SSSSSSSRHHS | RARDD | Blocked words
/maintenance off x{tag}        | RRRRDDR | SSSSSSSRHHS | RARDD | takes videos, =audit .*by={me} action=maintenance .*reason=x{tag}
/broadcast {word}              | RRRRDDR | SSSSSSSRHHS | RARDD | Nothing is sent yet, =broadcasts .*by={me} chat={here}
/roles {new} support x{tag}    | RRRRRDR | SSSSSSSRRHS | RARRD | Role of, =accounts {new} role=support, ~audit .*by={me} action=role account={new}
/set videos.unfinished 999 x{tag} | RRRRRDR | SSSSSSSRRHS | RARRD | It holds from now on, =audit .*by={me} action=set .*reason=x{tag} , ~overrides .*videos.unfinished
/backup                        | RRRRRDR | SSSSSSSRRHS | RARRH | complete and checked, =audit .*by={me} action=backup
"""

BUTTONS = r"""
# private: str mem oth sup adm own ban
# group:   str mem oth gad ano chn post sup adm own ban (a press comes from the person behind a chat)
# owners:  mem ano sup adm own

again:{video}                  | RDRRRRR | RDRR---RRRR | D-RRR | is on its way, =tasks .*origin=again:{video}:
again:{own}                    | RDDRRDR | DDDD---DDDR | D-DDD | is on its way, =tasks .*origin=again:{own}:
again:{hidden}                 | RRRRRRR | RRRD---RRRR | R-RRD | is on its way, =tasks .*origin=again:{hidden}:.*account={chat}
same:{video}                   | RDRRRRR | RDRR---RRRR | D-RRR | is on its way, =tasks .*origin=same:{video}:
same:{video}:0x0x00000000      | RDRRRRR | RDRR---RRRR | D-RRR | is on its way, =tasks .*origin=same:{video}:
loop:{video}                   | RDRRRRR | RDRR---RRRR | D-RRR | is on its way, =tasks .*origin=loop:{video}:
loop:{video}:00000000          | RDRRRRR | RDRR---RRRR | D-RRR | cannot make it any more
words:{video}                  | RDRRRRR | RDRR---RRRR | D-RRR | Video {video} has these words
words:{video}:no               | RDRRRRR | RDRR---RRRR | D-RRR | nothing is made
words:{video}:0x0x00000000     | RDRRRRR | RDRR---RRRR | D-RRR | Your words are gone
model:{video}                  | RDRRRRR | RDRR---RRRR | D-RRR | Which model|No other model
model:{video}:00000000         | RDRRRRR | RDRR---RRRR | D-RRR | cannot make it any more
back:{video}                   | RDRRRRR | RDRR---RRRR | D-RRR | \[Again\]
continue:{video}               | RDRRRRR | RDRR---RRRR | D-RRR | Send me a photo of its end
file:{video}                   | RDRRRRR | RDRR---RRRR | D-RRR | can still be saved
resend:{video}                 | RDRRRRR | RDRR---RRRR | D-RRR | no longer kept
delete:{video}                 | RDRRRRR | RDRR---RRRR | D-RRR | Delete video {video} for good
delete:{video}:yes             | RDRRRRR | RDRR---RRRR | D-RRR | is being deleted, =tasks {video} facts=.*erased
replay:{video}                 | RDRRRRR | HHHH---HHHH | H-HHH | no longer kept
history:older:999999           | DDDDDDD | HHHH---HHHH | H-HHH | no more|Your videos
history:newer:999999           | DDDDDDD | HHHH---HHHH | H-HHH | no more|Your videos
cancel:{running}               | NDNDDDN | RDRR---DDDR | D-DDD | ideo {running}, =tasks {running} state=cancelled, ~ledger .*task={running} , ~audit .*by={me} action=cancel account={member} detail={running}
cancel:{hidden_running}        | NNNDDDN | RRRD---DDDR | R-DDD | ideo {hidden_running}, =tasks {hidden_running} state=cancelled, ~ledger .*task={hidden_running} , ~audit .*by={me} action=cancel .*detail={hidden_running}
cancel:{running}:anyway        | NDNDDDN | RDRR---DDDR | D-DDD | ideo {running}, =tasks {running} state=cancelled, ~ledger .*task={running} , ~audit .*by={me} action=cancel account={member} detail={running}
cancel:{running}:no            | NDNNNDN | RDRR---NNDR | D-NND | Video {running} goes on
jobs:{me}                      | DDDDDDD | DDDD---DDDD | D-DDD | \[Refresh\]
jobs:{member}:story:{video}    | RDRRRRR | RDRR---RRRR | D-RRR | Video {video}\n
jobs:{member}:stop:{running}   | RDRRRRR | RDRR---RRRR | D-RRR | ideo {running}, =tasks {running} state=cancelled, ~ledger .*task={running}
jobs:{member}:anyway:{running} | RDRRRRR | RDRR---RRRR | D-RRR | ideo {running}, =tasks {running} state=cancelled, ~ledger .*task={running}
jobs:{me}:stop:{running}       | NDNDDDN | RDRR---DDDR | D-DDD | ideo {running}, =tasks {running} state=cancelled, ~ledger .*task={running} , ~audit .*by={me} action=cancel account={member} detail={running}
jobs:{loner}:clear             | RRRRRRR | RRRR---RRRR | R-RRR | cancelled
report:{shared}                | RRRRRRR | DRDD---DDDD | R-DDD | are told, =tasks {shared} facts=.*reports
remove:{reported}              | RRRRDDR | RRRD---RDDR | R-RDD | is being removed, =tasks {reported} facts=.*removed, ~audit .*by={me} action=remove .*video {reported}
keep:{reported}                | RRRRDDR | RRRD---RDDR | R-RDD | Video {reported} stays, =tasks {reported} facts=.*approved
choose:{draft}:1:consent:no    | RDRRRRR | RDRR---RRRR | D-RRR | nothing is made, =drafts {draft} stage=closed
preset:{draft}:1:0             | RDRRRRR | RDRR---RRRR | D-RRR | =drafts {draft} content=
consent:yes:again:{video}      | RDRRRRR | RDRR---RRRR | D-RRR | is on its way, =tasks .*origin=again:{video}:, ~accounts {me} consented=
consent:yes:again:{hidden}     | RRRRRRR | RRRD---RRRR | R-RRD | is on its way, =tasks .*origin=again:{hidden}:.*account={chat}, ~accounts {chat} consented=
consent:yes:same:{video}       | RDRRRRR | RDRR---RRRR | D-RRR | is on its way, =tasks .*origin=same:{video}:, ~accounts {me} consented=
consent:yes:loop:{video}       | RDRRRRR | RDRR---RRRR | D-RRR | is on its way, =tasks .*origin=loop:{video}:, ~accounts {me} consented=
consent:yes:model:{video}:00000000 | RDRRRRR | RDRR---RRRR | D-RRR | cannot make it any more, ~accounts {me} consented=
consent:yes:words:{video}:0x0x00000000 | RDRRRRR | RDRR---RRRR | D-RRR | is on its way, =tasks .*origin=words:{video}:, ~accounts {me} consented=
subject:1:again:{hidden}       | RRRRRRR | RRRD---RRRR | R-RRD | is on its way, =tasks .*origin=again:{hidden}:.*account={chat}
subject:1:same:{video}         | RDRRRRR | RDRR---RRRR | D-RRR | is on its way, =tasks .*origin=same:{video}:
subject:1:words:{video}:0x0x00000000 | RDRRRRR | RDRR---RRRR | D-RRR | is on its way, =tasks .*origin=words:{video}:
consent:no:same:{video}        | RDRRRRR | RDRR---RRRR | D-RRR | nothing is made
effects:all                    | DDDDDDD | DDDD---DDDD | D-DDD | No model here
effect:melt                    | DDDDDDD | DDDD---DDDD | D-DDD | not offered any more
lang:en                        | DDDDDDD | DDDD---DDDD | D-DDD | I speak English now, ~accounts {me} spoken=en
models:all:0                   | DDDDDDD | DDDD---DDDD | D-DDD | local/camera
model:auto                     | DDDDDDD | RRRD---RRRR | R-RRD | Chosen, ~accounts {here} choices=
set:open                       | DDDDDDD | RRRD---RRRR | R-RRD | \[Model
set:resolution:480p            | DDDDDDD | RRRD---RRRR | R-RRD | 480p, ~accounts {here} choices=.*480p
leave:yes                      | DDDDDDD | RRRR---RRRR | R-RRR | is deleted after, =accounts {me} leaving=\d
leave:no                       | DDDDDDD | RRRR---RRRR | R-RRR | Nothing is deleted, =accounts {me} leaving=\s
news:off                       | DDDDDDD | DDDD---DDDD | D-DDD | no more news, ~accounts {me} quiet=1

support:retry:{failed}         | RRRDDDR | RRRR---HHHR | R-DDD | Order video {failed} anew
support:order:{failed}         | RRRDDDR | RRRR---HHHR | R-DDD | is ordered anew, =tasks .*origin=retry:{failed}:, =audit .*by={me} action=retry account={member} detail={failed}
users:1:                       | RRRDDDR | RRRR---HHHR | R-HHH | Accounts:
audit:1:                       | RRRDDDR | RRRR---HHHR | R-HHH | :\d\d \w+ \(\d+\)
user:allow:{new}               | RRRRDDR | RRRR---RHHR | R-RHH | Done, =audit .*by={me} action=allow account={new} , =accounts {new} allowed=1
user:ban:{new}                 | RRRRDDR | RRRR---RHHR | R-RHH | Done, =audit .*by={me} action=ban account={new} , =accounts {new} banned=1
user:unban:{out}               | RRRRDDR | RRRR---RHHR | R-RHH | Done, =audit .*by={me} action=unban account={out} , =accounts {out} banned=0
user:grant:{new}:0             | RRRRDDR | RRRR---RHHR | R-RHH | 50 credits granted, =ledger .*account={new} .*granted=50 , ~audit .*by={me} action=grant account={new}
blocked:1:                     | RRRRDDR | RRRR---RHHR | R-RDD | Blocked words
service:on:local               | RRRRDDR | RRRR---RHHR | R-RDD | local is on, =audit .*by={me} action=set .*provider.local, ~overrides .*provider.local
service:test:local             | RRRRDDR | RRRR---RHHR | R-RDD | Asking local
service:keys:local             | RRRRDDR | RRRR---RHHR | R-RDD | keys brought back, =audit .*by={me} action=revive
broadcast:send:{broadcast}     | RRRRDDR | RRRR---RHHR | R-RDD | Broadcast {broadcast}, =broadcasts {broadcast} state=running, ~broadcasts {broadcast} , ~audit .*by={me} action=broadcast .*detail={broadcast}:
nonsense                       | RRRRRRR | RRRR---RRRR | R-RRR | anything at all
"""

# Who presses, and what: another person's (by the other), what never was, what is over; - for none.
FAKES = r"""
member | again:{video}               | again:99999999             | again:{erased}
member | same:{video}                | same:99999999              | same:{erased}
member | loop:{video}                | loop:99999999              | loop:{erased}
member | words:{video}               | words:99999999             | words:{erased}
member | words:{video}:0x0x00000000  | words:99999999:no          | words:{erased}:0x0x00000000
member | model:{video}               | model:99999999             | model:{erased}
member | model:{video}:00000000      | model:99999999:00000000    | model:{erased}:00000000
member | back:{video}                | back:99999999              | back:{erased}
member | continue:{video}            | continue:99999999          | continue:{erased}
member | file:{video}                | file:99999999              | file:{erased}
member | resend:{video}              | resend:99999999            | resend:{erased}
member | delete:{video}              | delete:99999999            | delete:{erased}
member | delete:{video}:yes          | delete:99999999:yes        | delete:{erased}:yes
member | replay:{video}              | replay:99999999            | replay:{erased}
member | -                           | history:older:999999999999 | history:newer:999999999999
member | cancel:{running}            | cancel:99999999            | cancel:{failed}
member | cancel:{running}:anyway     | cancel:99999999:anyway     | cancel:{failed}:anyway
member | cancel:{running}:no         | cancel:99999999:no         | cancel:{failed}:no
member | jobs:{member}:anyway:{running} | jobs:{me}:anyway:99999999 | jobs:{me}:anyway:{failed}
member | jobs:{member}:stop:{running} | jobs:{me}:stop:99999999   | jobs:{me}:stop:{failed}
member | report:{elsewhere}          | report:99999999            | report:{erased}
owner  | remove:{reported}           | remove:99999999            | remove:{removed}
owner  | keep:{reported}             | keep:99999999              | keep:{removed}
member | choose:{draft}:1:talk:later | choose:99999999:1:talk:later | choose:{closed}:1:talk:later
member | preset:{draft}:1:0          | preset:99999999:1:0        | preset:{closed}:1:0
member | jobs:{loner}:clear          | jobs:99999999:clear        | -
member | -                           | preset:{draft}:1:99        | preset:{draft}:2:0
member | -                           | choose:{draft}:1:nothing:yes | choose:{draft}:2:talk:later
member | -                           | effects:nothing            | -
member | -                           | effect:no-such-effect      | -
member | -                           | lang:xx                    | -
member | -                           | models:nobody:999          | -
member | -                           | model:nobody/nothing       | -
member | -                           | set:nothing:at-all         | set:model:gone/model
member | consent:yes:again:{video}   | consent:yes:again:99999999 | consent:yes:again:{erased}
member | consent:yes:same:{video}    | consent:yes:same:99999999  | consent:yes:same:{erased}
member | consent:yes:loop:{video}    | consent:yes:loop:99999999  | consent:yes:loop:{erased}
member | consent:yes:model:{video}:00000000 | consent:yes:model:99999999:00000000 | consent:yes:model:{erased}:00000000
member | consent:yes:words:{video}:0x0x00000000 | consent:yes:words:99999999:0x0x00000000 | consent:yes:words:{erased}:0x0x00000000
member | subject:1:same:{video}      | subject:1:same:99999999    | subject:1:same:{erased}
member | consent:no:same:{video}     | consent:no:same:99999999   | consent:no:same:{erased}
member | -                           | consent:maybe              | consent:yes
member | -                           | leave:perhaps              | leave:no
loner  | -                           | news:on                    | news:off
owner  | support:retry:{failed}      | support:retry:99999999     | support:retry:{video}
owner  | support:order:{failed}      | support:order:99999999     | support:order:{video}
owner  | users:1:                    | users:9999:nobody          | -
owner  | audit:1:                    | audit:9999:99999999        | -
owner  | blocked:1:                  | blocked:9999:              | -
owner  | user:allow:{new}            | user:crown:{new}           | user:allow:{member}
owner  | user:unban:{out}            | user:unban:99999999        | user:unban:{member}
owner  | user:grant:{member}:0       | user:grant:{member}:x      | user:grant:{rich}:0
owner  | service:off:local           | service:off:nobody         | -
owner  | broadcast:send:{broadcast}  | broadcast:send:99999999    | broadcast:send:{over}
member | -                           | nonsense                   | -
"""


class Row(NamedTuple):
    """What is written or pressed, the codes by place and sender, and the evidence."""

    act: str
    codes: dict[str, dict[str, str]]
    evidence: tuple[str, ...]


def rows(table):
    return [_row(line) for line in _lines(table)]


def _row(line):
    act, *codes, evidence = (part.strip(" ") for part in line.split(" | "))
    named = {
        place: dict(zip(senders, given, strict=True))
        for (place, senders), given in zip(PLACES.items(), codes, strict=True)
    }
    return Row(act, named, tuple(evidence.split(", ")))


def fakes():
    """Who presses what, and in which way it is no good."""
    for line in _lines(FAKES):
        who, *presses = (part.strip() for part in line.split(" | "))
        for why, act in zip(("foreign", "forged", "outdated"), presses, strict=True):
            if act != "-":
                yield why, "other" if why == "foreign" else who, act


def _lines(table):
    return [line for line in table.strip().splitlines() if line and not line.startswith("#")]
