"""What people look at: tables and charts, in English or Chinese."""
