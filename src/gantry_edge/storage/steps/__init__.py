"""The steps of the schema, in order. Append; never edit one that has landed."""

from gantry_edge.storage.steps import (  # noqa: F401
    m001_accounts,
    m002_chat,
    m003_models_and_jobs,
    m004_retrieval,
    m005_documents,
    m006_scope,
)
from gantry_edge.storage.steps.ledger import migrations, run

__all__ = ["migrations", "run"]
