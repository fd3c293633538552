-- One row per date, row and column of a watched snapshot that differs from the snapshot before it, with what that means and whom it concerns.
-- What was not read to the end on either day has no row: fct_watched_tables tells. What a change means is told by the first row of
-- reference/watched_changes.csv that fits; what only follows from another change of the same row is left out. A downtime that silences
-- monitors, or does so no longer, is told of each of them.
-- grain: date, source, table_name, key, column_name
-- kind: daily
-- lookback: all
-- owner: platform
-- columns:
--   date             date of the snapshot that differs
--   source           system that changed, such as github
--   table_name       table that tells it, such as branch_protection_rules
--   key              row of the table (JSON object); of a downtime that silences a monitor, or no longer does, with monitor_id
--   column_name      column that changed; empty for a row that came or went
--   change           added, removed or changed
--   kind             what it means, such as protection_weakened or owner_removed; unexplained where no row of reference/watched_changes.csv fits
--   severity         bad, neutral or good
--   subject_type     what it is about: repository, organization, team, service, system, monitor, downtime, slo, synthetic_test, pagerduty_service or
--                    escalation_policy
--   subject_id       which: full name of a repository, service, slug of a team, else its name; its key where it has none
--   name             name of the row itself, such as that of a ruleset; null where it has none
--   team             team that it belongs to that day, or before it went; null when none is named, or several are
--   before           what was there before, people left out; null when nothing was, or the row is new
--   after            what is there now, likewise; null when nothing is, or the row is gone
--   previous_date    date of the snapshot that it was compared with: it changed some time after this one was taken
--   days_between     how long before that was; above 1 where days are missing [days]
with changes as (
    select *
    from stg_almanac__snapshot_changes
    where changed_on between getvariable('from') and getvariable('to')
),

-- Of whatever is looked up, the snapshots that were compared are all that is wanted, however long ago the earlier one was.
list_dates as (
    select changed_on as snapshot_date from changes
    union
    select previous_date from changes
),

watched_changes as (
    select * from reference.watched_changes
),

watched_tables as (
    select * from reference.watched_tables
),

no_owner_names as (
    select * from reference.no_owner_names
),

silences as (
    select * from int_silence_changes where changed_on between getvariable('from') and getvariable('to')
),

subjects as (
    select * from int_watched_subjects where snapshot_date in (select snapshot_date from list_dates)
),

repository_owners as (
    select *
    from fct_repository_owners
    where date in (select snapshot_date from list_dates) and owner_team not in (select name from no_owner_names)
),

rulesets as (
    select * from stg_github__rulesets where snapshot_date in (select snapshot_date from list_dates)
),

read_lists as (
    select
        *,
        source || '.' || table_name as full_table_name,
        case when before like '[%' and json_valid(before) then cast(cast(before as json) as varchar[]) end as list_before,
        case when after like '[%' and json_valid(after) then cast(cast(after as json) as varchar[]) end as list_after
    from changes
),

-- What stands where an owner does; a property that came or went has it in the JSON of its row.
read_owners as (
    select
        *,
        list_transform(
            [before, after],
            lambda said: case when starts_with(said, '{') and json_valid(said) then json_extract_string(said, '$.value') else said end
        ) as owners
    from read_lists
),

-- As the names of teams: a person is none.
read_teams as (
    select
        *,
        list_transform(
            owners,
            lambda owner: case
                when lower(owner) like 'group:%' or owner not like '%:%'
                    then replace(replace(lower(trim(regexp_replace(owner, '^group:(default/)?', '', 'i'))), '_', '-'), ' ', '-')
            end
        ) as teams
    from read_owners
),

judge_owners as (
    select
        changes.*,
        coalesce(changes.teams[1], '') <> '' and none_before.name is null as had_owner,
        coalesce(changes.teams[2], '') <> '' and none_now.name is null as has_owner
    from read_teams as changes
    left join no_owner_names as none_before
        on changes.teams[1] = none_before.name
    left join no_owner_names as none_now
        on changes.teams[2] = none_now.name
),

match_meanings as (
    select
        changes.*,
        silences.monitor_id,
        coalesce(silences.monitor_key, changes.key) as subject_key,
        coalesce(meanings.kind, 'unexplained') as kind,
        coalesce(meanings.severity, 'neutral') as severity,
        meanings.unless_columns,
        row_number() over (
            partition by changes.changed_on, changes.full_table_name, changes.key, changes.column_name, silences.monitor_id
            order by meanings.place nulls last
        ) as meaning_rank
    from judge_owners as changes
    left join silences
        on changes.full_table_name = 'datadog.downtimes'
        and changes.changed_on = silences.changed_on
        and changes.key = silences.key
    left join watched_changes as meanings
        on changes.full_table_name = meanings.table_name
        and changes.change like meanings.change
        and changes.column_name like coalesce(meanings.column_name, '')
        and changes.key like meanings.key
        and coalesce(changes.before, '(null)') like meanings.before
        and coalesce(changes.after, '(null)') like meanings.after
        and case meanings.moves
            when 'falls' then try_cast(changes.after as double) < try_cast(changes.before as double)
            when 'rises' then try_cast(changes.after as double) > try_cast(changes.before as double)
            when 'loses' then not list_has_all(changes.list_after, changes.list_before)
            when 'gains' then not list_has_all(changes.list_before, changes.list_after)
            when 'loses_owner' then changes.had_owner and not changes.has_owner
            when 'gains_owner' then changes.has_owner and not changes.had_owner
            else meanings.moves is null or meanings.moves = silences.move
        end
),

