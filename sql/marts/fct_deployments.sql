-- One row per deployment and service that it counts for, with what it contains, what it undoes, and whether it failed.
-- finished_at is the first success, which never moves; Apache DevLake falls back to the date of the last change, which does. A deployment that never
-- succeeded was never live: it has a row, and counts nowhere. What a deployment contains is told from pull requests (see int_pull_request_deployments):
-- commits that were pushed without one are not seen. Of the first deployment that is known, and after one whose commit landed at an unknown time, it is
-- unknown, so its counts are null. It failed by incident when one is put down to it (see int_incident_attribution), by remediation when a later one undoes
-- or repairs it. A rollback undoes the first deployment after the version that it goes back to, or else the one before it; a revert the one that contains
-- what it reverts; a revert that does not say of what, and a hotfix (reference/remediation_markers.csv), repair the one before them. A rollback, a
-- redeploy or what was overtaken is not the one before: that is the last deployment that was none of them. A revert of a revert undoes nothing. What goes to
-- several environments of a tier is contained in the first, and undoes or repairs in each what that had. What was made for an incident and has none of
-- these marks is not told apart. Teams are those of today.
-- grain: service, repository_id, deployment_id
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   service                           service of dim_services, or __no_service__
--   repository_id                     GitHub's number of the repository
--   deployment_id                     GitHub's number of the deployment
--   organization                      login of the owning organisation
--   full_name                         organization/name of the repository today
--   service_rule                      named (by environment or task), repository (the service lives there) or none
--   n_services                        services that it counts for, each with a row of its own; 0 without one [services]
--   team                              team that is accountable for the service today, or without a service owns the repository; null without one
--   environment                       environment, by the name it has there; null when GitHub does not say
--   environment_tier                  production, staging, preview, development or other, by the name; null without a name
--   state                             state GitHub shows now, such as active or inactive; null when GitHub does not say
--   ref_name                          branch or tag; null where that is gone
--   commit_sha                        commit that is deployed
--   created_at                        when it was made, UTC
--   finished_at                       first success, UTC; null when it did not succeed
--   finished_on                       date of that, UTC
--   first_failed_at                   first failure or error, UTC; null without one
--   is_successful                     it succeeded
--   has_disordered_times              it succeeded or failed before it was made
--   landed_at                         when its commit landed: merged, or else committed, UTC; null when unknown
--   previous_deployment_id            the one that was live in the environment before it; null without one
--   is_first_seen                     no earlier one of service, repository and tier is known; null when it did not succeed
--   is_rollback                       an earlier version takes the place of the one that was live, and was made after it; null without a previous one
--   is_overtaken                      an earlier version takes its place that was made before it, and only took longer; null without a previous one
--   is_redeploy                       the commit that was live is deployed again; null without a previous one
--   n_pull_requests                   pull requests that it is the first of its tier to contain; null when unknown, as the next ones [pull requests]
--   n_commits                         their commits, merge commits left out; null also when those of one of them were not read [commits]
--   first_commit_at                   earliest of these, by when it was committed, UTC
--   lead_hours_max                    earliest author date of its pull requests to finished_at: how long the oldest change took; null also when it would
--                                     run backwards [hours]
--   is_hotfix                         a pull request or the ref carries a mark of reference/remediation_markers.csv: one that it contains, or that another
--                                     environment of the tier had first; null when unknown
--   has_revert                        such a pull request undoes another; null when unknown
--   remediates_deployment_id          deployment that it undoes or repairs, the latest of several; null without one
--   remediation_rule                  rollback, revert, unnumbered_revert or hotfix, which told that; null without one
--   is_unplanned                      a rollback, a hotfix that was not live before, or a revert of what was live; null when unknown
--   n_incidents                       incidents that are put down to it; null when none is and incidents were never read to the end [incidents]
--   attribution_rule                  explicit, same_service or same_team, the best of those; null without one
--   attribution_confidence            how far that is to be trusted; null without one [0 to 1]
--   is_failed_incident                an incident is put down to it; null when none is and incidents were never read to the end
--   is_failed_remediation             a later one undoes or repairs it
--   remediated_by_deployment_id       the first that does; null without one
--   remediated_by_rule                rollback, revert, unnumbered_revert or hotfix, which told that; null without one
--   recovery_rule                     incident or remediation, which tells when it was over: incidents go first; null when it did not fail
--   recovered_at                      when the last of its incidents was resolved, or else when the first that remediates it finished, UTC; null while
--                                     one is open or when not told
--   recovery_hours                    finished_at to recovered_at; null also when it would run backwards [hours]
with deployments as (
    select * from int_service_deployments
),

