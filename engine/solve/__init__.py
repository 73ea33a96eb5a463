"""From candidates to a plan with bounds: one matrix, read by every solver."""
