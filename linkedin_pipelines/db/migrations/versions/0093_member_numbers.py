"""The number that the site knows a contact by.

Written out in full, names of constraints included: what the models say later does not change what this did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0093_member_numbers"
down_revision = "0092_list_decisions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contacts", sa.Column("member_number", sa.String(length=100), nullable=True))


def downgrade() -> None:
    op.drop_column("contacts", "member_number")
