"""Every table of the service: importing this module fills `METADATA`."""

from __future__ import annotations

import api.auth.tables
import api.coverage.studies.tables
import api.custody.tables
import api.evidence.tables
import api.handover.tables
import api.jobs.tables
import api.live.replan.tables
import api.live.tables
import api.network.tables
import api.plans.tables
import api.repeats.tables
import api.reports.tables
import api.settlement.tables
import api.shipments.tables
import api.tallies.tables
import api.tracking.tables
import api.webhooks.tables
from api.db.tables import METADATA

__all__ = ["METADATA", "api"]
