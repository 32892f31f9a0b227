-- measured_accounts
SELECT
  r.account_id AS account_id,
  r.active AS active,
  r.account AS account,
  a.org_id AS org_id,
  a.payment_id AS payment_id
FROM (
  SELECT
    account_id AS account_id,
    active = 1 AS active,
    CAST((
      ROW_NUMBER() OVER (ORDER BY active DESC, account_id)
    ) - 1 AS INT) AS account
  FROM (
    SELECT
      account_id AS account_id,
      MAX(active) AS active
    FROM (
      SELECT DISTINCT
        account_id AS account_id,
        1 AS active
      FROM events
      WHERE
        ts_us BETWEEN 1776112000000000 AND 1780000000000000
      UNION ALL
      SELECT
        account_id AS account_id,
        0 AS active
      FROM members
    ) AS r
    WHERE
      NOT account_id IS NULL
    GROUP BY
      account_id
  ) AS g
) AS r
LEFT JOIN (
  SELECT
    account_id AS account_id,
    org_id AS org_id,
    payment_id AS payment_id
  FROM (
    SELECT
      account_id AS account_id,
      org_id AS org_id,
      payment_id AS payment_id
    FROM accounts
  ) AS p
) AS a
  ON a.account_id = r.account_id;

-- measured_campaigns
SELECT
  campaign_id AS campaign_id,
  active = 1 AS active,
  CAST((
    ROW_NUMBER() OVER (ORDER BY active DESC, campaign_id)
  ) - 1 AS INT) AS campaign
FROM (
  SELECT
    campaign_id AS campaign_id,
    MAX(active) AS active
  FROM (
    SELECT
      campaign_id AS campaign_id,
      1 AS active
    FROM members
  ) AS r
  WHERE
    NOT campaign_id IS NULL
  GROUP BY
    campaign_id
) AS g;

-- measured_members
SELECT DISTINCT
  c.campaign AS campaign,
  a.account AS account
FROM members AS m
JOIN measured_campaigns AS c
  ON c.campaign_id = m.campaign_id
JOIN measured_accounts AS a
  ON a.account_id = m.account_id;

-- measured
SELECT
  a.account AS account,
  e.ts_us AS ts_us,
  e.f0 AS f0,
  e.f0_known AS f0_known,
  e.f1 AS f1,
  e.f1_known AS f1_known,
  e.f2 AS f2,
  e.f3 AS f3,
  e.f3_known AS f3_known,
  CASE
    WHEN COALESCE(e.t0, FALSE) OR COALESCE(e.t1, FALSE)
    THEN TRUE
    WHEN (
      NOT e.t0 IS NULL
    ) OR (
      NOT e.t1 IS NULL
    )
    THEN FALSE
  END AS w0,
  CASE
    WHEN COALESCE((
      e.ts_us BETWEEN r.released_us AND r.released_us + 86400000000
    ), FALSE)
    THEN TRUE
    WHEN NOT (
      e.ts_us BETWEEN r.released_us AND r.released_us + 86400000000
    ) IS NULL
    THEN FALSE
  END AS w2
