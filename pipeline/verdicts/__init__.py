"""Verdicts of persons laid over a report: pure functions, the same input gives the same report.

``open_items``   what a person is asked about in a report
``new_verdict``  what a decision on an item comes to: values, confirmed findings
``given_values`` numbers that a person typed, or took as they are
``remap``        rows and columns that belong elsewhere in the form
``lay_over``     the report as read -> the report in force
``settle_others`` doubtful numbers of a scan that a verdict settles along with its own
"""
