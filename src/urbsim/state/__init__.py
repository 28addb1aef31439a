"""What a process may read and change in one month: people's counts, places, accounts and services."""