FROM (
  SELECT
    account_id AS account_id,
    ts_us AS ts_us,
    model AS model,
    CASE
      WHEN (
        COALESCE(supplied, 0) & 1024
      ) <> 0
      THEN NULLIF(LIST_FILTER(labels, LAMBDA element : NOT element IS NULL), [])
    END AS f0,
    (
      COALESCE(supplied, 0) & 1024
    ) <> 0 AS f0_known,
    CASE
      WHEN (
        COALESCE(supplied, 0) & 128
      ) <> 0
      THEN NULLIF(LIST_FILTER(logit_bias_ids, LAMBDA element : NOT element IS NULL), [])
    END AS f1,
    (
      COALESCE(supplied, 0) & 128
    ) <> 0 AS f1_known,
    model AS f2,
    CASE WHEN NOT prompt_shape IS NULL THEN NULLIF(prompt_shape, '') END AS f3,
    NOT prompt_shape IS NULL AS f3_known,
    REGEXP_MATCHES(folded_prompt, 'step\ by\ step|show\ all\ reasoning') AS t0,
    CASE
      WHEN (
        COALESCE(supplied, 0) & 1024
      ) <> 0
      THEN COALESCE(LIST_HAS_ANY(folded_labels, ['reasoning_elicitation']), FALSE)
    END AS t1
  FROM (
    SELECT
      account_id AS account_id,
      labels AS labels,
      logit_bias_ids AS logit_bias_ids,
      model AS model,
      prompt AS prompt,
      prompt_shape AS prompt_shape,
      supplied AS supplied,
      ts_us AS ts_us,
      LIST_TRANSFORM(labels, LAMBDA element : FOLDED(element)) AS folded_labels,
      FOLDED(prompt) AS folded_prompt
    FROM events
    WHERE
      ts_us BETWEEN 1776112000000000 AND 1780000000000000
  ) AS p
) AS e
JOIN measured_accounts AS a
  ON a.account_id = e.account_id
LEFT JOIN models AS r
  ON r.model = e.model;

-- account totals
SELECT
  m.account AS subject,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.ts_us >= 1779913600000000
  ) THEN 1 END), 0) AS BIGINT) AS c0,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779913600000000
    ) AND m.f1_known AND m.w0 THEN 1 END),
    0
  ) AS BIGINT) AS c1,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          m.ts_us >= 1779913600000000
        ) AND m.f1_known AND (
          m.w0 IS NULL
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS c2,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          m.ts_us >= 1779913600000000
        )
        AND (
          NOT m.f1_known
        )
        AND COALESCE(m.w0, TRUE)
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS c3,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779913600000000
    ) AND (
      NOT m.f3_known
    ) THEN 1 END),
    0
  ) AS BIGINT) AS c4,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.ts_us >= 1779913600000000
  ) AND m.w0 THEN 1 END), 0) AS BIGINT) AS c5,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779913600000000
    ) AND (
      m.w0 IS NULL
    ) THEN 1 END),
    0
  ) AS BIGINT) AS c6,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.ts_us >= 1779395200000000
  ) THEN 1 END), 0) AS BIGINT) AS c7,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779395200000000
    ) AND (
      m.w0 IS NULL
    ) THEN 1 END),
    0
  ) AS BIGINT) AS c8,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.ts_us >= 1779308800000000
  ) THEN 1 END), 0) AS BIGINT) AS c9,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779308800000000
    ) AND (
      NOT m.f3_known
    ) THEN 1 END),
    0
  ) AS BIGINT) AS c10
FROM measured AS m
WHERE
  (
    m.ts_us >= 1779913600000000
  )
  OR (
    (
      m.ts_us >= 1779913600000000
    ) AND m.f1_known AND m.w0
  )
  OR (
    (
      m.ts_us >= 1779913600000000
    ) AND m.f1_known AND (
      m.w0 IS NULL
    )
  )
  OR (
    (
      m.ts_us >= 1779913600000000
    )
    AND (
      NOT m.f1_known
    )
    AND COALESCE(m.w0, TRUE)
  )
  OR (
    (
      m.ts_us >= 1779913600000000
    ) AND (
      NOT m.f3_known
    )
  )
  OR (
    (
      m.ts_us >= 1779913600000000
    ) AND m.w0
  )
  OR (
    (
      m.ts_us >= 1779913600000000
    ) AND (
      m.w0 IS NULL
    )
  )
  OR (
    m.ts_us >= 1779395200000000
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND (
      m.w0 IS NULL
    )
  )
  OR (
    m.ts_us >= 1779308800000000
  )
  OR (
    (
      m.ts_us >= 1779308800000000
    ) AND (
      NOT m.f3_known
    )
  )
GROUP BY
  m.account;

