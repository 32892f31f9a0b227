-- account totals
SELECT
  `m`.`account` AS `subject`,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS `c0`,
  CAST(COALESCE(COUNT(CASE WHEN `m`.`f0_known` AND `m`.`w2` THEN 1 END), 0) AS BIGINT) AS `c1`,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT `m`.`f0_known`
  ) AND `m`.`w2` THEN 1 END), 0) AS BIGINT) AS `c2`,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT `m`.`f0_known`
  ) AND (
    `m`.`w2` IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS `c3`,
  CAST(COALESCE(
    COUNT(CASE WHEN (
      NOT `m`.`f0` IS NULL
    ) AND (
      `m`.`w2` IS NULL
    ) THEN 1 END),
    0
  ) AS BIGINT) AS `c4`,
  CAST(COALESCE(COUNT(CASE WHEN `m`.`f1_known` THEN 1 END), 0) AS BIGINT) AS `c5`,
  CAST(COALESCE(COUNT(CASE WHEN (
    NOT `m`.`f1_known`
  ) THEN 1 END), 0) AS BIGINT) AS `c6`,
  CAST(COALESCE(COUNT(CASE WHEN (
    `m`.`w1` IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS `c7`,
  CAST(COALESCE(COUNT(CASE WHEN (
    `m`.`w2` IS NULL
  ) THEN 1 END), 0) AS BIGINT) AS `c8`,
  CAST(COALESCE(
    CAST(SUM(
      CAST(CASE
        WHEN (
          NOT `m`.`f0` IS NULL
        ) AND (
          `m`.`w2` IS NULL
        )
        THEN SIZE(`m`.`f0`)
      END AS DECIMAL(38, 0))
    ) AS DECIMAL(38, 0)),
    CAST(0 AS DECIMAL(38, 0))
  ) DIV CAST(4611686018427387904 AS DECIMAL(38, 0)) AS BIGINT) AS `c9_high`,
  CAST(COALESCE(
    CAST(SUM(
      CAST(CASE
        WHEN (
          NOT `m`.`f0` IS NULL
        ) AND (
          `m`.`w2` IS NULL
        )
        THEN SIZE(`m`.`f0`)
      END AS DECIMAL(38, 0))
    ) AS DECIMAL(38, 0)),
    CAST(0 AS DECIMAL(38, 0))
  ) % CAST(4611686018427387904 AS DECIMAL(38, 0)) AS BIGINT) AS `c9_low`,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          `m`.`ts_us` >= 1779395200000000
        ) AND (
          `m`.`f3` IS NULL
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS `c10`,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          `m`.`ts_us` >= 1779395200000000
        ) AND (
          NOT `m`.`f3` IS NULL
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS `c11`,
  CAST(COALESCE(
    CAST(SUM(
      CAST(CASE
        WHEN (
          `m`.`ts_us` >= 1779395200000000
        ) AND (
          NOT `m`.`f3` IS NULL
        )
        THEN `m`.`f3`
      END AS DECIMAL(38, 0))
    ) AS DECIMAL(38, 0)),
    CAST(0 AS DECIMAL(38, 0))
  ) DIV CAST(4611686018427387904 AS DECIMAL(38, 0)) AS BIGINT) AS `c12_high`,
  CAST(COALESCE(
    CAST(SUM(
      CAST(CASE
        WHEN (
          `m`.`ts_us` >= 1779395200000000
        ) AND (
          NOT `m`.`f3` IS NULL
        )
        THEN `m`.`f3`
      END AS DECIMAL(38, 0))
    ) AS DECIMAL(38, 0)),
    CAST(0 AS DECIMAL(38, 0))
  ) % CAST(4611686018427387904 AS DECIMAL(38, 0)) AS BIGINT) AS `c12_low`
FROM `measured` AS `m`
GROUP BY
  `m`.`account`;

-- account adoption
SELECT
  `m`.`account` AS `subject`,
  CAST(COALESCE(
    COUNT(CASE WHEN COALESCE(TRUE, FALSE) AND (
      `m`.`f2` = `r`.`model`
    ) THEN 1 END),
    0
  ) AS BIGINT) AS `on`,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN COALESCE(TRUE, FALSE) AND (
          NOT (
            `m`.`f2` = `r`.`model`
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS `off`,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          NOT COALESCE(TRUE, FALSE)
        ) AND (
          `m`.`f2` = `r`.`model`
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS `maybe_on`,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          NOT COALESCE(TRUE, FALSE)
        ) AND (
          NOT (
            `m`.`f2` = `r`.`model`
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS `maybe_off`
FROM `measured` AS `m`
JOIN (
  SELECT
    `model` AS `model`,
    `released_us` AS `released_us`
  FROM `models`
  WHERE
    `released_us` BETWEEN 1776025600000000 AND 1780000000000000
) AS `r`
  ON `m`.`ts_us` BETWEEN `r`.`released_us` AND `r`.`released_us` + 86400000000
GROUP BY
  `m`.`account`,
  `r`.`model`
HAVING
  COUNT(CASE WHEN `m`.`f2` = `r`.`model` THEN 1 END) > 0;

-- account gaps
SELECT
  `subject` AS `subject`,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS `gaps`,
  CAST(COALESCE(SUM(`gap`), 0) AS BIGINT) AS `total`,
  CAST(COALESCE(
    CAST(SUM(CAST(CAST(`gap` AS DECIMAL(38, 0)) * `gap` AS DECIMAL(38, 0))) AS DECIMAL(38, 0)),
    CAST(0 AS DECIMAL(38, 0))
  ) DIV CAST(4611686018427387904 AS DECIMAL(38, 0)) AS BIGINT) AS `squares_high`,
  CAST(COALESCE(
    CAST(SUM(CAST(CAST(`gap` AS DECIMAL(38, 0)) * `gap` AS DECIMAL(38, 0))) AS DECIMAL(38, 0)),
    CAST(0 AS DECIMAL(38, 0))
  ) % CAST(4611686018427387904 AS DECIMAL(38, 0)) AS BIGINT) AS `squares_low`
FROM (
  SELECT
    `m`.`account` AS `subject`,
    (
      `m`.`ts_us` - (
        LAG(`m`.`ts_us`) OVER (PARTITION BY `m`.`account` ORDER BY `m`.`ts_us` NULLS LAST)
      )
    ) DIV 1000 AS `gap`
  FROM `measured` AS `m`
) AS `g`
WHERE
  NOT `gap` IS NULL
GROUP BY
  `subject`;

-- account run
SELECT
  `subject` AS `subject`,
  CAST(COALESCE(MAX(`length`), 0) AS BIGINT) AS `longest`
FROM (
  SELECT
    `subject` AS `subject`,
    COUNT(*) AS `length`
  FROM (
    SELECT
      `subject` AS `subject`,
      CAST(`id` AS DECIMAL(38, 0)) - (
        ROW_NUMBER() OVER (PARTITION BY `subject` ORDER BY `id` NULLS LAST)
      ) AS `run`
    FROM (
      SELECT DISTINCT
        `m`.`account` AS `subject`,
        EXPLODE(`m`.`f1`) AS `id`
      FROM `measured` AS `m`
      WHERE
        (
          NOT `m`.`f1` IS NULL
        )
    ) AS `i`
  ) AS `r`
  GROUP BY
    `subject`,
    `run`
) AS `l`
GROUP BY
  `subject`;

-- account sequence 1
SELECT
  `subject` AS `subject`,
  CAST(COALESCE(
    SUM(
      CASE
        WHEN COALESCE((
          `gone` - `ts_us`
        ) > 3600000000, TRUE)
        AND (
          `ts_us` <= 1779996400000000
        )
        THEN `k0`
      END
    ),
    0
  ) AS BIGINT) AS `events`
FROM (
  SELECT
    `subject` AS `subject`,
    `ts_us` AS `ts_us`,
    `e0` AS `e0`,
    `e1` AS `e1`,
    `k0` AS `k0`,
    MIN(CASE WHEN `e1` THEN `ts_us` END) OVER (
      PARTITION BY `subject`
      ORDER BY `ts_us` DESC
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS `gone`
  FROM (
    SELECT
      `subject` AS `subject`,
      `ts_us` AS `ts_us`,
      BOOL_OR(`e0`) AS `e0`,
      BOOL_OR(`e1`) AS `e1`,
      COUNT(CASE WHEN `e0` THEN 1 END) AS `k0`
    FROM (
      SELECT
        `m`.`account` AS `subject`,
        `m`.`ts_us` AS `ts_us`,
        `m`.`w4` AS `e0`,
        COALESCE(`m`.`w2`, TRUE) AS `e1`
      FROM `measured` AS `m`
      WHERE
        `m`.`w4` OR COALESCE(`m`.`w2`, TRUE)
    ) AS `m`
    GROUP BY
      `subject`,
      `ts_us`
  ) AS `p`
) AS `w`
GROUP BY
  `subject`;

-- account sequence 2
SELECT
  `subject` AS `subject`,
  CAST(COALESCE(
    SUM(
      CASE
        WHEN COALESCE((
          `gone` - `ts_us`
        ) > 3600000000, TRUE)
        AND (
          `ts_us` <= 1779996400000000
        )
        THEN `k0`
      END
    ),
    0
  ) AS BIGINT) AS `events`
FROM (
  SELECT
    `subject` AS `subject`,
    `ts_us` AS `ts_us`,
    `e0` AS `e0`,
    `e1` AS `e1`,
    `k0` AS `k0`,
    MIN(CASE WHEN `e1` THEN `ts_us` END) OVER (
      PARTITION BY `subject`
      ORDER BY `ts_us` DESC
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS `gone`
  FROM (
    SELECT
      `subject` AS `subject`,
      `ts_us` AS `ts_us`,
      BOOL_OR(`e0`) AS `e0`,
      BOOL_OR(`e1`) AS `e1`,
      COUNT(CASE WHEN `e0` THEN 1 END) AS `k0`
    FROM (
      SELECT
        `m`.`account` AS `subject`,
        `m`.`ts_us` AS `ts_us`,
        COALESCE(`m`.`w4`, TRUE) AS `e0`,
        `m`.`w2` AS `e1`
      FROM `measured` AS `m`
      WHERE
        COALESCE(`m`.`w4`, TRUE) OR `m`.`w2`
    ) AS `m`
    GROUP BY
      `subject`,
      `ts_us`
  ) AS `p`
) AS `w`
GROUP BY
  `subject`;

-- account spectrum
SELECT
  `subject` AS `subject`,
  CAST(COALESCE(COUNT(*), 0) AS BIGINT) AS `distinct`,
  CAST(COALESCE(SUM(`n`), 0) AS BIGINT) AS `total`,
  CAST(COALESCE(MAX(`n`), 0) AS BIGINT) AS `top`
FROM (
  SELECT
    `subject` AS `subject`,
    COUNT(*) AS `n`
  FROM (
    SELECT
      `m`.`account` AS `subject`,
      EXPLODE(`m`.`f0`) AS `element`
    FROM `measured` AS `m`
    WHERE
      (
        NOT `m`.`f0` IS NULL
      ) AND `m`.`w2`
  ) AS `e`
  GROUP BY
    `subject`,
    `element`
) AS `v`
GROUP BY
  `subject`;

-- account windows 1
SELECT
  `subject` AS `subject`,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          (
            `known` >= 1
          ) AND (
            COALESCE(`low`, CAST(0 AS DECIMAL(38, 0))) > 1000000
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS `certain`,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          (
            (
              `known` + `open`
            ) >= 1
          )
          AND (
            NOT (
              (
                `lost` = 0
              ) AND (
                COALESCE(`low`, CAST(0 AS DECIMAL(38, 0))) <= 1000000
              )
            )
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS `possible`
FROM (
  SELECT
    `subject` AS `subject`,
    `ts_us` AS `ts_us`,
    `e0` AS `e0`,
    `e1` AS `e1`,
    `v` AS `v`,
    `known` AS `known`,
    `open` AS `open`,
    `low` AS `low`,
    (
      (
        COUNT(CASE WHEN `e0` THEN 1 END) OVER (
          PARTITION BY `subject`
          ORDER BY `ts_us` NULLS LAST
          RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
      ) - COALESCE(
        COUNT(CASE WHEN `e0` THEN 1 END) OVER (
          PARTITION BY `subject`
          ORDER BY `ts_us` NULLS LAST
          RANGE BETWEEN UNBOUNDED PRECEDING AND 3600000001 PRECEDING
        ),
        0
      )
    ) AS `lost`
  FROM (
    SELECT
      `subject` AS `subject`,
      `ts_us` AS `ts_us`,
      `e0` AS `e0`,
      `e1` AS `e1`,
      `v` AS `v`,
      `known` AS `known`,
      `open` AS `open`,
      CAST(CASE
        WHEN (
          (
            COUNT(CAST(CASE WHEN `e1` THEN `v` END AS DECIMAL(38, 0))) OVER (
              PARTITION BY `subject`
              ORDER BY `ts_us` NULLS LAST
              RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            )
          ) - COALESCE(
            COUNT(CAST(CASE WHEN `e1` THEN `v` END AS DECIMAL(38, 0))) OVER (
              PARTITION BY `subject`
              ORDER BY `ts_us` NULLS LAST
              RANGE BETWEEN UNBOUNDED PRECEDING AND 3600000001 PRECEDING
            ),
            0
          )
        ) > 0
        THEN (
          SUM(CAST(CASE WHEN `e1` THEN `v` END AS DECIMAL(38, 0))) OVER (
            PARTITION BY `subject`
            ORDER BY `ts_us` NULLS LAST
            RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
          )
        ) - COALESCE(
          SUM(CAST(CASE WHEN `e1` THEN `v` END AS DECIMAL(38, 0))) OVER (
            PARTITION BY `subject`
            ORDER BY `ts_us` NULLS LAST
            RANGE BETWEEN UNBOUNDED PRECEDING AND 3600000001 PRECEDING
          ),
          0
        )
      END AS DECIMAL(38, 0)) AS `low`
    FROM (
      SELECT
        `subject` AS `subject`,
        `ts_us` AS `ts_us`,
        `e0` AS `e0`,
        `e1` AS `e1`,
        `v` AS `v`,
        `known` AS `known`,
        (
          (
            COUNT(CASE WHEN `e0` THEN 1 END) OVER (
              PARTITION BY `subject`
              ORDER BY `ts_us` NULLS LAST
              RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            )
          ) - COALESCE(
            COUNT(CASE WHEN `e0` THEN 1 END) OVER (
              PARTITION BY `subject`
              ORDER BY `ts_us` NULLS LAST
              RANGE BETWEEN UNBOUNDED PRECEDING AND 3600000001 PRECEDING
            ),
            0
          )
        ) AS `open`
      FROM (
        SELECT
          `subject` AS `subject`,
          `ts_us` AS `ts_us`,
          `e0` AS `e0`,
          `e1` AS `e1`,
          `v` AS `v`,
          (
            (
              COUNT(CASE WHEN `e1` THEN 1 END) OVER (
                PARTITION BY `subject`
                ORDER BY `ts_us` NULLS LAST
                RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
              )
            ) - COALESCE(
              COUNT(CASE WHEN `e1` THEN 1 END) OVER (
                PARTITION BY `subject`
                ORDER BY `ts_us` NULLS LAST
                RANGE BETWEEN UNBOUNDED PRECEDING AND 3600000001 PRECEDING
              ),
              0
            )
          ) AS `known`
        FROM (
          SELECT
            `m`.`account` AS `subject`,
            `m`.`ts_us` AS `ts_us`,
            (
              `m`.`f3` IS NULL
            ) AS `e0`,
            (
              NOT `m`.`f3` IS NULL
            ) AS `e1`,
            `m`.`f3` AS `v`
          FROM `measured` AS `m`
        ) AS `p`
      ) AS `p`
    ) AS `p`
  ) AS `p`
) AS `w`
GROUP BY
  `subject`;

-- account windows 2
SELECT
  `subject` AS `subject`,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          (
            `known` >= 1
          ) AND (
            (
              `q0_below` + `open`
            ) <= `place`
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS `certain`,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          (
            (
              `known` + `open`
            ) >= 1
          ) AND (
            `q0_below` <= `place`
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS `possible`
FROM (
  SELECT
    `subject` AS `subject`,
    `ts_us` AS `ts_us`,
    `e0` AS `e0`,
    `e1` AS `e1`,
    `v` AS `v`,
    `known` AS `known`,
    `open` AS `open`,
    `place` AS `place`,
    `rest` AS `rest`,
    (
      (
        COUNT(CASE WHEN `e1` AND (
          `v` <= 9
        ) THEN 1 END) OVER (
          PARTITION BY `subject`
          ORDER BY `ts_us` NULLS LAST
          RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
      ) - COALESCE(
        COUNT(CASE WHEN `e1` AND (
          `v` <= 9
        ) THEN 1 END) OVER (
          PARTITION BY `subject`
          ORDER BY `ts_us` NULLS LAST
          RANGE BETWEEN UNBOUNDED PRECEDING AND 3600000001 PRECEDING
        ),
        0
      )
    ) AS `q0_below`
  FROM (
    SELECT
      `subject` AS `subject`,
      `ts_us` AS `ts_us`,
      `e0` AS `e0`,
      `e1` AS `e1`,
      `v` AS `v`,
      `known` AS `known`,
      `open` AS `open`,
      GREATEST(
        (
          (
            (
              CAST(`known` + `open` AS DECIMAL(38, 0)) * 19
            ) + 19
          ) DIV 20
        ) - 1,
        0
      ) AS `place`,
      0 AS `rest`
    FROM (
      SELECT
        `subject` AS `subject`,
        `ts_us` AS `ts_us`,
        `e0` AS `e0`,
        `e1` AS `e1`,
        `v` AS `v`,
        `known` AS `known`,
        (
          (
            COUNT(CASE WHEN `e0` THEN 1 END) OVER (
              PARTITION BY `subject`
              ORDER BY `ts_us` NULLS LAST
              RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            )
          ) - COALESCE(
            COUNT(CASE WHEN `e0` THEN 1 END) OVER (
              PARTITION BY `subject`
              ORDER BY `ts_us` NULLS LAST
              RANGE BETWEEN UNBOUNDED PRECEDING AND 3600000001 PRECEDING
            ),
            0
          )
        ) AS `open`
      FROM (
        SELECT
          `subject` AS `subject`,
          `ts_us` AS `ts_us`,
          `e0` AS `e0`,
          `e1` AS `e1`,
          `v` AS `v`,
          (
            (
              COUNT(CASE WHEN `e1` THEN 1 END) OVER (
                PARTITION BY `subject`
                ORDER BY `ts_us` NULLS LAST
                RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
              )
            ) - COALESCE(
              COUNT(CASE WHEN `e1` THEN 1 END) OVER (
                PARTITION BY `subject`
                ORDER BY `ts_us` NULLS LAST
                RANGE BETWEEN UNBOUNDED PRECEDING AND 3600000001 PRECEDING
              ),
              0
            )
          ) AS `known`
        FROM (
          SELECT
            `m`.`account` AS `subject`,
            `m`.`ts_us` AS `ts_us`,
            (
              `m`.`f3` IS NULL
            ) AS `e0`,
            (
              NOT `m`.`f3` IS NULL
            ) AS `e1`,
            `m`.`f3` AS `v`
          FROM `measured` AS `m`
        ) AS `p`
      ) AS `p`
    ) AS `p`
  ) AS `p`
) AS `w`
GROUP BY
  `subject`;

-- account windows 3
SELECT
  `subject` AS `subject`,
  CAST(COALESCE(COUNT(CASE WHEN (
    `event` AND (
      `low` >= 3
    )
  ) AND `e0` THEN 1 END), 0) AS BIGINT) AS `certain`,
  CAST(COALESCE(
    COUNT(
      CASE
        WHEN (
          `event`
          AND (
            NOT (
              (
                `lost` = 0
              ) AND (
                (
                  `low` + COALESCE(`more`, 0)
                ) < 3
              )
            )
          )
        )
        THEN 1
      END
    ),
    0
  ) AS BIGINT) AS `possible`
FROM (
  SELECT
    `subject` AS `subject`,
    `ts_us` AS `ts_us`,
    `e0` AS `e0`,
    `e1` AS `e1`,
    `v` AS `v`,
    `e2` AS `e2`,
    `e3` AS `e3`,
    `step` AS `step`,
    `event` AS `event`,
    `low` AS `low`,
    `more` AS `more`,
    (
      (
        COUNT(CASE WHEN `e3` THEN 1 END) OVER (
          PARTITION BY `subject`
          ORDER BY `ts_us` NULLS LAST
          RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
      ) - COALESCE(
        COUNT(CASE WHEN `e3` THEN 1 END) OVER (
          PARTITION BY `subject`
          ORDER BY `ts_us` NULLS LAST
          RANGE BETWEEN UNBOUNDED PRECEDING AND 3600000001 PRECEDING
        ),
        0
      )
    ) AS `lost`
  FROM (
    SELECT
      `subject` AS `subject`,
      `ts_us` AS `ts_us`,
      `e0` AS `e0`,
      `e1` AS `e1`,
      `v` AS `v`,
      `e2` AS `e2`,
      `e3` AS `e3`,
      `step` AS `step`,
      `event` AS `event`,
      `low` AS `low`,
      CASE
        WHEN (
          (
            COUNT(CASE WHEN `e2` THEN SIZE(`v`) END) OVER (
              PARTITION BY `subject`
              ORDER BY `ts_us` NULLS LAST
              RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            )
          ) - COALESCE(
            COUNT(CASE WHEN `e2` THEN SIZE(`v`) END) OVER (
              PARTITION BY `subject`
              ORDER BY `ts_us` NULLS LAST
              RANGE BETWEEN UNBOUNDED PRECEDING AND 3600000001 PRECEDING
            ),
            0
          )
        ) > 0
        THEN (
          SUM(CASE WHEN `e2` THEN SIZE(`v`) END) OVER (
            PARTITION BY `subject`
            ORDER BY `ts_us` NULLS LAST
            RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
          )
        ) - COALESCE(
          SUM(CASE WHEN `e2` THEN SIZE(`v`) END) OVER (
            PARTITION BY `subject`
            ORDER BY `ts_us` NULLS LAST
            RANGE BETWEEN UNBOUNDED PRECEDING AND 3600000001 PRECEDING
          ),
          0
        )
      END AS `more`
    FROM (
      SELECT
        `subject` AS `subject`,
        `ts_us` AS `ts_us`,
        `e0` AS `e0`,
        `e1` AS `e1`,
        `v` AS `v`,
        `e2` AS `e2`,
        `e3` AS `e3`,
        `step` AS `step`,
        `event` AS `event`,
        SUM(`step`) OVER (
          PARTITION BY `subject`
          ORDER BY `ts_us` NULLS LAST
          RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS `low`
      FROM (
        SELECT
          `subject` AS `subject`,
          `ts_us` AS `ts_us`,
          `e0` AS `e0`,
          `e1` AS `e1`,
          `v` AS `v`,
          `e2` AS `e2`,
          `e3` AS `e3`,
          0 AS `step`,
          TRUE AS `event`
        FROM (
          SELECT
            `m`.`account` AS `subject`,
            `m`.`ts_us` AS `ts_us`,
            `m`.`w3` AS `e0`,
            (
              NOT `m`.`f0` IS NULL
            ) AND `m`.`w3` AS `e1`,
            `m`.`f0` AS `v`,
            (
              NOT `m`.`f0` IS NULL
            ) AND (
              `m`.`w3` IS NULL
            ) AS `e2`,
            (
              NOT `m`.`f0_known`
            ) AND COALESCE(`m`.`w3`, TRUE) AS `e3`
          FROM `measured` AS `m`
          WHERE
            COALESCE(`m`.`w3`, TRUE)
        ) AS `p`
        UNION ALL
        SELECT
          `subject` AS `subject`,
          `moment` AS `ts_us`,
          NULL AS `e0`,
          NULL AS `e1`,
          NULL AS `v`,
          NULL AS `e2`,
          NULL AS `e3`,
          `step` AS `step`,
          FALSE AS `event`
        FROM (
          SELECT
            `subject` AS `subject`,
            CASE WHEN `step` > 0 THEN `ts_us` ELSE `until` END AS `moment`,
            `step` AS `step`
          FROM (
            SELECT
              `subject` AS `subject`,
              `ts_us` AS `ts_us`,
              `until` AS `until`,
              EXPLODE(ARRAY(1, -1)) AS `step`
            FROM (
              SELECT
                `subject` AS `subject`,
                `ts_us` AS `ts_us`,
                LEAST(
                  `ts_us` + 3600000001,
                  COALESCE(
                    LEAD(`ts_us`) OVER (PARTITION BY `subject`, `value` ORDER BY `ts_us` NULLS LAST),
                    `ts_us` + 3600000001
                  )
                ) AS `until`
              FROM (
                SELECT DISTINCT
                  `subject` AS `subject`,
                  `ts_us` AS `ts_us`,
                  EXPLODE(`v`) AS `value`
                FROM (
                  SELECT
                    `m`.`account` AS `subject`,
                    `m`.`ts_us` AS `ts_us`,
                    `m`.`w3` AS `e0`,
                    (
                      NOT `m`.`f0` IS NULL
                    ) AND `m`.`w3` AS `e1`,
                    `m`.`f0` AS `v`,
                    (
                      NOT `m`.`f0` IS NULL
                    ) AND (
                      `m`.`w3` IS NULL
                    ) AS `e2`,
                    (
                      NOT `m`.`f0_known`
                    ) AND COALESCE(`m`.`w3`, TRUE) AS `e3`
                  FROM `measured` AS `m`
                  WHERE
                    COALESCE(`m`.`w3`, TRUE)
                ) AS `p`
                WHERE
                  `e1`
              ) AS `h`
            ) AS `t`
          ) AS `b`
        ) AS `s`
      ) AS `p`
    ) AS `p`
  ) AS `p`
) AS `w`
GROUP BY
  `subject`;
