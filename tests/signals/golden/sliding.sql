-- account totals
SELECT
  m.account AS subject,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.ts_us >= 1779395200000000
  ) AND m.w1 THEN 1 END), 0) AS BIGINT) AS c0
FROM measured AS m
WHERE
  (
    (
      m.ts_us >= 1779395200000000
    ) AND m.w1
  )
GROUP BY
  m.account;

-- account ranks
SELECT
  subject AS subject,
  CAST(COALESCE(MAX(CASE WHEN ranked = (
    high - open
  ) THEN x END), 0) AS BIGINT) AS low,
  CAST(COALESCE(MAX(CASE WHEN ranked = (
    (
      high - open
    ) + 1
  ) THEN x END), 0) AS BIGINT) AS low_next,
  CAST(COALESCE(MAX(CASE WHEN ranked = high THEN x END), 0) AS BIGINT) AS high,
  CAST(COALESCE(MAX(CASE WHEN ranked = (
    high + 1
  ) THEN x END), 0) AS BIGINT) AS high_next
FROM (
  SELECT
    subject AS subject,
    ts_us AS ts_us,
    e0 AS e0,
    v AS v,
    x AS x,
    ranked AS ranked,
    known AS known,
    number AS number,
    GREATEST((
      (
        (
          CAST(number AS INT128) * 19
        ) + 19
      ) // 20
    ) - 1, 0) AS high,
    number - known AS open
  FROM (
    SELECT
      subject AS subject,
      ts_us AS ts_us,
      e0 AS e0,
      v AS v,
      x AS x,
      (
        ROW_NUMBER() OVER (PARTITION BY subject ORDER BY x)
      ) - 1 AS ranked,
      COUNT(x) OVER (PARTITION BY subject) AS known,
      COUNT(*) OVER (PARTITION BY subject) AS number
    FROM (
      SELECT
        subject AS subject,
        ts_us AS ts_us,
        e0 AS e0,
        v AS v,
        CASE WHEN e0 THEN v END AS x
      FROM (
        SELECT
          m.account AS subject,
          m.ts_us AS ts_us,
          m.w1 AS e0,
          m.f0 AS v
        FROM measured AS m
        WHERE
          (
            (
              m.ts_us >= 1779395200000000
            ) AND m.w1
          )
      ) AS p
    ) AS p
  ) AS p
) AS r
GROUP BY
  subject;

-- account sequence 1
SELECT
  subject AS subject,
  CAST(COALESCE(
    SUM(
      CASE
        WHEN COALESCE((
          gone - ts_us
        ) > 3600000000, TRUE)
        AND (
          ts_us <= 1779996400000000
        )
        THEN k0
      END
    ),
    0
  ) AS BIGINT) AS events
FROM (
  SELECT
    subject AS subject,
    ts_us AS ts_us,
    e0 AS e0,
    e1 AS e1,
    k0 AS k0,
    MIN(CASE WHEN e1 THEN ts_us END) OVER (
      PARTITION BY subject
      ORDER BY ts_us
      ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    ) AS gone
  FROM (
    SELECT
      subject AS subject,
      ts_us AS ts_us,
      BOOL_OR(CAST(e0 AS BOOLEAN)) AS e0,
      BOOL_OR(CAST(e1 AS BOOLEAN)) AS e1,
      COUNT(CASE WHEN e0 THEN 1 END) AS k0
    FROM (
      SELECT
        m.account AS subject,
        m.ts_us AS ts_us,
        m.w1 AS e0,
        m.w3 AS e1
      FROM measured AS m
      WHERE
        m.w1 OR m.w3
    ) AS m
    GROUP BY
      subject,
      ts_us
  ) AS p
) AS w
GROUP BY
  subject;

-- account sequence 2
SELECT
  subject AS subject,
  CAST(COALESCE(SUM(CASE WHEN COALESCE((
    ts_us - c1
  ) <= 3600000000, FALSE) THEN k0 END), 0) AS BIGINT) AS events
