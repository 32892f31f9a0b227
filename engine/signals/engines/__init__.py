"""Who counts: one plan, two engines, equal integers.

Activity is read, cleaned, linked and staged in the workspace, whatever the engine. What a pass
counts over the staged tables is asked of an engine, which answers with columns of integers.
"""
