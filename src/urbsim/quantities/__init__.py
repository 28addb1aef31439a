"""The named quantities that policies write and processes read, and what a lever pays for."""