FROM (
  SELECT
    subject AS subject,
    ts_us AS ts_us,
    e0 AS e0,
    e1 AS e1,
    e2 AS e2,
    k0 AS k0,
    c0 AS c0,
    CASE
      WHEN e2
      AND COALESCE(
        (
          MAX(CASE WHEN e1 THEN ts_us END) OVER (
            PARTITION BY subject
            ORDER BY ts_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
          )
        ) <= (
          MAX(CASE WHEN NOT c0 IS NULL THEN ts_us END) OVER (
            PARTITION BY subject
            ORDER BY ts_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
          )
        ),
        TRUE
      )
      THEN MAX(c0) OVER (
        PARTITION BY subject
        ORDER BY ts_us
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      )
    END AS c1
  FROM (
    SELECT
      subject AS subject,
      ts_us AS ts_us,
      e0 AS e0,
      e1 AS e1,
      e2 AS e2,
      k0 AS k0,
      CASE WHEN e0 THEN ts_us END AS c0
    FROM (
      SELECT
        subject AS subject,
        ts_us AS ts_us,
        BOOL_OR(CAST(e0 AS BOOLEAN)) AS e0,
        BOOL_OR(CAST(e1 AS BOOLEAN)) AS e1,
        BOOL_OR(CAST(e2 AS BOOLEAN)) AS e2,
        COUNT(CASE WHEN e2 THEN 1 END) AS k0
      FROM (
        SELECT
          m.account AS subject,
          m.ts_us AS ts_us,
          m.w1 AS e0,
          m.w3 AS e1,
          m.w2 AS e2
        FROM measured AS m
        WHERE
          m.w1 OR m.w3 OR m.w2
      ) AS m
      GROUP BY
        subject,
        ts_us
    ) AS p
  ) AS p
) AS w
GROUP BY
  subject;

-- account together
SELECT
  subject AS subject,
  CAST(COALESCE(
    SUM(
      CASE
        WHEN COALESCE((
          n0 - ts_us
        ) <= 3600000000, FALSE)
        AND COALESCE((
          n1 - ts_us
        ) <= 3600000000, FALSE)
        AND COALESCE((
          gone - ts_us
        ) > 3600000000, TRUE)
        AND (
          ts_us <= 1779996400000000
        )
        THEN k0
      END
    ),
    0
  ) AS BIGINT) AS events
FROM (
  SELECT
    subject AS subject,
    ts_us AS ts_us,
    e0 AS e0,
    e1 AS e1,
    e2 AS e2,
    k0 AS k0,
    n0 AS n0,
    n1 AS n1,
    MIN(CASE WHEN e2 THEN ts_us END) OVER (
      PARTITION BY subject
      ORDER BY ts_us
      ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    ) AS gone
  FROM (
    SELECT
      subject AS subject,
      ts_us AS ts_us,
      e0 AS e0,
      e1 AS e1,
      e2 AS e2,
      k0 AS k0,
      MIN(CASE WHEN e0 THEN ts_us END) OVER (
        PARTITION BY subject
        ORDER BY ts_us
        ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
      ) AS n0,
      MIN(CASE WHEN e1 THEN ts_us END) OVER (
        PARTITION BY subject
        ORDER BY ts_us
        ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
      ) AS n1
    FROM (
      SELECT
        subject AS subject,
        ts_us AS ts_us,
        BOOL_OR(CAST(e0 AS BOOLEAN)) AS e0,
        BOOL_OR(CAST(e1 AS BOOLEAN)) AS e1,
        BOOL_OR(CAST(e2 AS BOOLEAN)) AS e2,
        COUNT(CASE WHEN e0 OR e1 THEN 1 END) AS k0
      FROM (
        SELECT
          m.account AS subject,
          m.ts_us AS ts_us,
          m.w1 AS e0,
          m.w2 AS e1,
          m.w3 AS e2
        FROM measured AS m
        WHERE
          m.w1 OR m.w2 OR m.w3
      ) AS m
      GROUP BY
        subject,
        ts_us
    ) AS p
  ) AS p
) AS w
GROUP BY
  subject;

