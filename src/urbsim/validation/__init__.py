"""Published evaluations of policies, repeated on simulated people with each study's own comparison."""