contents as (
    select * from int_pull_request_deployments
),

pull_requests as (
    select * from stg_github__pull_requests
),

commits as (
    select * from stg_github__pull_request_commits
),

attribution as (
    select * from int_incident_attribution where deployment_id is not null
),

coverage as (
    select * from int_delivery_coverage where table_name = 'pull_requests'
),

remediation_markers as (
    select * from reference.remediation_markers
),

attribution_rules as (
    select * from reference.attribution_rules
),

incident_sources as (
    select * from int_incident_sources
),

judge_reads as (
    select count(case when is_ever_complete then 1 end) > 0 as has_incidents
    from incident_sources
),

count_commits as (
    select
        repository_id,
        number,
        count(case when not coalesce(is_merge, false) then 1 end) as n_commits,
        min(case when not coalesce(is_merge, false) then committed_at end) as first_commit_at
    from commits
    group by repository_id, number
),

list_marks as (
    select pull_requests.repository_id, pull_requests.number, 'label' as field, lower(labelled.label) as value
    from pull_requests
    cross join unnest(pull_requests.labels) as labelled (label)
    union all
    select repository_id, number, 'branch' as field, lower(head_branch) as value
    from pull_requests
    where head_branch is not null
),

find_hotfixes as (
    select distinct marks.repository_id, marks.number
    from list_marks as marks
    inner join remediation_markers as markers
        on marks.field = markers.field
        and marks.value like replace(markers.pattern, '*', '%')
),

find_hotfix_refs as (
    select distinct refs.repository_id, refs.ref_name
    from (select distinct repository_id, ref_name from deployments) as refs
    inner join remediation_markers as markers
        on markers.field = 'branch'
        and lower(refs.ref_name) like replace(markers.pattern, '*', '%')
),

describe_contents as (
    select
        contents.service,
        contents.environment_tier,
        contents.repository_id,
        contents.number,
        contents.deployment_id,
        counts.n_commits,
        counts.first_commit_at,
        pull_requests.commits > 0 and counts.number is null as lacks_commits,
        pull_requests.first_commit_authored_at,
        hotfixes.number is not null as is_hotfix,
        pull_requests.is_revert,
        pull_requests.reverts_number
    from contents
    inner join pull_requests
        on contents.repository_id = pull_requests.repository_id
        and contents.number = pull_requests.number
    left join count_commits as counts
        on contents.repository_id = counts.repository_id
        and contents.number = counts.number
    left join find_hotfixes as hotfixes
        on contents.repository_id = hotfixes.repository_id
        and contents.number = hotfixes.number
),

-- A revert in the same deployment as what it reverts undoes nothing that was live, and one of a revert brings back what that took away.
find_reverts as (
    select
        reverts.service,
        reverts.environment_tier,
        reverts.repository_id,
        reverts.deployment_id,
        reverts.reverts_number,
        reverted.deployment_id as reverted_deployment_id
    from describe_contents as reverts
    left join contents as reverted
        on reverts.service = reverted.service
        and reverts.environment_tier = reverted.environment_tier
        and reverts.repository_id = reverted.repository_id
        and reverts.reverts_number = reverted.number
    left join pull_requests as undone
        on reverts.repository_id = undone.repository_id
        and reverts.reverts_number = undone.number
    where reverts.is_revert
        and not coalesce(undone.is_revert, false)
        and reverted.deployment_id is distinct from reverts.deployment_id
),