-- campaign totals
SELECT
  c.campaign AS subject,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          m.ts_us >= 1779913600000000
        )
        AND (
          NOT m.f0_known
        )
        AND COALESCE(m.w0, TRUE)
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS c0,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.ts_us >= 1779913600000000
  ) AND m.w0 THEN 1 END), 0) AS BIGINT) AS c1,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          m.ts_us >= 1779395200000000
        ) AND COALESCE(m.w0, TRUE) AND (
          m.w2 IS NULL
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS c2,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          m.ts_us >= 1779308800000000
        )
        AND (
          NOT m.f0_known
        )
        AND COALESCE(m.w0, TRUE)
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS c3,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          m.ts_us >= 1779308800000000
        )
        AND (
          NOT m.f0 IS NULL
        )
        AND (
          m.w0 IS NULL
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS c4,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.ts_us >= 1779308800000000
  ) AND m.w0 THEN 1 END), 0) AS BIGINT) AS c5
FROM measured AS m
JOIN measured_members AS c
  ON c.account = m.account
WHERE
  (
    (
      m.ts_us >= 1779913600000000
    )
    AND (
      NOT m.f0_known
    )
    AND COALESCE(m.w0, TRUE)
  )
  OR (
    (
      m.ts_us >= 1779913600000000
    ) AND m.w0
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND COALESCE(m.w0, TRUE) AND (
      m.w2 IS NULL
    )
  )
  OR (
    (
      m.ts_us >= 1779308800000000
    )
    AND (
      NOT m.f0_known
    )
    AND COALESCE(m.w0, TRUE)
  )
  OR (
    (
      m.ts_us >= 1779308800000000
    )
    AND (
      NOT m.f0 IS NULL
    )
    AND (
      m.w0 IS NULL
    )
  )
  OR (
    (
      m.ts_us >= 1779308800000000
    ) AND m.w0
  )
GROUP BY
  c.campaign;

-- account age
SELECT
  m.account AS subject,
  CAST(COALESCE(
    CASE
      WHEN (
        1779913600000000 - MIN(m.ts_us)
      ) > 0
      THEN (
        1779913600000000 - MIN(m.ts_us)
      ) // 86400000000
      ELSE 0
    END,
    0
  ) AS BIGINT) AS windows
FROM measured AS m
GROUP BY
  m.account;

-- account day
SELECT
  subject AS subject,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS hours,
  CAST(COALESCE(SUM(ABS((
    24 * n
  ) - total)), 0) AS BIGINT) AS uneven
FROM (
  SELECT
    subject AS subject,
    n AS n,
    SUM(n) OVER (PARTITION BY subject) AS total
  FROM (
    SELECT
      m.account AS subject,
      (
        m.ts_us // 3600000000
      ) % 24 AS hour,
      CAST(COUNT(*) AS BIGINT) AS n
    FROM measured AS m
    WHERE
      (
        m.ts_us >= 1779395200000000
      )
    GROUP BY
      m.account,
      (
        m.ts_us // 3600000000
      ) % 24
  ) AS h
) AS d
GROUP BY
  subject;

-- account novelty
SELECT
  subject AS subject,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      now = 1
    ) AND (
      NOT (
        perhaps_before = 1
      )
    ) THEN 1 END),
    0
  ) AS BIGINT) AS fresh,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      perhaps_now = 1
    ) AND (
      NOT (
        before = 1
      )
    ) THEN 1 END),
    0
  ) AS BIGINT) AS perhaps_fresh,
  CAST(COALESCE(COUNT(CASE WHEN (
    now = 1
  ) AND (
    before = 1
  ) THEN 1 END), 0) AS BIGINT) AS kept,
  CAST(COALESCE(COUNT(CASE WHEN (
    perhaps_now = 1
  ) AND (
    perhaps_before = 1
  ) THEN 1 END), 0) AS BIGINT) AS perhaps_kept,
  CAST(COALESCE(COUNT(CASE WHEN now = 1 THEN 1 END), 0) AS BIGINT) AS values
