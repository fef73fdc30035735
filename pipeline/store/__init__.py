"""The store: documents, what was read from them, the queue of those that wait, and the originals themselves.

``open_store`` gives a ``Store``; the functions of the other modules take it as their first argument. A store is opened
once in each process: its connections must not be carried over a fork.

=============== ======================================================================================================
``originals``   ``store.originals.add(stream)``, ``checked_path(sha256)``: the files as they came
``documents``   ``register``, ``document``, ``document_of``, ``documents``, ``load_report``, ``reports_since``
``drops``       ``take`` (with its document), ``open_drops``, ``drops_of``, ``placeable_drops``, ``intend_target``,
                ``close_drop``
``queue``       ``claim``, ``renew``, ``finish``, ``fail``, ``release``, ``expire_leases``, ``break_leases``, ``retry``
``health``      ``health``: the figures of the service
``waivers``     ``add_waiver``, ``withdraw_waiver``, ``waivers_of``
``items``       ``queue_items``, ``queue_reports``, ``queue_counts``, ``hold_item``, ``release_items``
``verdicts``    ``review_state``, ``add_verdict``, ``undo_verdict``, ``verdicts_of``
``people``      accounts, sessions, tokens, failed log-ins
``aliases``     ``add_alias``, ``withdraw_alias``, ``aliases``, ``with_learnt_labels``
``figures``     ``progress``, ``by_day``, ``rules_broken``, ``doubtful_cells``, ``agency_reports``
``audit``       ``audit_log``, ``audit_page``
``records``     the plain objects that all of them take and give
=============== ======================================================================================================
"""
