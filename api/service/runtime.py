"""What a running service holds: settings, database, writer. One object on `app.state`, made and closed in one place."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import Request

from api.auth.callers import Callers
from api.auth.hashing import Hashing
from api.auth.pace import Pace
from api.coverage.studies.job_kinds import STUDY_KINDS
from api.custody.intake import Intake
from api.custody.late_pins import check_late_pins
from api.custody.ledger_key import ledger_key
from api.custody.origin import ledger_origin
from api.custody.pin_arrivals import PinCheck
from api.custody.seal_keys import seal_keys
from api.db.engine import Database
from api.db.migrating import require_migrated
from api.db.writer import Writer
from api.evidence.files import EvidenceFiles
from api.jobs.worker import Timing, Workers
from api.live.pulse import Pulse
from api.live.replan.job_kinds import LIVE_KINDS
from api.live.rounds import PublishedRounds
from api.plans.days import Days
from api.plans.job_kinds import PLAN_KINDS
from api.service.metrics import Metrics
from api.service.settings import ServiceSettings
from api.tallies.follower import Follower
from api.tracking.networks import Networks
from api.webhooks.sender import Sender


class Runtime:
    """
    The parts of a running service.

    Raises
    ------
    RefusedError
        When the database is older or newer than the program: `duongthu migrate` comes first.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        self.settings = settings
        self.database = Database(settings.database)
        require_migrated(self.database)
        self.writer = Writer(self.database)
        self.callers = Callers(self.database)
        self.hashing = Hashing()
        self.pace = Pace(settings.requests_per_minute)
        self.evidence = EvidenceFiles(settings.data_folder / "evidence", settings.evidence_bytes)
        keys = settings.data_folder / "keys"
        self.seal_keys = seal_keys(keys)
        self.pins = PinCheck(keys, self.seal_keys)
        self.intake = Intake(self.writer, ledger_origin(settings.public_url), pins=self.pins)
        self.ledger_key = ledger_key(keys, self.intake.origin)
        self.webhooks = Sender(self.database, self.writer, settings.webhook_hosts)
        self.tallies = Follower(self.database, self.writer)
        self.metrics = Metrics()
        self.metrics.watch("writer_backlog", "Works that wait to be written.", lambda: self.writer.backlog)
        self.days = Days(settings.data_folder)
        self.rounds = PublishedRounds(self.database, settings.data_folder)
        self.networks = Networks(self.database)
        self.pulse = Pulse(self.database)
        self.workers = Workers(
            self.database,
            self.writer,
            {**PLAN_KINDS, **LIVE_KINDS, **STUDY_KINDS},
            number=settings.workers,
            data_folder=str(settings.data_folder),
            cluster=settings.cluster,
            timing=Timing(lease=settings.lease_seconds),
        )

    def start(self) -> None:
        """Check PINs that wait for it; begin to carry out jobs, to tally, and to tell subscribers."""
        self.writer.write_now(lambda connection: check_late_pins(connection, self.pins, datetime.now(UTC)))
        self.workers.start()
        self.tallies.start()
        self.webhooks.start()

    def close(self) -> None:
        """Give jobs back, finish what is being written, then let go of the database."""
        self.workers.close()
        self.tallies.close()
        self.webhooks.close()
        self.hashing.close()
        self.evidence.close()
        self.writer.close()
        self.database.close()


def runtime_of(request: Request) -> Runtime:
    """The service that a request came to."""
    found: Runtime = request.app.state.runtime
    return found
