"""The beginning of the report: a page for who decides, with five sentences, one chart and one table."""