FROM (
  SELECT
    subject AS subject,
    value AS value,
    MAX(now) AS now,
    MAX(perhaps_now) AS perhaps_now,
    MAX(before) AS before,
    MAX(perhaps_before) AS perhaps_before
  FROM (
    SELECT
      m.account AS subject,
      m.f3 AS value,
      CASE
        WHEN (
          m.ts_us >= 1779913600000000
        ) AND (
          NOT m.f3 IS NULL
        )
        THEN 1
        ELSE 0
      END AS now,
      CASE WHEN m.ts_us >= 1779913600000000 THEN 1 ELSE 0 END AS perhaps_now,
      CASE
        WHEN (
          NOT (
            m.ts_us >= 1779913600000000
          )
        ) AND (
          NOT m.f3 IS NULL
        )
        THEN 1
        ELSE 0
      END AS before,
      CASE WHEN NOT (
        m.ts_us >= 1779913600000000
      ) THEN 1 ELSE 0 END AS perhaps_before
    FROM measured AS m
    WHERE
      (
        m.ts_us >= 1779308800000000
      ) AND (
        NOT m.f3 IS NULL
      )
  ) AS v
  GROUP BY
    subject,
    value
) AS f
GROUP BY
  subject;

-- account past
SELECT
  m.account AS subject,
  CAST(COALESCE((
    1779913599999999 - m.ts_us
  ) // 86400000000, 0) AS BIGINT) AS back,
  CAST(COALESCE(COUNT(CASE WHEN m.w0 THEN 1 END), 0) AS BIGINT) AS certain,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS possible
FROM measured AS m
WHERE
  (
    (
      m.ts_us >= 1777494400000000
    ) AND COALESCE(m.w0, TRUE)
  )
  AND (
    m.ts_us < 1779913600000000
  )
GROUP BY
  m.account,
  (
    1779913599999999 - m.ts_us
  ) // 86400000000;

-- account run 1
SELECT
  subject AS subject,
  CAST(COALESCE(MAX(length), 0) AS BIGINT) AS longest
FROM (
  SELECT
    subject AS subject,
    COUNT(*) AS length
  FROM (
    SELECT
      subject AS subject,
      CAST(id AS INT128) - (
        ROW_NUMBER() OVER (PARTITION BY subject ORDER BY id)
      ) AS run
    FROM (
      SELECT DISTINCT
        m.account AS subject,
        UNNEST(m.f1) AS id
      FROM measured AS m
      WHERE
        (
          m.ts_us >= 1779913600000000
        ) AND (
          NOT m.f1 IS NULL
        ) AND m.w0
    ) AS i
  ) AS r
  GROUP BY
    subject,
    run
) AS l
GROUP BY
  subject;

-- account run 2
SELECT
  subject AS subject,
  CAST(COALESCE(MAX(length), 0) AS BIGINT) AS longest
FROM (
  SELECT
    subject AS subject,
    COUNT(*) AS length
  FROM (
    SELECT
      subject AS subject,
      CAST(id AS INT128) - (
        ROW_NUMBER() OVER (PARTITION BY subject ORDER BY id)
      ) AS run
    FROM (
      SELECT DISTINCT
        m.account AS subject,
        UNNEST(m.f1) AS id
      FROM measured AS m
      WHERE
        (
          m.ts_us >= 1779913600000000
        )
        AND (
          NOT m.f1 IS NULL
        )
        AND COALESCE(m.w0, TRUE)
    ) AS i
  ) AS r
  GROUP BY
    subject,
    run
) AS l
GROUP BY
  subject;

-- account week
SELECT
  subject AS subject,
  CAST(COALESCE(SUM(certain), 0) AS BIGINT) AS certain,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS possible
FROM (
  SELECT
    m.account AS subject,
    (
      (
        m.ts_us // 3600000000
      ) + 72
    ) % 168 AS hour,
    MAX(CASE WHEN m.w0 THEN 1 ELSE 0 END) AS certain
  FROM measured AS m
  WHERE
    (
      m.ts_us >= 1779395200000000
    ) AND COALESCE(m.w0, TRUE)
  GROUP BY
    m.account,
    (
      (
        m.ts_us // 3600000000
      ) + 72
    ) % 168
) AS h
GROUP BY
  subject;

-- campaign adoption
SELECT
  c.campaign AS subject,
  CAST(COALESCE(COUNT(CASE WHEN COALESCE(m.w0, FALSE) AND (
    m.f2 = r.model
  ) THEN 1 END), 0) AS BIGINT) AS "on",
  CAST(COALESCE(
    COUNT(
      CASE WHEN COALESCE(m.w0, FALSE) AND (
        NOT (
          m.f2 = r.model
        )
      ) THEN 1 END
    ),
    0
  ) AS BIGINT) AS off,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      NOT COALESCE(m.w0, FALSE)
    ) AND (
      m.f2 = r.model
    ) THEN 1 END),
    0
  ) AS BIGINT) AS maybe_on,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          NOT COALESCE(m.w0, FALSE)
        ) AND (
          NOT (
            m.f2 = r.model
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS maybe_off
FROM measured AS m
JOIN measured_members AS c
  ON c.account = m.account
JOIN (
  SELECT
    model AS model,
    released_us AS released_us
  FROM models
  WHERE
    released_us BETWEEN 1779308800000000 AND 1780000000000000
) AS r
  ON m.ts_us BETWEEN r.released_us AND r.released_us + 86400000000
WHERE
  (
    m.ts_us >= 1779395200000000
  ) AND COALESCE(m.w0, TRUE)
GROUP BY
  c.campaign,
  r.model
HAVING
  COUNT(CASE WHEN m.f2 = r.model THEN 1 END) > 0;

-- campaign novelty
SELECT
  subject AS subject,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      now = 1
    ) AND (
      NOT (
        perhaps_before = 1
      )
    ) THEN 1 END),
    0
  ) AS BIGINT) AS fresh,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      perhaps_now = 1
    ) AND (
      NOT (
        before = 1
      )
    ) THEN 1 END),
    0
  ) AS BIGINT) AS perhaps_fresh,
  CAST(COALESCE(COUNT(CASE WHEN (
    now = 1
  ) AND (
    before = 1
  ) THEN 1 END), 0) AS BIGINT) AS kept,
  CAST(COALESCE(COUNT(CASE WHEN (
    perhaps_now = 1
  ) AND (
    perhaps_before = 1
  ) THEN 1 END), 0) AS BIGINT) AS perhaps_kept,
  CAST(COALESCE(COUNT(CASE WHEN now = 1 THEN 1 END), 0) AS BIGINT) AS values