-- Muting a monitor also sets until when, and of a public repository GitHub does not say whether Advanced Security is on: one change, one row.
leave_out_what_follows as (
    select changes.*
    from match_meanings as changes
    left join read_lists as causes
        on changes.changed_on = causes.changed_on
        and changes.full_table_name = causes.full_table_name
        and changes.key = causes.key
        and list_contains(string_split(changes.unless_columns, ' '), causes.column_name)
        and changes.column_name <> causes.column_name
    where changes.meaning_rank = 1
        and changes.kind <> 'nothing'
        and causes.key is null
),

-- A ruleset that comes, goes or is switched off does so for every repository that it is for.
find_ruleset_changes as (
    select distinct changed_on, json_extract_string(key, '$.ruleset_id') as ruleset_id
    from changes
    where source = 'github' and table_name = 'rulesets' and column_name in ('', 'enforcement')
),

-- So does a repository that comes or goes for all that hangs on it.
find_repository_changes as (
    select distinct changed_on, json_extract_string(key, '$.repository_id') as repository_id
    from changes
    where source = 'github' and table_name = 'repositories' and column_name = ''
),

find_organizations as (
    select cast(ruleset_id as varchar) as ruleset_id, max(organization) as organization
    from rulesets
    where full_name is null
    group by ruleset_id
),

name_subjects as (
    select
        changes.*,
        case
            when organizations.ruleset_id is not null then 'organization'
            when changes.monitor_id is not null then 'monitor'
            else coalesce(tables.subject_type, 'row')
        end as subject_type,
        coalesce(organizations.organization, now.subject_id, before.subject_id, changes.name, changes.subject_key) as subject_id,
        coalesce(now.team, before.team, owners_now.owner_team, owners_before.owner_team) as team
    from leave_out_what_follows as changes
    left join watched_tables as tables
        on changes.full_table_name = tables.table_name
    left join find_ruleset_changes as of_ruleset
        on changes.full_table_name = 'github.repository_rulesets'
        and changes.changed_on = of_ruleset.changed_on
        and json_extract_string(changes.key, '$.ruleset_id') = of_ruleset.ruleset_id
    left join find_repository_changes as of_repository
        on changes.source = 'github'
        and changes.table_name <> 'repositories'
        and changes.changed_on = of_repository.changed_on
        and json_extract_string(changes.key, '$.repository_id') = of_repository.repository_id
    left join find_organizations as organizations
        on changes.full_table_name = 'github.rulesets'
        and json_extract_string(changes.key, '$.ruleset_id') = organizations.ruleset_id
    left join subjects as now
        on changes.source = now.source
        and case when changes.monitor_id is null then changes.table_name else 'monitors' end = now.table_name
        and changes.subject_key = now.key
        and changes.changed_on = now.snapshot_date
    left join subjects as before
        on changes.source = before.source
        and case when changes.monitor_id is null then changes.table_name else 'monitors' end = before.table_name
        and changes.subject_key = before.key
        and changes.previous_date = before.snapshot_date
    left join repository_owners as owners_now
        on tables.subject_type = 'repository'
        and lower(changes.name) = lower(owners_now.full_name)
        and changes.changed_on = owners_now.date
    left join repository_owners as owners_before
        on tables.subject_type = 'repository'
        and lower(changes.name) = lower(owners_before.full_name)
        and changes.previous_date = owners_before.date
    where of_ruleset.ruleset_id is null and of_repository.repository_id is null
),

-- Those who may bypass a rule, are called or own something may be people: of them the kind is all that is said.
fct_changes as (
    select
        changed_on as date,
        source,
        table_name,
        case when monitor_id is null then key else rtrim(key, '}') || ',' || ltrim(subject_key, '{') end as key,
        column_name,
        change,
        kind,
        severity,
        subject_type,
        subject_id,
        regexp_replace(name, '[0-9a-f]{32}', 'somebody', 'g') as name,
        team,
        regexp_replace(before, '[0-9a-f]{32}', 'somebody', 'g') as before,
        regexp_replace(after, '[0-9a-f]{32}', 'somebody', 'g') as after,
        previous_date,
        days_between
    from name_subjects
)

select * from fct_changes
