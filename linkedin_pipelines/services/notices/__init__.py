"""What the member and the operator are told: notices while something is wrong, and the morning mail."""
