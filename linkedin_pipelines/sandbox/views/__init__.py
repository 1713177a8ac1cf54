"""The pages of the sandbox, one surface a module; each module lists its `routes`."""
