"""The pages of ``nianbao review``: what a person sees and presses. What is decided, and why, is in the packages below.

Text of reports, files and people reaches a page only through the templates, which escape it.
"""
