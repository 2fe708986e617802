"""The front: takes requests from sockets within limits, answers from memory, hands whole requests to the application.

See docs/decisions/0015-a-front-of-our-own.md for the way of a request.
"""
