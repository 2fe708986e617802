"""Untrusted text in, safe HTML out. Pure functions: no Flask, no database.

Everything goes Markdown → bleach → nh3: characters.py cleans, markdown.py parses, comments.py and articles.py
make HTML, sanitising.py has the last word, plain.py reads the words back.
"""
