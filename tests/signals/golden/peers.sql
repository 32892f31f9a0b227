-- measured_organisations
SELECT
  org_id AS org_id,
  active = 1 AS active,
  CAST((
    ROW_NUMBER() OVER (ORDER BY active DESC, org_id)
  ) - 1 AS INT) AS organisation
FROM (
  SELECT
    org_id AS org_id,
    MAX(active) AS active
  FROM (
    SELECT
      COALESCE(e.org_id, a.org_id) AS org_id,
      1 AS active
    FROM events AS e
    LEFT JOIN accounts AS a
      ON a.account_id = e.account_id
    WHERE
      ts_us BETWEEN 1776112000000000 AND 1780000000000000
    UNION ALL
    SELECT
      org_id AS org_id,
      0 AS active
    FROM accounts
  ) AS r
  WHERE
    NOT org_id IS NULL
  GROUP BY
    org_id
) AS g;

-- measured_accounts
SELECT
  r.account_id AS account_id,
  r.active AS active,
  r.account AS account,
  a.org_id AS org_id,
  a.payment_id AS payment_id,
  a.f0 AS f0,
  COALESCE(a.f0_known, FALSE) AS f0_known,
  a.f1 AS f1,
  a.folded_f1 AS folded_f1,
  o.organisation AS organisation,
  COALESCE(a.settled, FALSE) AS settled
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
    payment_id AS payment_id,
    CASE WHEN (
      COALESCE(supplied, 0) & 1
    ) <> 0 THEN org_id END AS f0,
    (
      COALESCE(supplied, 0) & 1
    ) <> 0 AS f0_known,
    plan AS f1,
    FOLDED(plan) AS folded_f1,
    (
      COALESCE(supplied, 0) & 1
    ) <> 0 AS settled
  FROM (
    SELECT
      account_id AS account_id,
      org_id AS org_id,
      payment_id AS payment_id,
      plan AS plan,
      supplied AS supplied
    FROM accounts
  ) AS p
) AS a
  ON a.account_id = r.account_id
LEFT JOIN measured_organisations AS o
  ON o.org_id = a.org_id;

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
  COALESCE(o.organisation, a.organisation) AS organisation,
  e.settled AS settled
FROM (
  SELECT
    account_id AS account_id,
    ts_us AS ts_us,
    org_id AS org_id,
    (
      COALESCE(supplied, 0) & 1
    ) <> 0 AS settled,
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
      org_id AS org_id,
      prompt AS prompt,
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
LEFT JOIN measured_organisations AS o
  ON o.org_id = e.org_id;

-- account totals
SELECT
  m.account AS subject,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.ts_us >= 1779395200000000
  ) AND m.w0 THEN 1 END), 0) AS BIGINT) AS c0,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779395200000000
    ) AND (
      NOT m.w0
    ) THEN 1 END),
    0
  ) AS BIGINT) AS c1,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779395200000000
    ) AND (
      m.w0 IS NULL
    ) THEN 1 END),
    0
  ) AS BIGINT) AS c2
FROM measured AS m
WHERE
  (
    (
      m.ts_us >= 1779395200000000
    ) AND m.w0
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND (
      NOT m.w0
    )
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND (
      m.w0 IS NULL
    )
  )
GROUP BY
  m.account;

-- organisation totals
SELECT
  m.organisation AS subject,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.ts_us >= 1779395200000000
  ) AND m.w0 THEN 1 END), 0) AS BIGINT) AS c0,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779395200000000
    ) AND (
      NOT m.w0
    ) THEN 1 END),
    0
  ) AS BIGINT) AS c1,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779395200000000
    ) AND (
      m.w0 IS NULL
    ) THEN 1 END),
    0
  ) AS BIGINT) AS c2
FROM measured AS m
WHERE
  (
    NOT m.organisation IS NULL
  )
  AND (
    (
      (
        m.ts_us >= 1779395200000000
      ) AND m.w0
    )
    OR (
      (
        m.ts_us >= 1779395200000000
      ) AND (
        NOT m.w0
      )
    )
    OR (
      (
        m.ts_us >= 1779395200000000
      ) AND (
        m.w0 IS NULL
      )
    )
  )
GROUP BY
  m.organisation;

-- campaign totals
SELECT
  c.campaign AS subject,
  CAST(COALESCE(COUNT(CASE WHEN (
    m.ts_us >= 1779395200000000
  ) AND m.w0 THEN 1 END), 0) AS BIGINT) AS c0,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779395200000000
    ) AND (
      NOT m.w0
    ) THEN 1 END),
    0
  ) AS BIGINT) AS c1,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      m.ts_us >= 1779395200000000
    ) AND (
      m.w0 IS NULL
    ) THEN 1 END),
    0
  ) AS BIGINT) AS c2