-- Where what it reverts is not live in the environment, a revert undoes nothing there; the first of its tier undoes what another environment had.
place_reverts as (
    select
        repairing.service,
        repairing.repository_id,
        repairing.deployment_id,
        repairing.environment_name,
        reverts.reverts_number,
        reverts.reverted_deployment_id,
        repairing.deployment_id = reverts.deployment_id as is_first,
        max(failed.environment_order) as failed_order
    from find_reverts as reverts
    inner join deployments as repairing
        on reverts.service = repairing.service
        and reverts.repository_id = repairing.repository_id
        and reverts.deployment_id = repairing.brought_by_id
    left join deployments as failed
        on repairing.service = failed.service
        and repairing.repository_id = failed.repository_id
        and repairing.environment_name is not distinct from failed.environment_name
        and reverts.reverted_deployment_id = failed.brought_by_id
        and repairing.environment_order > failed.environment_order
    group by
        repairing.service,
        repairing.repository_id,
        repairing.deployment_id,
        repairing.environment_name,
        reverts.reverts_number,
        reverts.reverted_deployment_id,
        repairing.deployment_id = reverts.deployment_id
),

link_reverts as (
    select
        reverts.service,
        reverts.repository_id,
        reverts.deployment_id,
        reverts.reverts_number,
        coalesce(failed.deployment_id, case when reverts.is_first then reverts.reverted_deployment_id end) as failed_deployment_id
    from place_reverts as reverts
    left join deployments as failed
        on reverts.service = failed.service
        and reverts.repository_id = failed.repository_id
        and reverts.environment_name is not distinct from failed.environment_name
        and reverts.failed_order = failed.environment_order
    where reverts.is_first or reverts.reverted_deployment_id is null or failed.deployment_id is not null
),

sum_reverts as (
    select distinct service, repository_id, deployment_id
    from link_reverts
),

sum_contents as (
    select
        service,
        repository_id,
        deployment_id,
        count(*) as n_pull_requests,
        cast(coalesce(sum(n_commits), 0) as bigint) as n_commits,
        max(case when lacks_commits then 1 else 0 end) = 1 as lacks_commits,
        min(first_commit_at) as first_commit_at,
        min(first_commit_authored_at) as first_authored_at,
        max(case when is_hotfix then 1 else 0 end) = 1 as is_hotfix,
        max(case when is_revert then 1 else 0 end) = 1 as has_revert
    from describe_contents
    group by service, repository_id, deployment_id
),

-- Previews contain what is not merged, and a deployment after the pull requests of its repository were last read to the end may contain anything.
judge_contents as (
    select
        deployments.*,
        deployments.is_content_known
        and coalesce(coverage.is_ever_complete and (coverage.is_closed or cast(deployments.finished_at as date) <= coverage.complete_on), false)
        and coalesce(deployments.environment_tier <> 'preview', false) as is_known
    from deployments
    left join coverage
        on lower(deployments.full_name) = coverage.parent
),

-- What another environment of the tier had first brings its marks along: the same hotfix repairs each region that it goes to.
mark_deployments as (
    select
        deployments.*,
        case when deployments.is_known then coalesce(sums.n_pull_requests, 0) end as n_pull_requests,
        case when deployments.is_known and not coalesce(sums.lacks_commits, false) then coalesce(sums.n_commits, 0) end as n_commits,
        case when deployments.is_known and not coalesce(sums.lacks_commits, false) then sums.first_commit_at end as first_commit_at,
        case when deployments.is_known then sums.first_authored_at end as first_authored_at,
        case
            when hotfix_refs.ref_name is not null and deployments.finished_at is not null then true
            when deployments.is_known and origins.is_known then coalesce(marks.is_hotfix, false)
        end as is_hotfix,
        case when deployments.is_known and origins.is_known then coalesce(marks.has_revert, false) end as has_revert,
        case when deployments.is_known and origins.is_known then reverts.deployment_id is not null end as has_live_revert
    from judge_contents as deployments
    left join judge_contents as origins
        on deployments.service = origins.service
        and deployments.repository_id = origins.repository_id
        and deployments.brought_by_id = origins.deployment_id
    left join sum_contents as sums
        on deployments.service = sums.service
        and deployments.repository_id = sums.repository_id
        and deployments.deployment_id = sums.deployment_id
    left join sum_contents as marks
        on deployments.service = marks.service
        and deployments.repository_id = marks.repository_id
        and deployments.brought_by_id = marks.deployment_id
    left join sum_reverts as reverts
        on deployments.service = reverts.service
        and deployments.repository_id = reverts.repository_id
        and deployments.deployment_id = reverts.deployment_id
    left join find_hotfix_refs as hotfix_refs
        on deployments.repository_id = hotfix_refs.repository_id
        and deployments.ref_name = hotfix_refs.ref_name
),

