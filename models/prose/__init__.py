"""The words of claims as data: ``claims.yaml``, loaded by ``models.claim_words``."""
