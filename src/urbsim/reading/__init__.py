"""Reading what people write: regular files only, YAML that knows where things stand, mistakes with a suggestion."""
