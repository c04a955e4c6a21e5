"""The only room that knows WordprocessingML: parts, runs, hidden content, writing."""