describe_deployments as (
    select *, is_hotfix and not coalesce(is_redeploy or is_overtaken, false) as is_new_hotfix
    from mark_deployments
),

-- Places of the deployments that each one undoes or repairs, in its environment. Where the version that a rollback goes back to was not seen live, or
-- nothing but rollbacks came after it, the one before it is meant.
list_repairs as (
    select
        repairing.service,
        repairing.repository_id,
        repairing.deployment_id,
        'rollback' as rule,
        1 as rule_rank,
        failed.deployment_id as failed_deployment_id
    from describe_deployments as repairing
    left join describe_deployments as target
        on repairing.service = target.service
        and repairing.repository_id = target.repository_id
        and repairing.environment_name is not distinct from target.environment_name
        and repairing.target_order = target.environment_order
    inner join describe_deployments as failed
        on repairing.service = failed.service
        and repairing.repository_id = failed.repository_id
        and repairing.environment_name is not distinct from failed.environment_name
        and failed.environment_order = case
            when target.forward_order_after < repairing.environment_order then target.forward_order_after
            else repairing.forward_order_before
        end
    where repairing.is_rollback
    union all
    select
        repairing.service,
        repairing.repository_id,
        repairing.deployment_id,
        'revert' as rule,
        2 as rule_rank,
        reverts.failed_deployment_id
    from link_reverts as reverts
    inner join describe_deployments as repairing
        on reverts.service = repairing.service
        and reverts.repository_id = repairing.repository_id
        and reverts.deployment_id = repairing.deployment_id
    where reverts.failed_deployment_id is not null
    union all
    select
        repairing.service,
        repairing.repository_id,
        repairing.deployment_id,
        'unnumbered_revert' as rule,
        3 as rule_rank,
        failed.deployment_id as failed_deployment_id
    from (select distinct service, repository_id, deployment_id from link_reverts where reverts_number is null) as reverts
    inner join describe_deployments as repairing
        on reverts.service = repairing.service
        and reverts.repository_id = repairing.repository_id
        and reverts.deployment_id = repairing.deployment_id
    inner join describe_deployments as failed
        on repairing.service = failed.service
        and repairing.repository_id = failed.repository_id
        and repairing.environment_name is not distinct from failed.environment_name
        and repairing.forward_order_before = failed.environment_order
    union all
    select
        repairing.service,
        repairing.repository_id,
        repairing.deployment_id,
        'hotfix' as rule,
        4 as rule_rank,
        failed.deployment_id as failed_deployment_id
    from describe_deployments as repairing
    inner join describe_deployments as failed
        on repairing.service = failed.service
        and repairing.repository_id = failed.repository_id
        and repairing.environment_name is not distinct from failed.environment_name
        and repairing.forward_order_before = failed.environment_order
    where repairing.is_new_hotfix and not coalesce(repairing.is_rollback, false)
),

rank_repairs as (
    select
        repairs.*,
        repairing.finished_at as repaired_at,
        row_number() over (
            partition by repairs.service, repairs.repository_id, repairs.deployment_id
            order by repairs.rule_rank, failed.finished_at desc, repairs.failed_deployment_id desc
        ) as repair_rank,
        row_number() over (
            partition by repairs.service, repairs.repository_id, repairs.failed_deployment_id
            order by repairing.finished_at, repairs.deployment_id, repairs.rule_rank
        ) as repaired_rank
    from list_repairs as repairs
    inner join deployments as repairing
        on repairs.service = repairing.service
        and repairs.repository_id = repairing.repository_id
        and repairs.deployment_id = repairing.deployment_id
    inner join deployments as failed
        on repairs.service = failed.service
        and repairs.repository_id = failed.repository_id
        and repairs.failed_deployment_id = failed.deployment_id
),

