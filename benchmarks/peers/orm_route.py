"""The usual way: Litestar with SQLAlchemy's async ORM, a session and a commit for each request."""

import os
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, post
from sqlalchemy import LargeBinary, event
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.peers.record import Chain, rows


class Base(DeclarativeBase):
    """All tables of this peer."""


class AskedFor(Base):
    """A request."""

    __tablename__ = "request"
    id: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    who_asks: Mapped[str]
    place: Mapped[str]
    needs: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[str]
    delete_after: Mapped[str]


class Letter(Base):
    """A letter that waits."""

    __tablename__ = "letter"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    about: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str]
    attempts: Mapped[int]
    created_at: Mapped[str]
    next_attempt_at: Mapped[str]


class Audit(Base):
    """A line of the audit trail."""

    __tablename__ = "audit"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str]


def app() -> Litestar:
    """Return the application; its database is made at start."""
    path = Path(os.environ["BENCH_FOLDER"]) / "orm.sqlite3"
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", connect_args={"timeout": 60})
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    chain = Chain()

    @event.listens_for(engine.sync_engine, "connect")
    def durable(connection: Any, record: Any) -> None:
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=full")

    async def begin() -> None:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)

    @post("/api/signposting-requests")
    async def keep(request: Request[Any, Any, Any]) -> dict[str, str]:
        reference, (request_row, letter, audit) = rows(await request.body())
        async with sessions() as session:
            session.add(
                AskedFor(**dict(zip(AskedFor.__table__.columns.keys(), request_row, strict=True)))
            )
            session.add(Letter(**dict(zip(Letter.__table__.columns.keys(), letter, strict=True))))
            line = chain.linked(audit)
            session.add(Audit(**dict(zip(Audit.__table__.columns.keys(), line, strict=True))))
            await session.commit()
        return {"reference": reference}

    return Litestar([keep], on_startup=[begin], logging_config=None)
