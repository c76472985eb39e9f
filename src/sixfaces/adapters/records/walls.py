"""All tables there are, and which of them are guarded in which way."""

import sixfaces.adapters.records.archive_tables
import sixfaces.adapters.records.claim_tables
import sixfaces.adapters.records.erasing_tables
import sixfaces.adapters.records.notice_tables
import sixfaces.adapters.records.person_tables
import sixfaces.adapters.records.stray_tables
import sixfaces.adapters.records.watching_tables
import sixfaces.adapters.records.webhook_tables  # noqa: F401 as above
from sixfaces.adapters.records.parts import metadata
from sixfaces.adapters.records.tables import log_entries, log_nodes

__all__ = ["APPEND_ONLY", "OF_TENANTS", "metadata"]

OF_TENANTS = tuple(table for table in metadata.sorted_tables if "tenant" in table.c)
"""Tables that row level security guards."""
APPEND_ONLY = (log_entries, log_nodes)
