-- One row per dashboard and snapshot date.
-- grain: dashboard_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date    date of the snapshot
--   dashboard_id     id of the dashboard
--   title            its title
--   url_path         path on the Datadog site
--   layout_type      ordered or free
--   is_read_only     only its author and administrators may change it
--   author_key       pseudonym of who made it; null when not told
--   created_at       when it was made, UTC; null when not told
--   modified_at      when it was last changed, UTC; null when not told
with dashboards as (
    select * from datadog.dashboards
),

stg_datadog__dashboards as (
    select
        date as snapshot_date,
        dashboard_id,
        title,
        url_path,
        layout_type,
        is_read_only,
        author_key,
        cast(created_at as timestamp) as created_at,
        cast(modified_at as timestamp) as modified_at
    from dashboards
)

select * from stg_datadog__dashboards
