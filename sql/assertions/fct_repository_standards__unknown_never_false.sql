-- severity: fail
-- title: repositories said to lack a file though their files were not read to the end
-- remedy: restore the rule in fct_repository_standards: false only after a read to the end, and null else
with standards as (
    select * from fct_repository_standards
),

outcome_statuses as (
    select * from reference.outcome_statuses
)

select standards.*
from standards
left join outcome_statuses
    on standards.files_status = outcome_statuses.status
where coalesce(outcome_statuses.is_complete, false) = false
    and (
        false in (
            standards.has_codeowners, standards.has_pr_template, standards.has_security_policy, standards.has_dependabot_config,
            standards.has_workflow, standards.has_go_mod, standards.has_descriptor
        )
        or standards.descriptor_status = 'none'
    )
