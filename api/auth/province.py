"""Which province a request is about: its caller's, or the one that is named by somebody who works in all of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from api.auth.roles import Who
from api.errors import NotFoundError, RefusedError

ProvinceQuery = Annotated[
    str | None,
    Query(
        max_length=40,
        pattern=r"^[A-Za-z0-9._-]+$",
        description="Province; needed only by those who work in all of them.",
        examples=["89"],
    ),
]


def province_of(who: Who, wanted: str | None) -> str:
    """
    Name the province of a request.

    Raises
    ------
    NotFoundError
        When it is not theirs: nobody learns that it exists.
    RefusedError
        When somebody of all provinces names none.
    """
    province_id = wanted if wanted is not None else who.scope.province_id
    if province_id is None:
        raise RefusedError("Hãy chọn tỉnh: ?province=…", "Name the province: ?province=…")
    if not who.scope.covers_province(province_id):
        raise NotFoundError("Không có tỉnh này.", "There is no such province.")
    return province_id


def own_province(who: Who) -> str:
    """
    The province that somebody works in.

    Raises
    ------
    NotFoundError
        When they work in all of them: a shipment is one of one province.
    """
    if who.scope.province_id is None:
        raise NotFoundError("Hãy dùng tài khoản của một tỉnh.", "Use an account of one province.")
    return who.scope.province_id
