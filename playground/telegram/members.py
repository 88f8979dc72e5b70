"""The places people and bots have in a chat, as ChatMember objects."""

from playground.telegram.rendering import user_json
from playground.telegram.state import Chat, Json, Member, User

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_send_welcome_messages",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
# A bot made administrator gets what the app ticks by default: everything but adding admins.
NOT_BY_DEFAULT = {"can_promote_members"}
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def absent(user: User) -> Member:
    return Member(user, "left")


def member_json(chat: Chat, member: Member) -> Json:
    body: Json = {"status": member.status, "user": user_json(member.user)}
    match member.status:
        case "creator":
            body["is_anonymous"] = False
        case "administrator":
            body |= {"can_be_edited": False, "is_anonymous": False}
            extra = CHANNEL_RIGHTS if chat.type == "channel" else GROUP_RIGHTS
            body |= {
                name: member.rights.get(name, name not in NOT_BY_DEFAULT)
                for name in ADMIN_RIGHTS + extra
            }
        case "restricted":
            body |= {"is_member": True, "until_date": 0}
            body |= {name: member.rights.get(name, True) for name in PERMISSIONS}
        case "kicked":
            body["until_date"] = 0
        case _:
            pass  # member and left have nothing more to say
    return body


def permissions_json(chat: Chat) -> Json:
    return {name: chat.permissions.get(name, True) for name in PERMISSIONS}