FROM measured AS m
JOIN measured_members AS c
  ON c.account = m.account
WHERE
  (
    (
      m.ts_us >= 1779395200000000
    ) AND m.w0
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND (
      NOT m.w0
    )
  )
  OR (
    (
      m.ts_us >= 1779395200000000
    ) AND (
      m.w0 IS NULL
    )
  )
GROUP BY
  c.campaign;

-- account grouping
SELECT
  subject AS subject,
  CAST(COALESCE(DENSE_RANK() OVER (ORDER BY trait0, trait1), 0) AS BIGINT) AS "group"
FROM (
  SELECT
    account AS subject,
    folded_f1 AS trait0,
    CASE WHEN f0_known THEN COALESCE(CAST(f0 AS TEXT), '') END AS trait1
  FROM measured_accounts
  WHERE
    active
) AS g
WHERE
  (
    NOT trait0 IS NULL
  ) AND (
    NOT trait1 IS NULL
  );

-- organisation grouping
SELECT
  subject AS subject,
  CAST(COALESCE(DENSE_RANK() OVER (ORDER BY mixed_trait0, trait0, mixed_trait1, trait1), 0) AS BIGINT) AS "group"
FROM (
  SELECT
    c.organisation AS subject,
    MIN(a.trait0) <> MAX(a.trait0) AS mixed_trait0,
    CASE WHEN MIN(a.trait0) = MAX(a.trait0) THEN MIN(a.trait0) WHEN TRUE THEN '' END AS trait0,
    COUNT(CASE WHEN a.trait0 IS NULL THEN 1 END) AS missing_trait0,
    MIN(a.trait1) <> MAX(a.trait1) AS mixed_trait1,
    CASE WHEN MIN(a.trait1) = MAX(a.trait1) THEN MIN(a.trait1) WHEN TRUE THEN '' END AS trait1,
    COUNT(CASE WHEN a.trait1 IS NULL THEN 1 END) AS missing_trait1
  FROM (
    SELECT DISTINCT
      account AS account,
      organisation AS organisation
    FROM measured
    WHERE
      NOT organisation IS NULL
  ) AS c
  JOIN (
    SELECT
      account AS account,
      folded_f1 AS trait0,
      CASE WHEN f0_known THEN COALESCE(CAST(f0 AS TEXT), '') END AS trait1
    FROM measured_accounts
  ) AS a
    ON a.account = c.account
  GROUP BY
    c.organisation
) AS g
WHERE
  (
    mixed_trait0 OR (
      missing_trait0 = 0
    )
  )
  AND (
    mixed_trait1 OR (
      missing_trait1 = 0
    )
  );

-- campaign grouping
SELECT
  subject AS subject,
  CAST(COALESCE(DENSE_RANK() OVER (ORDER BY mixed_trait0, trait0, mixed_trait1, trait1), 0) AS BIGINT) AS "group"
FROM (
  SELECT
    c.campaign AS subject,
    MIN(a.trait0) <> MAX(a.trait0) AS mixed_trait0,
    CASE WHEN MIN(a.trait0) = MAX(a.trait0) THEN MIN(a.trait0) WHEN TRUE THEN '' END AS trait0,
    COUNT(CASE WHEN a.trait0 IS NULL THEN 1 END) AS missing_trait0,
    MIN(a.trait1) <> MAX(a.trait1) AS mixed_trait1,
    CASE WHEN MIN(a.trait1) = MAX(a.trait1) THEN MIN(a.trait1) WHEN TRUE THEN '' END AS trait1,
    COUNT(CASE WHEN a.trait1 IS NULL THEN 1 END) AS missing_trait1
  FROM measured_members AS c
  JOIN (
    SELECT
      account AS account,
      folded_f1 AS trait0,
      CASE WHEN f0_known THEN COALESCE(CAST(f0 AS TEXT), '') END AS trait1
    FROM measured_accounts
  ) AS a
    ON a.account = c.account
  GROUP BY
    c.campaign
) AS g
WHERE
  (
    mixed_trait0 OR (
      missing_trait0 = 0
    )
  )
  AND (
    mixed_trait1 OR (
      missing_trait1 = 0
    )
  );

-- campaign roster
SELECT
  c.campaign AS subject,
  CAST(COALESCE(c.account, 0) AS BIGINT) AS account
FROM measured_members AS c
JOIN measured_accounts AS a
  ON a.account = c.account
WHERE
  a.active;
