-- One row per date, campaign, check and subject that the campaign is after, with how that stood on the date: the check applies to it, and the subject fits the
-- targets in campaigns.toml by what was known of it then. Values of one field are alternatives, fields must fit together, and without targets everything fits.
-- grain: date, campaign_id, check_id, subject_id
-- kind: daily
-- lookback: 0d
-- owner: platform
-- columns:
--   date                date that it is about
--   campaign_id         its name
--   check_id            check that is to pass
--   subject_type        service or repository
--   subject_id          service, or organization/name of a repository
--   team                team that answers for it; null when nobody is known to
--   severity            critical, high, medium or low
--   status              pass, fail, exempt, unknown or error
--   reason              why, in words
--   evidence            what the check concluded from (JSON text)
--   first_failed_on     since when it fails; null when it does not
--   waiver_id           waiver that makes it exempt; null for another status
--   waiver_expires      last date on which that holds
with results as (
    select *
    from fct_check_results
    where date between getvariable('from') and getvariable('to') and status <> 'not_applicable'
),

campaigns as (
    select * from reference.campaigns
),

campaign_checks as (
    select * from reference.campaign_checks
),

campaign_targets as (
    select * from reference.campaign_targets
),

patterns as (
    select * from int_name_patterns
),

-- What nobody told fits a value of that name, and no other.
describe_subjects as (
    select distinct
        date,
        subject_type,
        subject_id,
        lower(subject_id) as subject,
        lower(coalesce(team, '__none__')) as team,
        lower(coalesce(tier, '__none__')) as tier,
        case when is_pci_scope then 'true' when not is_pci_scope then 'false' else '__none__' end as pci
    from results
),

list_traits as (
    select date, subject_type, subject_id, 'subject' as field, subject as value from describe_subjects
    union all
    select date, subject_type, subject_id, 'team' as field, team as value from describe_subjects
    union all
    select date, subject_type, subject_id, 'tier' as field, tier as value from describe_subjects
    union all
    select date, subject_type, subject_id, 'pci' as field, pci as value from describe_subjects
),

count_fields as (
    select campaign_id, count(distinct field) as n_fields
    from campaign_targets
    group by campaign_id
),

count_fits as (
    select traits.date, traits.subject_type, traits.subject_id, targets.campaign_id, count(distinct targets.field) as n_fields
    from list_traits as traits
    inner join campaign_targets as targets
        on traits.field = targets.field
    inner join patterns
        on cast(targets.value as varchar) = patterns.pattern
        and traits.value like patterns.like_pattern escape '\'
    group by traits.date, traits.subject_type, traits.subject_id, targets.campaign_id
),

fct_campaign_targets as (
    select
        results.date,
        campaigns.campaign_id,
        results.check_id,
        results.subject_type,
        results.subject_id,
        results.team,
        results.severity,
        results.status,
        results.reason,
        results.evidence,
        results.first_failed_on,
        results.waiver_id,
        results.waiver_expires
    from results
    inner join campaign_checks
        on results.check_id = campaign_checks.check_id
    inner join campaigns
        on campaign_checks.campaign_id = campaigns.campaign_id
    left join count_fields
        on campaigns.campaign_id = count_fields.campaign_id
    left join count_fits
        on campaigns.campaign_id = count_fits.campaign_id
        and results.date = count_fits.date
        and results.subject_type = count_fits.subject_type
        and results.subject_id = count_fits.subject_id
    where count_fields.campaign_id is null or count_fits.n_fields = count_fields.n_fields
)

select * from fct_campaign_targets