FROM (
  SELECT
    subject AS subject,
    value AS value,
    MAX(now) AS now,
    MAX(perhaps_now) AS perhaps_now,
    MAX(before) AS before,
    MAX(perhaps_before) AS perhaps_before
  FROM (
    SELECT
      c.campaign AS subject,
      UNNEST(m.f0) AS value,
      CASE
        WHEN (
          m.ts_us >= 1779913600000000
        ) AND (
          (
            NOT m.f0 IS NULL
          ) AND m.w0
        )
        THEN 1
        ELSE 0
      END AS now,
      CASE WHEN m.ts_us >= 1779913600000000 THEN 1 ELSE 0 END AS perhaps_now,
      CASE
        WHEN (
          NOT (
            m.ts_us >= 1779913600000000
          )
        )
        AND (
          (
            NOT m.f0 IS NULL
          ) AND m.w0
        )
        THEN 1
        ELSE 0
      END AS before,
      CASE WHEN NOT (
        m.ts_us >= 1779913600000000
      ) THEN 1 ELSE 0 END AS perhaps_before
    FROM measured AS m
    JOIN measured_members AS c
      ON c.account = m.account
    WHERE
      (
        m.ts_us >= 1779308800000000
      )
      AND (
        NOT m.f0 IS NULL
      )
      AND COALESCE(m.w0, TRUE)
  ) AS v
  GROUP BY
    subject,
    value
) AS f
GROUP BY
  subject;
