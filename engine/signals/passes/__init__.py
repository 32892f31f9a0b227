"""The shapes of query that count: one module a shape, each from a node to a SELECT of integers.

Every query has the columns `subject`, a dense number, and one BIGINT a part, never NULL. A part
that may exceed 64 bits has two columns, `<part>_high` and `<part>_low`, of which the value is
`high * 2^62 + low`.
"""
