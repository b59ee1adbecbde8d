"""When the try of a delivery began, so that what was only taken up is not taken for a double."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_INSTANT: Final = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Keep when a try began; what is on its way meanwhile counts as begun."""
    op.add_column("delivery", sa.Column("begun_at", _INSTANT, nullable=True))
    op.execute("UPDATE delivery SET begun_at = next_at WHERE state = 'claimed'")
