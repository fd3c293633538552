-- One row per team (Group) of the catalog and snapshot date.
-- grain: entity_ref, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date    date of the snapshot
--   entity_ref       group:namespace/name
--   team             its name in lower case with hyphens, its namespace before it unless that is default
--   namespace        its namespace
--   name             its name
--   title            what people call it
--   group_type       team, department, …
--   parent_ref       the group that it is part of
--   parent_team      name of that group, likewise; null without one
--   child_refs       groups that are part of it
--   member_keys      pseudonyms of its members, as far as the descriptor names them
--   github_team      organisation/slug: annotation github.com/team-slug
--   pagerduty_id     annotation pagerduty.com/escalation-policy or pagerduty.com/team-id
--   slack_channel    annotation slack.com/channel, or a link to Slack
--   labels           labels
--   tags             tags
--   file             the file that describes it, from the folder of almanac.toml or the root of the repository
--   line             the line that its document begins on
--   repository       organisation/name of the repository; null for a file beside almanac.toml
with teams as (
    select * from catalog.teams
),

stg_catalog__teams as (
    select
        date as snapshot_date,
        entity_ref,
        replace(replace(lower(trim(regexp_replace(entity_ref, '^group:(default/)?', '', 'i'))), '_', '-'), ' ', '-') as team,
        namespace,
        name,
        title,
        group_type,
        parent_ref,
        replace(replace(lower(trim(regexp_replace(parent_ref, '^group:(default/)?', '', 'i'))), '_', '-'), ' ', '-') as parent_team,
        child_refs,
        member_keys,
        github_team,
        pagerduty_id,
        slack_channel,
        labels,
        tags,
        file,
        line,
        repository
    from teams
)

select * from stg_catalog__teams
