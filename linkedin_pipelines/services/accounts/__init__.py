"""Member accounts as configured and as signed in: settings mirrored, sessions sealed."""