sum_incidents as (
    select
        affected.service,
        attribution.repository_id,
        attribution.deployment_id,
        count(*) as n_incidents,
        min(rules.rank) as rule_rank,
        max(attribution.confidence) as confidence,
        case when count(*) = count(attribution.resolved_at) then max(attribution.resolved_at) end as resolved_at
    from attribution
    cross join unnest(attribution.failed_services) as affected (service)
    inner join attribution_rules as rules
        on attribution.rule = rules.rule
    group by affected.service, attribution.repository_id, attribution.deployment_id
),

judge_deployments as (
    select
        deployments.*,
        repairs.failed_deployment_id as remediates_deployment_id,
        repairs.rule as remediation_rule,
        incidents.n_incidents,
        rules.rule as attribution_rule,
        incidents.confidence as attribution_confidence,
        repaired.deployment_id as remediated_by_deployment_id,
        repaired.rule as remediated_by_rule,
        case when incidents.n_incidents > 0 then 'incident' when repaired.deployment_id is not null then 'remediation' end as recovery_rule,
        case when incidents.n_incidents > 0 then incidents.resolved_at else repaired.repaired_at end as recovered_at
    from describe_deployments as deployments
    left join rank_repairs as repairs
        on deployments.service = repairs.service
        and deployments.repository_id = repairs.repository_id
        and deployments.deployment_id = repairs.deployment_id
        and repairs.repair_rank = 1
    left join rank_repairs as repaired
        on deployments.service = repaired.service
        and deployments.repository_id = repaired.repository_id
        and deployments.deployment_id = repaired.failed_deployment_id
        and repaired.repaired_rank = 1
    left join sum_incidents as incidents
        on deployments.service = incidents.service
        and deployments.repository_id = incidents.repository_id
        and deployments.deployment_id = incidents.deployment_id
    left join attribution_rules as rules
        on incidents.rule_rank = rules.rank
),

fct_deployments as (
    select
        deployments.service,
        deployments.repository_id,
        deployments.deployment_id,
        deployments.organization,
        deployments.full_name,
        deployments.service_rule,
        deployments.n_services,
        deployments.team,
        deployments.environment,
        deployments.environment_tier,
        deployments.state,
        deployments.ref_name,
        deployments.commit_sha,
        deployments.created_at,
        deployments.finished_at,
        cast(deployments.finished_at as date) as finished_on,
        deployments.first_failed_at,
        deployments.finished_at is not null as is_successful,
        coalesce(deployments.finished_at < deployments.created_at, false)
            or coalesce(deployments.first_failed_at < deployments.created_at, false) as has_disordered_times,
        deployments.landed_at,
        deployments.previous_deployment_id,
        deployments.is_first_seen,
        deployments.is_rollback,
        deployments.is_overtaken,
        deployments.is_redeploy,
        deployments.n_pull_requests,
        deployments.n_commits,
        deployments.first_commit_at,
        case
            when deployments.finished_at >= deployments.first_authored_at
                then date_diff('second', deployments.first_authored_at, deployments.finished_at) / 3600.0
        end as lead_hours_max,
        deployments.is_hotfix,
        deployments.has_revert,
        deployments.remediates_deployment_id,
        deployments.remediation_rule,
        case
            when deployments.finished_at is not null
                then deployments.is_rollback or deployments.is_new_hotfix or deployments.has_live_revert
        end as is_unplanned,
        case when deployments.n_incidents > 0 or judge_reads.has_incidents then coalesce(deployments.n_incidents, 0) end as n_incidents,
        deployments.attribution_rule,
        deployments.attribution_confidence,
        case when deployments.n_incidents > 0 or judge_reads.has_incidents then deployments.n_incidents is not null end as is_failed_incident,
        deployments.remediated_by_deployment_id is not null as is_failed_remediation,
        deployments.remediated_by_deployment_id,
        deployments.remediated_by_rule,
        deployments.recovery_rule,
        deployments.recovered_at,
        case
            when deployments.recovered_at >= deployments.finished_at
                then date_diff('second', deployments.finished_at, deployments.recovered_at) / 3600.0
        end as recovery_hours
    from judge_deployments as deployments
    cross join judge_reads
)

select * from fct_deployments