-- account windows 1
SELECT
  subject AS subject,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          (
            known >= 20
          )
          AND (
            (
              q0_below <= place
            )
            OR (
              (
                rest > 0
              )
              AND (
                q0_below = (
                  place + 1
                )
              )
              AND CASE
                WHEN (
                  NOT q0_left IS NULL
                ) AND (
                  NOT q0_right IS NULL
                )
                THEN (
                  CAST(LEAST(
                    GREATEST(
                      (
                        (
                          CAST(q0_left AS INT128) - 2500
                        ) * (
                          20 - CAST(rest AS INT128)
                        )
                      ) + (
                        (
                          CAST(q0_right AS INT128) - 2500
                        ) * CAST(rest AS INT128)
                      ),
                      -1
                    ),
                    20
                  ) AS INT128) * 4
                ) > 20
                ELSE FALSE
              END
            )
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS certain,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          (
            known >= 20
          )
          AND (
            (
              q0_below <= place
            )
            OR (
              (
                rest > 0
              )
              AND (
                q0_below = (
                  place + 1
                )
              )
              AND CASE
                WHEN (
                  NOT q0_left IS NULL
                ) AND (
                  NOT q0_right IS NULL
                )
                THEN (
                  CAST(LEAST(
                    GREATEST(
                      (
                        (
                          CAST(q0_left AS INT128) - 2500
                        ) * (
                          20 - CAST(rest AS INT128)
                        )
                      ) + (
                        (
                          CAST(q0_right AS INT128) - 2500
                        ) * CAST(rest AS INT128)
                      ),
                      -1
                    ),
                    20
                  ) AS INT128) * 4
                ) > 20
                ELSE TRUE
              END
            )
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS possible
FROM (
  SELECT
    subject AS subject,
    ts_us AS ts_us,
    v AS v,
    known AS known,
    place AS place,
    rest AS rest,
    COUNT(CASE WHEN (
      v <= 2500
    ) THEN 1 END) OVER (
      PARTITION BY subject
      ORDER BY ts_us
      RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW
    ) AS q0_below,
    MAX(CASE WHEN (
      v <= 2500
    ) THEN v END) OVER (
      PARTITION BY subject
      ORDER BY ts_us
      RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW
    ) AS q0_left,
    MIN(CASE WHEN (
      NOT (
        v <= 2500
      )
    ) THEN v END) OVER (
      PARTITION BY subject
      ORDER BY ts_us
      RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW
    ) AS q0_right
  FROM (
    SELECT
      subject AS subject,
      ts_us AS ts_us,
      v AS v,
      known AS known,
      (
        CAST(known - 1 AS INT128) * 19
      ) // 20 AS place,
      (
        CAST(known - 1 AS INT128) * 19
      ) % 20 AS rest
    FROM (
      SELECT
        subject AS subject,
        ts_us AS ts_us,
        v AS v,
        COUNT(*) OVER (
          PARTITION BY subject
          ORDER BY ts_us
          RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW
        ) AS known
      FROM (
        SELECT
          m.account AS subject,
          m.ts_us AS ts_us,
          m.f0 AS v
        FROM measured AS m
        WHERE
          (
            m.ts_us >= 1779395200000000
          )
      ) AS p
    ) AS p
  ) AS p
) AS w
GROUP BY
  subject;

-- account windows 2
SELECT
  subject AS subject,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      event AND (
        low >= 10
      ) AND (
        low < 100
      )
    ) THEN 1 END),
    0
  ) AS BIGINT) AS certain,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          event AND (
            NOT (
              low < 10
            )
          ) AND (
            NOT (
              low >= 100
            )
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS possible
FROM (
  SELECT
    subject AS subject,
    ts_us AS ts_us,
    e0 AS e0,
    v AS v,
    step AS step,
    event AS event,
    SUM(step) OVER (
      PARTITION BY subject
      ORDER BY ts_us
      RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS low
  FROM (
    SELECT
      subject AS subject,
      ts_us AS ts_us,
      e0 AS e0,
      v AS v,
      0 AS step,
      TRUE AS event
    FROM (
      SELECT
        m.account AS subject,
        m.ts_us AS ts_us,
        (
          NOT m.f1 IS NULL
        ) AS e0,
        m.f1 AS v
      FROM measured AS m
      WHERE
        (
          m.ts_us >= 1779395200000000
        )
    ) AS p
    UNION ALL
    SELECT
      subject AS subject,
      moment AS ts_us,
      NULL AS e0,
      NULL AS v,
      step AS step,
      FALSE AS event
    FROM (
      SELECT
        subject AS subject,
        CASE WHEN step > 0 THEN ts_us ELSE until END AS moment,
        step AS step
      FROM (
        SELECT
          subject AS subject,
          ts_us AS ts_us,
          until AS until,
          UNNEST([1, -1]) AS step
        FROM (
          SELECT
            subject AS subject,
            ts_us AS ts_us,
            LEAST(
              ts_us + 600000001,
              COALESCE(LEAD(ts_us) OVER (PARTITION BY subject, value ORDER BY ts_us), ts_us + 600000001)
            ) AS until
          FROM (
            SELECT DISTINCT
              subject AS subject,
              ts_us AS ts_us,
              v AS value
            FROM (
              SELECT
                m.account AS subject,
                m.ts_us AS ts_us,
                (
                  NOT m.f1 IS NULL
                ) AS e0,
                m.f1 AS v
              FROM measured AS m
              WHERE
                (
                  m.ts_us >= 1779395200000000
                )
            ) AS p
            WHERE
              e0
          ) AS h
        ) AS t
      ) AS b
    ) AS s
  ) AS p
) AS w
GROUP BY
  subject;

-- account windows 3
SELECT
  subject AS subject,
  CAST(COALESCE(
    SUM(
      CASE
        WHEN (
          short >= fewest
        ) AND (
          (
            fewest >= 2
          ) AND (
            fewest <= 2
          )
        )
        THEN k0
      END
    ),
    0
  ) AS BIGINT) AS certain,
  CAST(COALESCE(
    SUM(
      CASE
        WHEN (
          short >= fewest
        )
        AND (
          NOT (
            (
              fewest < 2
            ) OR (
              fewest > 2
            )
          )
        )
        THEN k1
      END
    ),
    0
  ) AS BIGINT) AS possible
FROM (
  SELECT
    subject AS subject,
    ts_us AS ts_us,
    e0 AS e0,
    e1 AS e1,
    k0 AS k0,
    k1 AS k1,
    fewest AS fewest,
    short_1_0 AS short_1_0,
    short_1_1 AS short_1_1,
    short_2_1 AS short_2_1,
    CASE
      WHEN COALESCE(
        (
          ts_us - (
            MAX(GREATEST(short_1_0, short_1_1)) OVER (
              PARTITION BY subject
              ORDER BY ts_us
              ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            )
          )
        ) <= 600000000,
        FALSE
      )
      THEN 1
      ELSE 0
    END + CASE
      WHEN COALESCE(
        (
          ts_us - (
            MAX(short_2_1) OVER (
              PARTITION BY subject
              ORDER BY ts_us
              ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            )
          )
        ) <= 600000000,
        FALSE
      )
      THEN 1
      ELSE 0
    END AS short
  FROM (
    SELECT
      subject AS subject,
      ts_us AS ts_us,
      e0 AS e0,
      e1 AS e1,
      k0 AS k0,
      k1 AS k1,
      fewest AS fewest,
      short_1_0 AS short_1_0,
      short_1_1 AS short_1_1,
      CASE
        WHEN e1
        THEN MAX(short_1_0) OVER (
          PARTITION BY subject
          ORDER BY ts_us
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
      END AS short_2_1
    FROM (
      SELECT
        subject AS subject,
        ts_us AS ts_us,
        e0 AS e0,
        e1 AS e1,
        k0 AS k0,
        k1 AS k1,
        fewest AS fewest,
        CASE WHEN e0 THEN ts_us END AS short_1_0,
        CASE WHEN e1 THEN ts_us END AS short_1_1
      FROM (
        SELECT
          subject AS subject,
          ts_us AS ts_us,
          e0 AS e0,
          e1 AS e1,
          k0 AS k0,
          k1 AS k1,
          CASE
            WHEN COALESCE(
              (
                ts_us - (
                  MAX(CASE WHEN e0 THEN ts_us END) OVER (
                    PARTITION BY subject
                    ORDER BY ts_us
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                  )
                )
              ) <= 600000000,
              FALSE
            )
            THEN 1
            ELSE 0
          END + CASE
            WHEN COALESCE(
              (
                ts_us - (
                  MAX(CASE WHEN e1 THEN ts_us END) OVER (
                    PARTITION BY subject
                    ORDER BY ts_us
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                  )
                )
              ) <= 600000000,
              FALSE
            )
            THEN 1
            ELSE 0
          END AS fewest
        FROM (
          SELECT
            subject AS subject,
            ts_us AS ts_us,
            BOOL_OR(CAST(e0 AS BOOLEAN)) AS e0,
            BOOL_OR(CAST(e1 AS BOOLEAN)) AS e1,
            COUNT(*) AS k0,
            COUNT(*) AS k1
          FROM (
            SELECT
              m.account AS subject,
              m.ts_us AS ts_us,
              m.w1 AS e0,
              m.w3 AS e1
            FROM measured AS m
            WHERE
              (
                (
                  m.ts_us >= 1779395200000000
                ) AND m.w1
              )
              OR (
                (
                  m.ts_us >= 1779395200000000
                ) AND m.w3
              )
          ) AS m
          GROUP BY
            subject,
            ts_us
        ) AS p
      ) AS p
    ) AS p
  ) AS p
) AS w
GROUP BY
  subject;

-- account windows 4
SELECT
  subject AS subject,
  CAST(COALESCE(SUM(CASE WHEN (
    short >= 2
  ) THEN k0 END), 0) AS BIGINT) AS certain,
  CAST(COALESCE(SUM(CASE WHEN (
    NOT (
      short < 2
    )
  ) THEN k1 END), 0) AS BIGINT) AS possible
FROM (
  SELECT
    subject AS subject,
    ts_us AS ts_us,
    e0 AS e0,
    e1 AS e1,
    e2 AS e2,
    k0 AS k0,
    k1 AS k1,
    short_1_0 AS short_1_0,
    short_1_1 AS short_1_1,
    short_1_2 AS short_1_2,
    short_2_1 AS short_2_1,
    short_2_2 AS short_2_2,
    short_3_2 AS short_3_2,
    (
      CASE
        WHEN COALESCE(
          (
            ts_us - (
              MAX(GREATEST(short_1_0, short_1_1, short_1_2)) OVER (
                PARTITION BY subject
                ORDER BY ts_us
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
              )
            )
          ) <= 600000000,
          FALSE
        )
        THEN 1
        ELSE 0
      END + CASE
        WHEN COALESCE(
          (
            ts_us - (
              MAX(GREATEST(short_2_1, short_2_2)) OVER (
                PARTITION BY subject
                ORDER BY ts_us
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
              )
            )
          ) <= 600000000,
          FALSE
        )
        THEN 1
        ELSE 0
      END
    ) + CASE
      WHEN COALESCE(
        (
          ts_us - (
            MAX(short_3_2) OVER (
              PARTITION BY subject
              ORDER BY ts_us
              ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            )
          )
        ) <= 600000000,
        FALSE
      )
      THEN 1
      ELSE 0
    END AS short
  FROM (
    SELECT
      subject AS subject,
      ts_us AS ts_us,
      e0 AS e0,
      e1 AS e1,
      e2 AS e2,
      k0 AS k0,
      k1 AS k1,
      short_1_0 AS short_1_0,
      short_1_1 AS short_1_1,
      short_1_2 AS short_1_2,
      short_2_1 AS short_2_1,
      short_2_2 AS short_2_2,
      CASE
        WHEN e2
        THEN MAX(short_2_1) OVER (
          PARTITION BY subject
          ORDER BY ts_us
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
      END AS short_3_2
    FROM (
      SELECT
        subject AS subject,
        ts_us AS ts_us,
        e0 AS e0,
        e1 AS e1,
        e2 AS e2,
        k0 AS k0,
        k1 AS k1,
        short_1_0 AS short_1_0,
        short_1_1 AS short_1_1,
        short_1_2 AS short_1_2,
        CASE
          WHEN e1
          THEN MAX(short_1_0) OVER (
            PARTITION BY subject
            ORDER BY ts_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
          )
        END AS short_2_1,
        CASE
          WHEN e2
          THEN MAX(GREATEST(short_1_0, short_1_1)) OVER (
            PARTITION BY subject
            ORDER BY ts_us
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
          )
        END AS short_2_2
      FROM (
        SELECT
          subject AS subject,
          ts_us AS ts_us,
          e0 AS e0,
          e1 AS e1,
          e2 AS e2,
          k0 AS k0,
          k1 AS k1,
          CASE WHEN e0 THEN ts_us END AS short_1_0,
          CASE WHEN e1 THEN ts_us END AS short_1_1,
          CASE WHEN e2 THEN ts_us END AS short_1_2
        FROM (
          SELECT
            subject AS subject,
            ts_us AS ts_us,
            BOOL_OR(CAST(e0 AS BOOLEAN)) AS e0,
            BOOL_OR(CAST(e1 AS BOOLEAN)) AS e1,
            BOOL_OR(CAST(e2 AS BOOLEAN)) AS e2,
            COUNT(*) AS k0,
            COUNT(*) AS k1
          FROM (
            SELECT
              m.account AS subject,
              m.ts_us AS ts_us,
              m.w1 AS e0,
              m.w3 AS e1,
              m.w2 AS e2
            FROM measured AS m
            WHERE
              (
                (
                  m.ts_us >= 1779395200000000
                ) AND m.w1
              )
              OR (
                (
                  m.ts_us >= 1779395200000000
                ) AND m.w3
              )
              OR (
                (
                  m.ts_us >= 1779395200000000
                ) AND m.w2
              )
          ) AS m
          GROUP BY
            subject,
            ts_us
        ) AS p
      ) AS p
    ) AS p
  ) AS p
) AS w
GROUP BY
  subject;

-- account windows 5
SELECT
  subject AS subject,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          (
            known >= 1
          )
          AND COALESCE(
            (
              CAST(LEAST(GREATEST(CAST(low AS INT128) - (
                CAST(2500 AS INT128) * known
              ), -1), known) AS INT128) * CAST(4 AS INT128)
            ) > (
              CAST(known AS INT128) * CAST(1 AS INT128)
            ),
            FALSE
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS certain,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          (
            known >= 1
          )
          AND (
            NOT COALESCE(
              (
                CAST(LEAST(GREATEST(CAST(low AS INT128) - (
                  CAST(2500 AS INT128) * known
                ), -1), known) AS INT128) * CAST(4 AS INT128)
              ) <= (
                CAST(known AS INT128) * CAST(1 AS INT128)
              ),
              FALSE
            )
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS possible
FROM (
  SELECT
    subject AS subject,
    ts_us AS ts_us,
    e0 AS e0,
    v AS v,
    known AS known,
    CAST(SUM(CASE WHEN e0 THEN v END) OVER (
      PARTITION BY subject
      ORDER BY ts_us
      RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW
    ) AS INT128) AS low
  FROM (
    SELECT
      subject AS subject,
      ts_us AS ts_us,
      e0 AS e0,
      v AS v,
      COUNT(CASE WHEN e0 THEN 1 END) OVER (
        PARTITION BY subject
        ORDER BY ts_us
        RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW
      ) AS known
    FROM (
      SELECT
        m.account AS subject,
        m.ts_us AS ts_us,
        m.w1 AS e0,
        m.f0 AS v
      FROM measured AS m
      WHERE
        (
          (
            m.ts_us >= 1779395200000000
          ) AND m.w1
        )
    ) AS p
  ) AS p
) AS w
GROUP BY
  subject;

-- account windows 6
SELECT
  subject AS subject,
  CAST(COALESCE(COUNT(CASE WHEN (
    (
      most >= 10
    ) AND (
      most < 100
    )
  ) THEN 1 END), 0) AS BIGINT) AS certain,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          (
            NOT (
              most < 10
            )
          ) AND (
            NOT (
              most >= 100
            )
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS possible
FROM (
  SELECT
    subject AS subject,
    ts_us AS ts_us,
    COUNT(*) OVER (
      PARTITION BY subject
      ORDER BY ts_us
      RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW
    ) AS most
  FROM (
    SELECT
      m.account AS subject,
      m.ts_us AS ts_us
    FROM measured AS m
    WHERE
      (
        (
          m.ts_us >= 1779395200000000
        ) AND m.w1
      )
  ) AS p
) AS w
GROUP BY
  subject;

