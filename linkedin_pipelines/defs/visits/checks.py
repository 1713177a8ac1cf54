"""What must have held after visits."""

from linkedin_pipelines.defs.shared.person_graph import came_to_its_end
from linkedin_pipelines.defs.shared.vocabulary import PROFILE_VISITS

sourcing_came_to_its_end = came_to_its_end(PROFILE_VISITS, "Every planned profile was visited, or told apart.")
