"""What must have held after withdrawals."""

from linkedin_pipelines.defs.shared.person_graph import came_to_its_end
from linkedin_pipelines.defs.shared.vocabulary import INVITATION_WITHDRAWALS

cleanup_came_to_its_end = came_to_its_end(INVITATION_WITHDRAWALS, "Every approved withdrawal was tried.")
