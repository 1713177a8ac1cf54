"""One message to one person on pages that a seed has changed: the right delivery or a refusal, never anything else."""
