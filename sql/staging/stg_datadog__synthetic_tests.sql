-- One row per synthetic test and snapshot date.
-- grain: public_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date        date of the snapshot
--   public_id            id of the test
--   name                 its name
--   test_type            api, browser, mobile or network
--   subtype              http, ssl, grpc, multi, …
--   status               live or paused
--   locations            where it runs from
--   frequency_seconds    runs every so many seconds; null where something else starts it [seconds]
--   tags                 tags by their key in lower case; several values of a key are joined by commas
--   teams                teams of tag team, in lower case with hyphens; none without the tag
--   services             services of tag service, in lower case; none without the tag
--   env                  tag env, in lower case; null without it
--   tier                 tag tier; null without it
--   monitor_id           the monitor that tells of its failures
--   creator_key          pseudonym of who made it; null when not told
--   created_at           when it was made, UTC; null when not told
--   modified_at          when it was last changed, UTC; null when not told
with synthetic_tests as (
    select * from datadog.synthetic_tests
),

stg_datadog__synthetic_tests as (
    select
        date as snapshot_date,
        public_id,
        name,
        test_type,
        subtype,
        status,
        locations,
        frequency_seconds,
        tags,
        case
            when tags['team'] <> ''
                then list_sort(list_distinct(string_split(replace(replace(lower(trim(tags['team'])), '_', '-'), ' ', '-'), ',')))
            else []
        end as teams,
        case
            when tags['service'] <> ''
                then list_sort(list_distinct(string_split(lower(trim(tags['service'])), ',')))
            else []
        end as services,
        nullif(lower(tags['env']), '') as env,
        nullif(tags['tier'], '') as tier,
        monitor_id,
        creator_key,
        cast(created_at as timestamp) as created_at,
        cast(modified_at as timestamp) as modified_at
    from synthetic_tests
)

select * from stg_datadog__synthetic_tests
