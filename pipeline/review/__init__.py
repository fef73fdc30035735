"""Review: what a person sees and decides. The core knows no page; ``pages`` draws it, ``api`` speaks HTTP.

``queue_of_items``  what is open, the heaviest first; who works on what
``item_view``       all that one item shows
``decide_item``     decisions, undo, bulk accept
``people``          accounts, log-in, tokens
``column_match``    a column in doubt
``aliases``         row labels learnt from corrections
``page_picture``    pages and crops as pictures
``notice``          findings as a notice for the agency
``dashboard``       figures over all reports
``api``             the same by HTTP; ``api_access`` who asks, ``api_figures`` the figures
"""
