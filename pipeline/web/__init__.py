"""The review page: a local web server over the same cases, reviews, decisions and releases as the commands."""
