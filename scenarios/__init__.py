"""What-if: generated worlds, measures of plans, datasets on disk."""
