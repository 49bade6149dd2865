"""What is said so often that a tap has to do: kinds of messages with their words in both languages."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from api.plans.schemas import Words


class MessageKind(StrEnum):
    """What a message is about."""

    TEXT = "text"
    """Free words only."""
    OK = "ok"
    CALL_ME = "call_me"
    COME_BACK = "come_back"
    WAIT = "wait"
    LOOK_AT_PLAN = "look_at_plan"
    LATE = "late"
    BREAKDOWN = "breakdown"
    ROAD_CLOSED = "road_closed"
    FULL = "full"
    NEED_HELP = "need_help"
    QUESTION = "question"


WORDS: Final = {
    MessageKind.TEXT: Words(vi="", en=""),
    MessageKind.OK: Words(vi="Đã rõ.", en="Understood."),
    MessageKind.CALL_ME: Words(vi="Hãy gọi cho tôi.", en="Call me."),
    MessageKind.COME_BACK: Words(vi="Hãy quay về bưu cục.", en="Come back to the base."),
    MessageKind.WAIT: Words(vi="Hãy chờ tại chỗ.", en="Wait where you are."),
    MessageKind.LOOK_AT_PLAN: Words(vi="Chuyến phát có thay đổi, hãy xem lại.", en="Your round changed: look at it."),
    MessageKind.LATE: Words(vi="Tôi đang trễ.", en="I am late."),
    MessageKind.BREAKDOWN: Words(vi="Xe hỏng.", en="My vehicle broke down."),
    MessageKind.ROAD_CLOSED: Words(vi="Đường không đi được.", en="The road cannot be passed."),
    MessageKind.FULL: Words(vi="Xe đã đầy, không chở thêm được.", en="My vehicle is full."),
    MessageKind.NEED_HELP: Words(vi="Tôi cần giúp đỡ ngay.", en="I need help now."),
    MessageKind.QUESTION: Words(vi="Tôi có điều cần hỏi.", en="I have a question."),
}

_BOTH = frozenset({MessageKind.TEXT, MessageKind.OK, MessageKind.CALL_ME})
_OF_DISPATCHER = frozenset({MessageKind.COME_BACK, MessageKind.WAIT, MessageKind.LOOK_AT_PLAN})
OF_COURIER: Final = frozenset(MessageKind) - _OF_DISPATCHER
"""What a courier may say."""
OF_DISPATCHER: Final = _OF_DISPATCHER | _BOTH
"""What a dispatcher may say."""
