"""The steps of the schema, in order, a file each. Append its name; never edit one that has landed."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils.migrations import Migrations

STEPS = (
    "m001_accounts",
    "m002_chat",
    "m003_models_and_jobs",
    "m004_retrieval",
    "m005_documents",
    "m006_scope",
    "m007_personas",
    "m008_memory",
    "m009_facts",
    "m010_context",
    "m011_recall",
    "m012_one_switch",
    "m013_summaries",
    "m014_answers_again",
    "m015_finding",
    "m016_places",
    "m017_copies",
    "m018_prompts",
    "m019_lists",
    "m020_drafts",
    "m021_changes",
    "m022_people",
    "m023_leaving",
    "m024_images",
    "m025_thinking",
    "m026_endpoints",
    "m027_sharing",
)


def load() -> "Migrations":
    """What they do. Only where one has yet to be done: sqlite_utils takes 0.2 s to load."""
    for step in STEPS:
        import_module(f"{__name__}.{step}")
    from gantry_edge.storage.steps.ledger import migrations

    return migrations
