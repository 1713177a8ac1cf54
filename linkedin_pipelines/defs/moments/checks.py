"""What must have held after congratulations."""

from linkedin_pipelines.defs.shared.person_graph import came_to_its_end
from linkedin_pipelines.defs.shared.vocabulary import MOMENT_MESSAGES

moments_came_to_their_end = came_to_its_end(MOMENT_MESSAGES, "Every approved congratulation was tried.")
